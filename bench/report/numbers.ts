/**
 * Numbers for readers.
 *
 * @module
 */

/** Three digits that count, with thousands set apart. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 1_000) {
    const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2);
    return String(Math.round(value / unit) * unit).replaceAll(/\B(?=(\d{3})+$)/g, ",");
  }
  return String(Number(value.toPrecision(3)));
}
