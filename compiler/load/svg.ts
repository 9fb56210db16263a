/**
 * Bits of SVG.
 *
 * @module
 */

/** The typeface of all pictures. */
export const FONT = "system-ui, sans-serif";

/**
 * Writes a text.
 *
 * @param x Where it begins.
 * @param y Its baseline.
 * @param content The text, as it is to be read.
 * @param attributes More attributes, as they stand in SVG.
 */
export function text(x: number, y: number, content: string, attributes: string): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<text x="${x}" y="${y}" ${attributes}>${escaped}</text>`;
}

/** A coordinate, with no more digits than can be seen. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/**
 * Finds round values on a logarithmic scale: all powers of ten, and what lies between where there are few of them.
 *
 * @param low Where the scale begins; above 0.
 * @param high Where it ends.
 * @returns The values between the ends, or barely beyond.
 */
export function ticks(low: number, high: number): readonly number[] {
  const decades = Math.log10(high / low);
  const steps = decades > 3
    ? [1]
    : decades > 1
    ? [1, 3]
    : decades > 0.4
    ? [1, 1.5, 2, 3, 4, 5, 7]
    : [1, 1.1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9];
  const found: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    found.push(...steps.map((step) => step * 10 ** power));
  }
  return found.filter((value) => value >= low * 0.9 && value <= high * 1.1);
}

/**
 * Puts a picture together.
 *
 * @param width In pixels, as `height`.
 * @param parts Its elements, on white.
 */
export function picture(width: number, height: number, parts: readonly string[]): string {
  const size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  const white = `<rect width="100%" height="100%" fill="#ffffff"/>`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${FONT}">`;
  return `${head}\n${[white, ...parts].join("\n")}\n</svg>\n`;
}
