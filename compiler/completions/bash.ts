/**
 * Completions for bash, from version 3.2 on.
 *
 * @module
 */

import type { Entries, OptionEntry, Slot, VerbEntry } from "./tree.ts";

/** Lets bash complete the names of files, and put a slash behind those of folders. */
const FILES: Readonly<Record<NonNullable<Slot["files"]>, string>> = {
  msg: `compgen -d -- "$cur"; compgen -f -X '!*.msg' -- "$cur"`,
  any: 'compgen -f -- "$cur"',
  folders: 'compgen -d -- "$cur"',
};

/** Writes the script. */
export function bashScript({ name, options, verbs }: Entries): string {
  return `# Completions of ${name} for bash: source <(${name} completions bash)
_${name}() {
  local IFS=$'\\n' cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" verb= word
  # Bash cuts --option=value in three.
  if [[ $cur == = ]]; then cur=
  elif [[ $prev == = ]]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $word != -* ]]; then verb=$word; break; fi
  done
  COMPREPLY=()
  case $verb in
    "")
${body(options, { name: "verb", choices: verbs.map((verb) => verb.name) })}
      ;;
${verbs.map(verbCase).join("")}  esac
}
complete -F _${name} ${name}
`;
}

function verbCase({ name, options, slots }: VerbEntry): string {
  const slot = slots.find(({ choices, files }) => choices ?? files);
  return `    ${name})\n${body(options, slot)}\n      ;;\n`;
}

/** Completes an option's value, or an option, or a word. */
function body(options: readonly OptionEntry[], slot: Slot | undefined): string {
  const values = options.flatMap(({ names, value }) =>
    value === undefined ? [] : [`${names.join("|")}) ${fill(value)} ;;`]
  );
  const names = options.flatMap((option) => option.names);
  return [
    "case $prev in",
    ...values.map((value) => `  ${value}`),
    "  *)",
    `    if [[ $cur == -* ]]; then ${fill({ name: "option", choices: names })}`,
    ...(slot === undefined ? [] : [`    else ${fill(slot)}`]),
    "    fi ;;",
    "esac",
  ].map((line) => `      ${line}`).join("\n");
}

function fill({ choices, files }: Slot): string {
  if (choices !== undefined) return `COMPREPLY=($(compgen -W $'${choices.join("\\n")}' -- "$cur"))`;
  if (files === undefined) return ":";
  return `compopt -o filenames 2>/dev/null; COMPREPLY=($(${FILES[files]}))`;
}
