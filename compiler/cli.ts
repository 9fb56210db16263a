/**
 * The command `holdfast`: one verb a file, in `commands/`.
 *
 * @module
 */

import { Command, CommanderError } from "commander";
import process from "node:process";
import { addBench } from "./commands/bench.ts";
import { addBreaking } from "./commands/breaking.ts";
import { addCert } from "./commands/cert.ts";
import { addCheck } from "./commands/check.ts";
import { addCompile } from "./commands/compile.ts";
import { addCompletions } from "./commands/completions.ts";
import { addDescribe } from "./commands/describe.ts";
import { addFmt } from "./commands/fmt.ts";
import { addInit } from "./commands/init.ts";
import { addListen } from "./commands/listen.ts";
import { addLsp } from "./commands/lsp.ts";
import { addRequest } from "./commands/request.ts";
import { addSend } from "./commands/send.ts";
import { addTop } from "./commands/top.ts";
import { CommandError, complain, EXIT_DEFECT, EXIT_OK, EXIT_UNHEARD, EXIT_USAGE } from "./terminal.ts";
import { VERSION } from "./version.ts";

/** What adds each verb: a new one is a file in `commands/` and a name here. */
const VERBS: readonly ((program: Command) => void)[] = [
  addInit,
  addCompile,
  addCheck,
  addFmt,
  addBreaking,
  addCert,
  addDescribe,
  addSend,
  addRequest,
  addListen,
  addTop,
  addBench,
  addLsp,
  addCompletions,
];

// `holdfast … | head` has heard enough, and is no failure that words could help with.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: Error & { readonly code?: string }) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(EXIT_UNHEARD);
  });
}

const program = new Command("holdfast")
  .description("Typed messages over one TLS connection, kept open: the tools for .msg files.")
  .version(VERSION, "-V, --version", "display the version")
  .configureOutput({ outputError: (text) => complain(text.trimEnd()) })
  .showHelpAfterError("Add --help to see how it is used.")
  .exitOverride();
for (const add of VERBS) add(program);

try {
  await program.parseAsync(process.argv.slice(2), { from: "user" });
} catch (error) {
  process.exitCode = exitCode(error);
}

/** Tells what has ended the command, as far as that has not been told, and gives the code to end with. */
function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === EXIT_OK ? EXIT_OK : EXIT_USAGE;
  if (error instanceof CommandError) {
    complain(`error: ${error.message}`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? error.stack : undefined;
  complain(
    `error: this is a defect of holdfast ${VERSION}, not yours. Please report it with what stands below.\n${
      stack ?? error
    }`,
  );
  return EXIT_DEFECT;
}
