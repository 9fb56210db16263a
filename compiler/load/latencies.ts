/**
 * How long things took: an HDR histogram, which keeps three digits of every time in bounded memory, of all and of each
 * interval.
 *
 * @module
 */

import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

/** What is counted, in nanoseconds: whatever took longer than an hour took an hour. */
const HIGHEST = 3_600_000_000_000;
const NANOSECONDS = 1_000_000;

/** How many intervals are kept: of more, two each become one. */
const MAX_INTERVALS = 120;
/** How long an interval is at first, in milliseconds. */
const FIRST_INTERVAL = 100;

/** The percentiles that are told. */
export const PERCENTILES = [50, 90, 99, 99.9] as const;

/** Times, in milliseconds. */
export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  /** Those of {@link PERCENTILES}, in their order. */
  readonly percentiles: readonly number[];
  readonly max: number;
}

/** What happened within an interval. */
export interface Interval {
  /** When it began, in milliseconds from the start. */
  readonly start: number;
  /** How long it was, in milliseconds. */
  readonly length: number;
  /** How many things ended in it. */
  readonly count: number;
  /** Of how long those took: the percentiles 50 and 99, and the longest, in milliseconds. 0 if there were none. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** How long things took. */
export class Latencies {
  readonly #all = histogram(3);
  #intervals: RecordableHistogram[] = [];
  #width = FIRST_INTERVAL;

  /** How many there were. */
  get count(): number {
    return this.#all.count;
  }

  /**
   * Counts one.
   *
   * @param took How long it took, in milliseconds.
   * @param at When it ended, in milliseconds from the start.
   */
  record(took: number, at: number): void {
    const time = Math.min(Math.max(Math.round(took * NANOSECONDS), 1), HIGHEST);
    this.#all.record(time);
    while (at >= this.#width * MAX_INTERVALS) this.#widen();
    const index = Math.floor(at / this.#width);
    while (this.#intervals.length <= index) this.#intervals.push(histogram(2));
    this.#intervals[index]!.record(time);
  }

  /** What there was; `undefined` if nothing. */
  summary(): Summary | undefined {
    const all = this.#all;
    if (all.count === 0) return undefined;
    return {
      count: all.count,
      min: all.min / NANOSECONDS,
      mean: all.mean / NANOSECONDS,
      percentiles: PERCENTILES.map((percentile) => this.percentile(percentile)),
      max: all.max / NANOSECONDS,
    };
  }

  /**
   * The time within which a share of them ended, in milliseconds.
   *
   * @param percentile The share, in percent: above 0, up to 100.
   */
  percentile(percentile: number): number {
    return Math.min(this.#all.percentile(percentile), this.#all.max) / NANOSECONDS;
  }

  /** What happened in each interval, from the start to the last that anything ended in. */
  intervals(): Interval[] {
    return this.#intervals.map((one, index) => ({
      start: index * this.#width,
      length: this.#width,
      count: one.count,
      p50: one.count === 0 ? 0 : one.percentile(50) / NANOSECONDS,
      p99: one.count === 0 ? 0 : one.percentile(99) / NANOSECONDS,
      max: one.count === 0 ? 0 : one.max / NANOSECONDS,
    }));
  }

  #widen(): void {
    const merged: RecordableHistogram[] = [];
    for (const [index, one] of this.#intervals.entries()) {
      if (index % 2 === 0) merged.push(one);
      else merged.at(-1)!.add(one);
    }
    this.#intervals = merged;
    this.#width *= 2;
  }
}

function histogram(figures: number): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: HIGHEST, figures });
}
