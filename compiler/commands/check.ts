/**
 * `holdfast check`: tells what is wrong with `.msg` files.
 *
 * @module
 */

import type { Command } from "commander";
import process from "node:process";
import { loadFiles } from "../compile.ts";
import { Progress } from "../progress.ts";
import { problemData, report } from "../report.ts";
import { count, EXIT_OK, EXIT_PROBLEMS, say, sayJson } from "../terminal.ts";

/**
 * Adds the command.
 *
 * @param program What to add it to.
 */
export function addCheck(program: Command): void {
  program.command("check")
    .summary("tell what is wrong with .msg files")
    .description("Tells all that is wrong with .msg files and with those that they import. Writes nothing.")
    .argument("[files...]", ".msg files, or folders to look through for them (default: the current folder)")
    .option("--json", "write the problems to standard output, as JSON")
    .addHelpText("after", "\nExample:\n  holdfast check examples")
    .action((paths: string[], { json }: { readonly json?: true }) => {
      const progress = new Progress("checking");
      const { modules, problems } = loadFiles(paths.length > 0 ? paths : ["."], undefined, () => progress.step());
      progress.clear();
      process.exitCode = problems.length > 0 ? EXIT_PROBLEMS : EXIT_OK;
      if (json) sayJson({ problems: problemData(problems) });
      else if (problems.length > 0) report(problems);
      else say(`no problems: ${count(modules.length, "file")}`);
    });
}
