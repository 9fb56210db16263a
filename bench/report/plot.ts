/**
 * Plots: for each metric a picture, a line for each candidate, a mark for each runtime where its median lies, and a stroke
 * through the middle half. The scale is logarithmic: what is twice as much lies as far off everywhere.
 *
 * @module
 */

import { metricNamed } from "../harness/metrics.ts";
import type { Row } from "../harness/samples.ts";
import { shown } from "./numbers.ts";
import { placeOf } from "./table.ts";

const WIDTH = 860;
const LEFT = 190;
const RIGHT = 40;
const TOP = 84;
const LINE = 30;
const FONT = "system-ui, sans-serif";

/** How each runtime is drawn: told apart by shape as well as by color. */
const MARKS = [
  {
    color: "#0b6e99",
    draw: (x: number, y: number, color: string) => `<circle cx="${x}" cy="${y}" r="5" fill="${color}"/>`,
  },
  {
    color: "#c2410c",
    draw: (x: number, y: number, color: string) =>
      `<rect x="${x - 4.5}" y="${y - 4.5}" width="9" height="9" fill="${color}"/>`,
  },
  {
    color: "#3f7d20",
    draw: (x: number, y: number, color: string) => `<path d="M${x} ${y - 6}l6 11h-12z" fill="${color}"/>`,
  },
];

/** Draws a metric; `rows` are all of it. */
export function plot(metric: string, rows: readonly Row[]): string {
  const { title, unit, better } = metricNamed(metric)!;
  const pairs = rows.some(({ runtime }) => runtime.includes(">"));
  // Where both sides run on different runtimes, each pair has a line.
  const lineOf = (row: Row) => pairs ? row.runtime : row.candidate;
  const markOf = (row: Row) => pairs ? row.candidate : row.runtime;
  const lines = [
    ...new Set([...rows].sort((one, other) => placeOf(one.candidate) - placeOf(other.candidate)).map(lineOf)),
  ];
  const kinds = [...new Set(rows.map(markOf))];
  const positive = rows.filter(({ value }) => value > 0);
  const low = Math.min(...positive.map((row) => row.low > 0 ? row.low : row.value));
  const high = Math.max(...positive.map((row) => row.high));
  const [from, to] = [Math.log10(low) - 0.05, Math.log10(high) + 0.05];
  const x = (value: number) => round(LEFT + (Math.log10(value) - from) / (to - from) * (WIDTH - LEFT - RIGHT));
  const bottom = TOP + lines.length * LINE;
  const parts = [
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(16, 26, `${metric} (${unit})`, `font-size="17" font-weight="600"`),
    text(16, 46, `${title}; ${better} is better`, `font-size="13" fill="#555555"`),
    ...kinds.flatMap((kind, index) => {
      const { color, draw } = MARKS[index % MARKS.length]!;
      return [draw(LEFT + 6 + index * 110, 66, color), text(LEFT + 18 + index * 110, 70, kind, `font-size="13"`)];
    }),
    ...ticks(low, high).flatMap((value) => [
      `<path d="M${x(value)} ${TOP}V${bottom}" stroke="#dddddd"/>`,
      text(x(value), bottom + 18, shown(value), `font-size="12" fill="#555555" text-anchor="middle"`),
    ]),
    ...lines.flatMap((line, index) => {
      const y = TOP + (index + 0.5) * LINE;
      const weight = line.startsWith("holdfast") ? "600" : "400";
      return [
        `<path d="M${LEFT} ${y}H${WIDTH - RIGHT}" stroke="#eeeeee"/>`,
        text(LEFT - 12, y + 4, line, `font-size="13" text-anchor="end" font-weight="${weight}"`),
      ];
    }),
    ...positive.flatMap((row) => {
      const index = kinds.indexOf(markOf(row));
      const { color, draw } = MARKS[index % MARKS.length]!;
      // One above the other, so that those who are alike can both be seen.
      const y = TOP + (lines.indexOf(lineOf(row)) + 0.5) * LINE + (index - (kinds.length - 1) / 2) * 7;
      const least = row.low > 0 ? row.low : row.value;
      return [
        `<path d="M${x(least)} ${y}H${x(row.high)}" stroke="${color}" stroke-width="2" stroke-opacity="0.5"/>`,
        draw(x(row.value), y, color),
      ];
    }),
  ];
  const height = bottom + 34;
  const head =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`;
  return `${head} font-family="${FONT}">\n${parts.join("\n")}\n</svg>\n`;
}

/** Round values between the ends: all powers of ten, and what lies between where there are few of them. */
function ticks(low: number, high: number): readonly number[] {
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

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function text(x: number, y: number, content: string, attributes: string): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<text x="${x}" y="${y}" ${attributes}>${escaped}</text>`;
}
