/**
 * Plots: for each metric a picture, a line for each candidate, a mark for each runtime where its median lies, and a stroke
 * through the middle half. The scale is logarithmic: what is twice as much lies as far off everywhere.
 *
 * @module
 */

import { picture, round, text, ticks } from "../../compiler/load/svg.ts";
import { metricNamed } from "../harness/metrics.ts";
import type { Row } from "../harness/samples.ts";
import { shown } from "./numbers.ts";
import { placeOf } from "./table.ts";

const WIDTH = 860;
const LEFT = 190;
const RIGHT = 40;
const TOP = 84;
const LINE = 30;

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
  return picture(WIDTH, bottom + 34, parts);
}
