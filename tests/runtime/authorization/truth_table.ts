/**
 * Whom a rule lets in, as `docs/security.md` tells its readers: the tests go by the same tables, so that neither can say
 * what the other does not.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../runtimes.ts";

/** The kinds of clients: the columns of the table. */
export const KINDS = ["anonymous", "stranger", "no group", "production", "users", "guests"] as const;

/** One of them. */
export type Kind = (typeof KINDS)[number];

/** A row: a rule, and whom it lets in. */
export interface Row {
  /** As behind `auth`. */
  readonly rule: string;
  readonly admits: Readonly<Record<Kind, boolean>>;
}

const TEXT = readFileSync(join(ROOT, "docs/security.md"), "utf8");

/** The rows. */
export const ROWS: readonly Row[] = tableWith(["rule", ...KINDS]).map(([rule = "", ...cells]) => ({
  rule: unquoted(rule),
  admits: Object.fromEntries(KINDS.map((kind, i) => [kind, isYes(cells[i])])) as Row["admits"],
}));

/** What differs from DIRAC's way of deciding: what is said of DIRAC. */
export const DIFFERENCES: readonly string[] = tableWith(["in DIRAC", "here"]).map(([dirac = ""]) => dirac);

/** The rows of the one table that has these columns. */
function tableWith(columns: readonly string[]): readonly (readonly string[])[] {
  const lines = TEXT.split("\n");
  const heads = lines.flatMap((line, i) => cellsOf(line).join("|") === columns.join("|") ? [i] : []);
  const [head] = heads;
  if (head === undefined || heads.length > 1) {
    throw new Error(`docs/security.md has ${heads.length} tables with the columns ${columns.join(", ")}.`);
  }
  // Behind the head stands the rule.
  const rest = lines.slice(head + 2);
  return rest.slice(0, rest.findIndex((line) => !line.startsWith("|"))).map(cellsOf);
}

function cellsOf(line: string): readonly string[] {
  return line.split("|").slice(1, -1).map((cell) => cell.trim());
}

function unquoted(cell: string): string {
  const inner = /^`([^`]+)`$/.exec(cell)?.[1];
  if (inner === undefined) throw new Error(`${cell} is no rule.`);
  return inner;
}

function isYes(cell: string | undefined): boolean {
  if (cell !== "yes" && cell !== "no") throw new Error(`${cell} is neither yes nor no.`);
  return cell === "yes";
}
