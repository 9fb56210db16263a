/**
 * `holdfast compile`: writes TypeScript for `.msg` files.
 *
 * @module
 */

import { type Command, Option } from "commander";
import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { setImmediate } from "node:timers/promises";
import { type Compilation, compile, type CompileOptions, type Sources } from "../compile.ts";
import { isStale, writeAll } from "../files.ts";
import { interruptible } from "../interrupt.ts";
import { Progress } from "../progress.ts";
import { problemData, report } from "../report.ts";
import { CommandError, complain, count, EXIT_OK, EXIT_PROBLEMS, EXIT_USAGE, note, say, sayJson } from "../terminal.ts";
import { type Prepared, watch } from "../watch.ts";

interface Options {
  readonly out?: string;
  readonly import: string;
  readonly check?: true;
  readonly watch?: true;
  readonly declarations?: true;
  readonly target: "typescript" | "dirac";
  readonly json?: true;
}

/**
 * Adds the command.
 *
 * @param program What to add it to.
 */
export function addCompile(program: Command): void {
  program.command("compile")
    .summary("write TypeScript for .msg files")
    .description(
      "Writes a .msg.ts file for each .msg file, and for each that these import. If there is a problem, nothing is written.",
    )
    .argument("<files...>", ".msg files, or folders to look through for them")
    .option("--out <folder>", "write to this folder instead of beside each .msg file")
    .option(
      "--import <specifier>",
      "where the generated code finds Holdfast: a package, a URL, or ./a/path",
      "holdfast",
    )
    .option("--declarations", "write .d.msg.ts files instead: the types alone, for who imports .msg files in a build")
    .addOption(
      new Option("--target <target>", "dirac: write handlers in Python that tell DIRAC's clients the messages")
        .choices(["typescript", "dirac"]).default("typescript"),
    )
    .option("--check", "write nothing; fail if something would be written, and name it")
    .option("--watch", "go on, and compile again whenever a file changes, until interrupted")
    .option("--json", "write what was written, and the problems, to standard output as JSON")
    .addHelpText("after", "\nExamples:\n  holdfast compile pingpong.msg\n  holdfast compile --check examples")
    .action(async (paths: string[], options: Options) => {
      if (options.check && options.watch) {
        throw new CommandError("--check and --watch can't be used together: choose one.", EXIT_USAGE);
      }
      if (options.declarations && options.target === "dirac") {
        throw new CommandError("--declarations are for TypeScript: leave them out for --target dirac.", EXIT_USAGE);
      }
      warnOfPath(options.import);
      const compileOptions = {
        paths,
        holdfast: options.import,
        ...(options.out !== undefined && { out: options.out }),
        declarations: options.declarations === true,
        target: options.target,
      };
      if (options.watch) await compileOnChange(compileOptions, options);
      else await interruptible((signal) => compileOnce(compileOptions, options, signal));
    });
}

async function compileOnce(compileOptions: CompileOptions, options: Options, signal: AbortSignal): Promise<void> {
  const progress = new Progress("compiling");
  const compilation = compile(compileOptions, undefined, () => progress.step());
  progress.clear();
  // Whoever has pressed Ctrl+C meanwhile wants nothing written.
  await setImmediate();
  signal.throwIfAborted();
  process.exitCode = finish(compilation, options);
}

/** Says so where a path that lacks its `./` will be taken for a package's name. */
function warnOfPath(specifier: string): void {
  const isFile = existsSync(specifier) && statSync(specifier).isFile();
  if (!isFile || /^(\.\.?)?\//.test(specifier)) return;
  note(
    `warning: --import ${specifier} is taken for a package's name. Write ./${specifier} to mean the file that is here.`,
  );
}

/** Tells the problems, or writes the files if there are none. Returns the exit code. */
function finish({ outputs, problems }: Compilation, { check, json }: Options): number {
  const stale = outputs.filter(isStale);
  if (!check) writeAll(stale);
  const isWell = problems.length === 0 && !(check && stale.length > 0);
  if (json) {
    const paths = stale.map(({ path }) => path);
    sayJson({ [check ? "stale" : "written"]: paths, problems: problemData(problems) });
  } else if (problems.length > 0) report(problems, " Nothing was written.");
  else {
    for (const { path } of stale) say(check ? `stale: ${path}` : `wrote ${path}`);
    if (stale.length === 0) say(`up to date: ${count(outputs.length, "file")}`);
    else if (check) {
      complain(`error: ${count(stale.length, "file")} to be written. Run the same command without --check.`);
    }
  }
  return isWell ? EXIT_OK : EXIT_PROBLEMS;
}

async function compileOnChange(compileOptions: CompileOptions, options: Options): Promise<void> {
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  process.once("SIGINT", abort).once("SIGTERM", abort);
  await watch({
    prepare: () => prepare(compileOptions, options),
    // What this command writes itself does not matter, or it would never rest.
    matters: (name) => !/(\.msg\.ts|Handler\.py)(\.\d+\.tmp)?$/.test(name),
    signal: stop.signal,
  });
  process.off("SIGINT", abort).off("SIGTERM", abort);
}

/** Compiles, but writes and says nothing yet. */
function prepare(compileOptions: CompileOptions, options: Options): Prepared {
  const sources: Sources = { files: new Set(), folders: new Set() };
  let tell: () => void;
  try {
    const compilation = compile(compileOptions, sources);
    tell = () => void finish(compilation, options);
  } catch (error) {
    tell = () => {
      throw error;
    };
  }
  return {
    folders: [...sources.folders, ...[...sources.files].map((file) => dirname(file))],
    finish: () => {
      try {
        tell();
      } catch (error) {
        // What can't be read or written now may be mended while we watch.
        if (!(error instanceof CommandError)) throw error;
        complain(`error: ${error.message}`);
      }
      const files = [...sources.files].filter((file) => !sources.folders.has(file));
      note(`watching ${count(files.length, "file")}; press Ctrl+C to stop`);
    },
  };
}
