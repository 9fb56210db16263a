/**
 * Completions for zsh.
 *
 * @module
 */

import type { Entries, OptionEntry, Slot, VerbEntry } from "./tree.ts";

const FILES: Readonly<Record<NonNullable<Slot["files"]>, string>> = {
  msg: '_files -g "*.msg"',
  any: "_files",
  folders: "_files -/",
};

/** Writes the script. */
export function zshScript({ name, options, verbs }: Entries): string {
  const described = verbs.map((verb) => quote(`${verb.name}:${verb.summary.replaceAll(":", "\\:")}`));
  return `#compdef ${name}
# Completions of ${name} for zsh: source <(${name} completions zsh)
_${name}() {
  local curcontext="$curcontext" state line
  typeset -A opt_args
  local -a verbs
  verbs=(
${described.map((verb) => `    ${verb}`).join("\n")}
  )
  _arguments -C \\
${specs(options, ["1: :->verb", "*::: :->rest"])} && return
  case $state in
    verb)
      _describe -t verbs verb verbs ;;
    rest)
      words=($line[1] "\${words[@]}")
      (( CURRENT += 1 ))
      case $line[1] in
${verbs.map(verbCase).join("")}      esac ;;
  esac
}
if [[ $funcstack[1] == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

function verbCase({ name, options, slots, repeats }: VerbEntry): string {
  const places = slots.map((slot, index) => {
    const place = repeats && index === slots.length - 1 ? "*" : `${index + 1}`;
    return `${place}:${slot.name}:${fill(slot)}`;
  });
  return `        ${name})\n          _arguments \\\n${specs(options, places)} ;;\n`;
}

function specs(options: readonly OptionEntry[], places: readonly string[]): string {
  return [...options.flatMap(optionSpecs), ...places].map((spec) => `    ${quote(spec)}`).join(" \\\n");
}

function optionSpecs({ names, description, value, repeats }: OptionEntry): string[] {
  const explained = `[${description.replaceAll(/[\\[\]]/g, "\\$&")}]`;
  const others = repeats ? "*" : `(${names.join(" ")})`;
  const behind = value === undefined ? "" : `:${value.name}:${fill(value)}`;
  return names.map((name) =>
    `${others}${name}${value !== undefined && name.startsWith("--") ? "=" : ""}${explained}${behind}`
  );
}

function fill({ choices, files }: Slot): string {
  return choices !== undefined ? `(${choices.join(" ")})` : files !== undefined ? FILES[files] : " ";
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
