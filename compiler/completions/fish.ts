/**
 * Completions for fish.
 *
 * @module
 */

import type { Entries, OptionEntry, Slot } from "./tree.ts";

const FILES: Readonly<Record<NonNullable<Slot["files"]>, string>> = {
  msg: "(__fish_complete_suffix .msg)",
  any: "(__fish_complete_path (commandline -ct))",
  folders: "(__fish_complete_directories (commandline -ct))",
};

/** Writes the script. */
export function fishScript({ name, options, verbs }: Entries): string {
  const lines = [`# Completions of ${name} for fish: ${name} completions fish | source`, `complete -c ${name} -f`];
  const add = (condition: string, what: string) => lines.push(`complete -c ${name} -n ${quote(condition)} ${what}`);
  const atVerb = "__fish_use_subcommand";
  for (const option of options) add(atVerb, optionText(option));
  for (const verb of verbs) add(atVerb, `-a ${quote(verb.name)} -d ${quote(verb.summary)}`);
  for (const verb of verbs) {
    const behind = `__fish_seen_subcommand_from ${verb.name}`;
    for (const option of verb.options) add(behind, optionText(option));
    for (const slot of verb.slots) if (slot.choices ?? slot.files) add(behind, fill(slot));
  }
  return `${lines.join("\n")}\n`;
}

function optionText({ names, description, value }: OptionEntry): string {
  const flags = names.map((name) => name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`);
  return [...flags, ...(value ? ["-x", fill(value)] : []), `-d ${quote(description)}`].filter(Boolean).join(" ");
}

function fill({ choices, files }: Slot): string {
  const candidates = choices?.join(" ") ?? (files && FILES[files]);
  return candidates === undefined ? "" : `-a ${quote(candidates)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
}
