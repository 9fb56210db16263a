/**
 * The command `holdfast`: one verb a file, in `commands/`.
 *
 * @module
 */

import { Command, CommanderError } from "commander";
import process from "node:process";
import { addCert } from "./commands/cert.ts";
import { addCompile } from "./commands/compile.ts";
import { CommandError, complain, EXIT_OK, EXIT_USAGE } from "./terminal.ts";

/** What adds each verb: a new one is a file in `commands/` and a name here. */
const VERBS: readonly ((program: Command) => void)[] = [addCompile, addCert];

const program = new Command("holdfast")
  .description("Typed messages over one TLS connection, kept open: the tools for .msg files.")
  .configureOutput({ outputError: (text) => complain(text.trimEnd()) })
  .showHelpAfterError("Add --help to see how it is used.")
  .exitOverride();
for (const add of VERBS) add(program);

try {
  await program.parseAsync(process.argv.slice(2), { from: "user" });
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === EXIT_OK ? EXIT_OK : EXIT_USAGE;
  else if (error instanceof CommandError) {
    complain(`error: ${error.message}`);
    process.exitCode = error.exitCode;
  } else throw error;
}
