/**
 * Draws what came of a load: how long answers took, by percentile and over time, and how many there were.
 *
 * @module
 */

import type { Outcome } from "./drive.ts";
import { reportText, shown, shownTime, type Subject } from "./report.ts";
import { picture, round, text, ticks } from "./svg.ts";

const WIDTH = 860;
const LEFT = 80;
const RIGHT = 30;
/** Of each of the charts, with what is around it. */
const HEIGHT = 230;
const PLOT = 150;

/** How many points the curve of percentiles has. */
const POINTS = 200;

/** The colors of lines, told apart by their names in the legend, too. */
const COLORS = ["#0b6e99", "#c2410c", "#3f7d20"];

/** A value and what to call it. */
interface Tick {
  readonly at: number;
  readonly label: string;
}

interface Line {
  readonly name: string;
  /** `undefined` breaks the line. */
  readonly points: readonly (readonly [number, number] | undefined)[];
}

interface Chart {
  readonly title: string;
  /** From 0 to the last value, on a linear scale. */
  readonly x: { readonly last: number; readonly ticks: readonly Tick[] };
  readonly y: { readonly isLogarithmic: boolean; readonly label: (value: number) => string };
  readonly lines: readonly Line[];
}

/**
 * Draws what came of a load.
 *
 * @param subject What was done.
 * @param outcome What came of it: something was answered.
 * @returns An SVG picture.
 */
export function plot(subject: Subject, outcome: Outcome): string {
  const { latencies } = outcome;
  const intervals = latencies.intervals();
  const [first = "", ...others] = reportText(subject, outcome).split("\n");
  const nines = Math.max(1, Math.log10(latencies.count));
  const over = (value: (interval: typeof intervals[number]) => number): Line["points"] =>
    intervals.map((one) => one.count === 0 ? undefined : [(one.start + one.length / 2) / 1_000, value(one)]);
  const last = intervals.at(-1)!;
  const seconds = (last.start + last.length) / 1_000;
  const time = { last: seconds, ticks: evenTicks(seconds).map((at) => ({ at, label: `${shown(at)} s` })) };
  const charts: readonly Chart[] = [
    {
      title: "Latency, by percentile",
      x: { last: nines, ticks: [0, 1, 2, 3, 4, 5, 6, 7].filter((at) => at <= nines).map(percentileTick) },
      y: { isLogarithmic: true, label: shownTime },
      lines: [{
        name: "",
        points: Array.from({ length: POINTS + 1 }, (_, index) => {
          const at = index / POINTS * nines;
          return [at, latencies.percentile(Math.min(100, Math.max(100 * (1 - 10 ** -at), 1e-6)))];
        }),
      }],
    },
    {
      title: "Latency, over time",
      x: time,
      y: { isLogarithmic: true, label: shownTime },
      lines: [
        // Where two are the same, the one that is drawn last is seen.
        { name: "max", points: over(({ max }) => max) },
        { name: "p99", points: over(({ p99 }) => p99) },
        { name: "p50", points: over(({ p50 }) => p50) },
      ],
    },
    {
      title: "Answers a second, over time",
      x: time,
      y: { isLogarithmic: false, label: shown },
      // The last interval may not be over.
      lines: [{
        name: "",
        points: intervals.slice(0, Math.max(1, intervals.length - 1)).map(({ start, length, count }) => [
          (start + length / 2) / 1_000,
          count * 1_000 / length,
        ]),
      }],
    },
  ];
  const top = 60 + others.length * 18;
  return picture(WIDTH, top + charts.length * HEIGHT, [
    text(16, 28, first, `font-size="17" font-weight="600"`),
    ...others.map((line, index) => text(16, 50 + index * 18, line.trim(), `font-size="13" fill="#555555"`)),
    ...charts.flatMap((chart, index) => draw(chart, top + index * HEIGHT)),
  ]);
}

function draw({ title, x, y, lines }: Chart, top: number): string[] {
  const values = lines.flatMap(({ points }) => points.flatMap((point) => point?.[1] ?? []));
  const high = Math.max(...values) * 1.1;
  const low = y.isLogarithmic ? Math.min(...values) / 1.1 : 0;
  const scale = (value: number): number => y.isLogarithmic ? Math.log10(value) : value;
  const atX = (value: number): number => round(LEFT + value / x.last * (WIDTH - LEFT - RIGHT));
  const share = (value: number): number => (scale(value) - scale(low)) / (scale(high) - scale(low));
  const bottom = top + 34 + PLOT;
  const atY = (value: number): number => round(bottom - share(value) * PLOT);
  const marks = (y.isLogarithmic ? ticks(low, high) : evenTicks(high)).filter((value) => value >= low && value <= high);
  return [
    text(16, top + 16, title, `font-size="14" font-weight="600"`),
    ...marks.flatMap((value) => [
      `<path d="M${LEFT} ${atY(value)}H${WIDTH - RIGHT}" stroke="#dddddd"/>`,
      text(LEFT - 8, atY(value) + 4, y.label(value), `font-size="12" fill="#555555" text-anchor="end"`),
    ]),
    ...x.ticks.flatMap(({ at, label }) => [
      `<path d="M${atX(at)} ${top + 34}V${bottom}" stroke="#eeeeee"/>`,
      text(atX(at), bottom + 18, label, `font-size="12" fill="#555555" text-anchor="middle"`),
    ]),
    ...lines.flatMap(({ name, points }, index) => {
      const color = COLORS[index]!;
      const path = points.map((point, step) => {
        if (point === undefined) return "";
        const at = `${atX(point[0])} ${atY(point[1])}`;
        // A line to where it begins: seen as a dot where nothing follows.
        return points[step - 1] === undefined ? `M${at}L${at}` : `L${at}`;
      }).join("");
      return [
        `<path d="${path}" fill="none" stroke="${color}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>`,
        ...name === ""
          ? []
          : [text(200 + index * 60, top + 16, name, `font-size="13" fill="${color}" font-weight="600"`)],
      ];
    }),
  ];
}

/** What share has ended when all but a tenth, a hundredth, … have. */
function percentileTick(at: number): Tick {
  return { at, label: `p${Number((100 * (1 - 10 ** -at)).toFixed(Math.max(0, at - 2)))}` };
}

/** Round values from 0 to the last, five or so. */
function evenTicks(last: number): number[] {
  const rough = last / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough)!;
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}
