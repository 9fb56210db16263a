/**
 * How commands tell of problems, to people and to programs.
 *
 * @module
 */

import { formatProblems, type Problem } from "../idl/mod.ts";
import { complain, count } from "./terminal.ts";

/** A problem for programs: lines and columns count from 1, columns in Unicode code points, and the end is exclusive. */
export type ProblemData = Pick<Problem, "file" | "line" | "column" | "end" | "message" | "hint">;

/**
 * Tells people of problems.
 *
 * @param problems The problems.
 * @param consequence What has become of the command because of them; nothing unless given.
 */
export function report(problems: readonly Problem[], consequence = ""): void {
  if (problems.length === 0) return;
  complain(`${formatProblems(problems)}\n\nerror: ${count(problems.length, "problem")} found.${consequence}`);
}

/**
 * Makes of problems what `--json` writes.
 *
 * @param problems The problems.
 */
export function problemData(problems: readonly Problem[]): ProblemData[] {
  return problems.map(({ file, line, column, end, message, hint }) => ({
    ...{ file, line, column, end, message },
    ...(hint !== undefined && { hint }),
  }));
}
