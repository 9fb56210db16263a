/**
 * How time grows with the input, for what reads `.msg` files.
 *
 * @module
 */

/** How many files there are, and how many messages each has. */
export const SIZES: readonly (readonly [files: number, messages: number])[] = [
  [1, 10],
  [1, 100],
  [1, 1_000],
  [1, 10_000],
  [10, 1_000],
];

/** Each size is measured for at least so long, in milliseconds; the fastest run counts. */
export const BUDGET = 2_000;

/** The time of the fastest run within a budget, in milliseconds. */
export function fastest(run: () => void, budget: number): number {
  let best = Infinity;
  const end = performance.now() + budget;
  do {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  } while (performance.now() < end);
  return best;
}

/** Prints a table: a title for each column, and a row for each size. */
export function printGrowth(columns: readonly string[], rows: Iterable<readonly (string | number)[]>): void {
  console.log(columns.join(" | "));
  for (const row of rows) {
    console.log(row.map((cell, index) => String(cell).padStart(columns[index]!.length)).join(" | "));
  }
  console.log("The last two lines have as many messages: what is alive at a time counts, not how long a file is.");
}
