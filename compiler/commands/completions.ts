/**
 * `holdfast completions`: completions for shells.
 *
 * @module
 */

import { Argument, type Command } from "commander";
import process from "node:process";
import { bashScript } from "../completions/bash.ts";
import { fishScript } from "../completions/fish.ts";
import { type Entries, entries } from "../completions/tree.ts";
import { zshScript } from "../completions/zsh.ts";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } satisfies Record<
  string,
  (entries: Entries) => string
>;

/**
 * Adds the command.
 *
 * @param program What to add it to: what it has when the command runs can be completed.
 */
export function addCompletions(program: Command): void {
  program.command("completions")
    .summary("write what lets a shell complete this command")
    .description("Writes a script that lets a shell complete this command: verbs, options, and what they take.")
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(SCRIPTS)))
    .addHelpText(
      "after",
      `
Examples:
  source <(holdfast completions bash)     # in ~/.bashrc
  source <(holdfast completions zsh)      # in ~/.zshrc, behind compinit
  holdfast completions fish | source      # in ~/.config/fish/config.fish`,
    )
    .action((shell: keyof typeof SCRIPTS) => {
      process.stdout.write(SCRIPTS[shell](entries(program)));
    });
}
