/**
 * What came of a load, for people and for programs.
 *
 * @module
 */

import type { Load, Outcome } from "./drive.ts";
import { PERCENTILES } from "./latencies.ts";

/** What was done. */
export interface Subject {
  /** The message's name. */
  readonly message: string;
  readonly load: Load;
  /** How many times a connection had to be made anew. */
  readonly reconnects: number;
}

/** Three digits that count, with thousands set apart. */
export function shown(value: number): string {
  if (Math.abs(value) < 1_000) return String(Number(value.toPrecision(3)));
  return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * A time, in the unit that fits.
 *
 * @param milliseconds The time.
 */
export function shownTime(milliseconds: number): string {
  if (milliseconds < 1) return `${shown(milliseconds * 1_000)} µs`;
  return milliseconds < 1_000 ? `${shown(milliseconds)} ms` : `${shown(milliseconds / 1_000)} s`;
}

/**
 * What came of it, for people.
 *
 * @param subject What was done.
 * @param outcome What came of it.
 * @returns Lines, without a line feed at the end.
 */
export function reportText({ message, load, reconnects }: Subject, outcome: Outcome): string {
  const { seconds, latencies, errors, unanswered, unsent } = outcome;
  const summary = latencies.summary();
  const perSecond = shown(latencies.count / seconds);
  const asked = load.rate === undefined ? "" : `, of ${shown(load.rate)} asked for`;
  const places = load.connections === 1 ? "1 connection" : `${shown(load.connections)} connections`;
  const lines = [
    `${message}: ${shown(latencies.count)} in ${shownTime(seconds * 1_000)}, over ${places} with up to ${
      shown(load.inFlight)
    } in flight each`,
    `rate     ${perSecond} a second${asked}`,
  ];
  if (summary !== undefined) {
    const times = PERCENTILES.map((percentile, index) => `p${percentile} ${shownTime(summary.percentiles[index]!)}`);
    lines.push(`latency  ${[...times, `max ${shownTime(summary.max)}`].join("   ")}`);
    lines.push(
      load.rate === undefined
        ? "         from when each was sent; --rate also counts who would have waited while the service stalled"
        : "         from when each was to be sent, also where it had to wait",
    );
  }
  for (const [code, count] of errors) lines.push(`errors   ${code} ${shown(count)}`);
  if (unanswered > 0) lines.push(`         ${shown(unanswered)} had no answer at the end`);
  if (unsent > 0) {
    lines.push(
      `         ${
        shown(unsent)
      } had their time, but could not be sent: too many were in flight, or none was left to take them`,
    );
  }
  if (reconnects > 0) lines.push(`         connected again: ${shown(reconnects)}`);
  return lines.join("\n");
}

/**
 * What came of it, for programs: times in milliseconds.
 *
 * @param subject What was done.
 * @param outcome What came of it.
 * @returns A value for JSON.
 */
export function reportData({ message, load, reconnects }: Subject, outcome: Outcome): object {
  const { seconds, latencies, errors, unanswered, unsent } = outcome;
  const summary = latencies.summary();
  const rounded = (value: number): number => Number(value.toFixed(6));
  return {
    message,
    connections: load.connections,
    inFlight: load.inFlight,
    ...(load.rate !== undefined && { rate: load.rate }),
    seconds: rounded(seconds),
    count: latencies.count,
    perSecond: seconds > 0 ? rounded(latencies.count / seconds) : 0,
    latency: summary === undefined ? null : {
      min: rounded(summary.min),
      mean: rounded(summary.mean),
      ...Object.fromEntries(PERCENTILES.map((name, index) => [`p${name}`, rounded(summary.percentiles[index]!)])),
      max: rounded(summary.max),
    },
    ...{ errors: Object.fromEntries(errors), unanswered, unsent, reconnects },
  };
}
