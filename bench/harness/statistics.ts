/**
 * Of several measurements, the one in the middle, and how far they lie apart.
 *
 * @module
 */

/** A median, and the range in which the middle half lies. */
export interface Spread {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What lies at a share of the way through, interpolated. `sorted` is not empty. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const low = sorted[below]!;
  return low + ((sorted[below + 1] ?? low) - low) * (at - below);
}

/** Sums up measurements; `undefined` where there are none. */
export function spreadOf(measured: readonly number[]): Spread | undefined {
  if (measured.length === 0) return undefined;
  const sorted = [...measured].sort((one, other) => one - other);
  return { value: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

/** The median. */
export function median(measured: readonly number[]): number {
  return spreadOf(measured)?.value ?? NaN;
}
