/**
 * `holdfast fmt`: formats `.msg` files.
 *
 * @module
 */

import type { Command } from "commander";
import { Buffer } from "node:buffer";
import { realpathSync, statSync } from "node:fs";
import process from "node:process";
import { buffer } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import { formatFile, type FormattedFile, type Problem } from "../../idl/mod.ts";
import { fileProblem } from "../../idl/problem.ts";
import { findMessageFiles, readSource, writeAll } from "../files.ts";
import { interruptible } from "../interrupt.ts";
import { Progress } from "../progress.ts";
import { problemData, report } from "../report.ts";
import { CommandError, complain, count, EXIT_OK, EXIT_PROBLEMS, EXIT_USAGE, say, sayJson } from "../terminal.ts";

interface Options {
  readonly check?: true;
  readonly json?: true;
}

/** What standard input is called, as an argument and where it has problems. */
const STDIN = { argument: "-", file: "<stdin>" } as const;

/**
 * Adds the command.
 *
 * @param program What to add it to.
 */
export function addFmt(program: Command): void {
  program.command("fmt")
    .summary("format .msg files")
    .description(
      "Formats .msg files. What can't be read is told, and left as it is; all else is formatted nevertheless.",
    )
    .argument(
      "[files...]",
      ".msg files, or folders to look through for them (default: the current folder); - for standard input",
    )
    .option("--check", "write nothing; fail if something would be changed, and name it")
    .option("--json", "write what was changed, and the problems, to standard output as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  holdfast fmt examples\n  holdfast fmt --check .\n  holdfast fmt - < pingpong.msg",
    )
    .action((paths: string[], options: Options) =>
      interruptible(async (signal) => {
        if (!paths.includes(STDIN.argument)) await formatFiles(paths.length > 0 ? paths : ["."], options, signal);
        else if (paths.length > 1) throw new CommandError("- stands alone, for standard input.", EXIT_USAGE);
        else if (options.json) {
          throw new CommandError("--json is for files: with - the text is the output.", EXIT_USAGE);
        } else await formatStdin(options, signal);
      })
    );
}

async function formatFiles(paths: readonly string[], { check, json }: Options, signal: AbortSignal): Promise<void> {
  const { files, problems: missing } = findMessageFiles(paths);
  const problems: Problem[] = [...missing];
  const changed: string[] = [];
  const progress = new Progress("formatting");
  for (const file of files) {
    await setImmediate();
    signal.throwIfAborted();
    progress.step();
    const formatted = formatOne(file);
    problems.push(...formatted.problems);
    if (formatted.text === undefined) continue;
    // Through links, so that they stay links.
    if (!check) writeAll([{ path: realpathSync(file), text: formatted.text, mode: statSync(file).mode & 0o777 }]);
    changed.push(file);
    if (json) continue;
    progress.clear();
    say(`${check ? "not formatted" : "formatted"}: ${file}`);
  }
  progress.clear();
  process.exitCode = problems.length > 0 || (check && changed.length > 0) ? EXIT_PROBLEMS : EXIT_OK;
  if (json) return sayJson({ [check ? "unformatted" : "formatted"]: changed, problems: problemData(problems) });
  report(problems, " What has them was left as it is.");
  if (check && changed.length > 0) {
    complain(`error: ${count(changed.length, "file")} to be formatted. Run the same command without --check.`);
  } else if (changed.length === 0 && problems.length === 0) say(`formatted already: ${count(files.length, "file")}`);
}

/** Formats a file; there is no text if nothing is to be changed. */
function formatOne(file: string): FormattedFile {
  let bytes: Uint8Array;
  try {
    bytes = readSource(file);
  } catch (error) {
    return { problems: [fileProblem(file, `This can't be read: ${(error as Error).message}`)] };
  }
  const { text, problems } = formatFile(bytes, file);
  return text === undefined || Buffer.from(text).equals(bytes) ? { problems } : { text, problems };
}

async function formatStdin({ check }: Options, signal: AbortSignal): Promise<void> {
  const bytes = await readStdin(signal);
  const { text, problems } = formatFile(bytes, STDIN.file);
  const isChanged = text !== undefined && !bytes.equals(Buffer.from(text));
  process.exitCode = problems.length > 0 || (check && isChanged) ? EXIT_PROBLEMS : EXIT_OK;
  report(problems, " What has them was left as it is.");
  if (!check) process.stdout.write(text ?? "");
  else if (isChanged) say(`not formatted: ${STDIN.file}`);
}

function readStdin(signal: AbortSignal): Promise<Buffer> {
  const interrupted = new Promise<never>((_, fail) => {
    signal.addEventListener("abort", () => fail(signal.reason), { once: true });
  });
  return Promise.race([buffer(process.stdin), interrupted]);
}
