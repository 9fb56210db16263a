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

/** The rows. */
export const ROWS: readonly Row[] = tableWith("security.md", ["rule", ...KINDS]).map(([rule = "", ...cells]) => ({
  rule: unquoted(rule),
  admits: Object.fromEntries(KINDS.map((kind, i) => [kind, isYes(cells[i])])) as Row["admits"],
}));

/** What differs from DIRAC's way of deciding, and from its registry: what is said of DIRAC. */
export const DIFFERENCES: readonly string[] = [
  ...tableWith("security.md", ["in DIRAC", "here"]),
  ...tableWith("registry.md", ["DIRAC", "here"]),
].map(([dirac = ""]) => dirac);

/** The rows of the one table of a document that has these columns. */
function tableWith(document: string, columns: readonly string[]): readonly (readonly string[])[] {
  const lines = readFileSync(join(ROOT, "docs", document), "utf8").split("\n");
  const heads = lines.flatMap((line, i) => cellsOf(line).join("|") === columns.join("|") ? [i] : []);
  const [head] = heads;
  if (head === undefined || heads.length > 1) {
    throw new Error(`docs/${document} has ${heads.length} tables with the columns ${columns.join(", ")}.`);
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
