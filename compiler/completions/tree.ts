/**
 * What can stand on the command line, as the completions of every shell need it: read off commander's own tree, so that
 * no verb and no option can be forgotten.
 *
 * @module
 */

import type { Argument, Command, Option } from "commander";

/** What can be completed in some place: some words, or names of files. */
export interface Slot {
  /** What it is called in the help. */
  readonly name: string;
  readonly choices?: readonly string[];
  /** `msg`: `.msg` files and folders. */
  readonly files?: "msg" | "any" | "folders";
}

/** An option. */
export interface OptionEntry {
  /** As they are written: `-h`, `--help`. */
  readonly names: readonly string[];
  readonly description: string;
  /** What follows it, if anything does. */
  readonly value?: Slot;
  /** Whether it may stand there several times, or have several values. */
  readonly repeats: boolean;
}

/** A verb. */
export interface VerbEntry {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionEntry[];
  readonly slots: readonly Slot[];
  /** Whether the last slot takes any number of words. */
  readonly repeats: boolean;
}

/** The command. */
export interface Entries {
  readonly name: string;
  readonly options: readonly OptionEntry[];
  readonly verbs: readonly VerbEntry[];
}

/** What the values are that are called so in the help. */
const FILES: Readonly<Record<string, Slot["files"]>> = { files: "msg", file: "any", folder: "folders" };

/**
 * Reads off what there is.
 *
 * @param program The whole command.
 */
export function entries(program: Command): Entries {
  const help = program.createHelp();
  const verbs = help.visibleCommands(program);
  const names = verbs.map((verb) => verb.name());
  return {
    name: program.name(),
    options: help.visibleOptions(program).map(option),
    verbs: verbs.map((verb) => ({
      name: verb.name(),
      summary: help.subcommandDescription(verb),
      options: help.visibleOptions(verb).map(option),
      slots: verb.registeredArguments.map((argument) => slot(argument.name(), argument, names)),
      repeats: verb.registeredArguments.at(-1)?.variadic === true,
    })),
  };
}

function option(option: Option): OptionEntry {
  const [, name] = /[<[]([^\].>]+)/.exec(option.flags) ?? [];
  return {
    names: [option.short, option.long].filter((name) => name !== undefined),
    description: option.description,
    ...(name !== undefined && { value: slot(name, option, []) }),
    repeats: option.variadic,
  };
}

function slot(name: string, { argChoices }: Argument | Option, verbs: readonly string[]): Slot {
  const files = FILES[name];
  const choices = name === "command" ? verbs : argChoices;
  return { name, ...(choices !== undefined && { choices }), ...(files !== undefined && { files }) };
}
