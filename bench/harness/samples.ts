/**
 * What has been measured.
 *
 * @module
 */

import { isPeerName } from "./candidates.ts";
import { metricNamed, unitOf } from "./metrics.ts";
import { type Spread, spreadOf } from "./statistics.ts";

/** One line of the JSON file. `value` is the median of the samples, `low` and `high` are their quartiles. */
export interface Row extends Spread {
  readonly metric: string;
  readonly runtime: string;
  readonly candidate: string;
  readonly unit: string;
  /** By round; those of one round were measured right after one another. `null` where it failed. */
  readonly samples: readonly (number | null)[];
}

/** A candidate that did not get through. */
export interface Failed {
  readonly runtime: string;
  readonly candidate: string;
  readonly why: string;
}

/** All measurements. */
export class Samples {
  readonly failures: Failed[] = [];
  readonly #rows = new Map<
    string,
    {
      readonly metric: string;
      readonly runtime: string;
      readonly candidate: string;
      readonly samples: (number | null)[];
    }
  >();

  /** Takes a measurement. */
  add(metric: string, runtime: string, candidate: string, round: number, value: number): void {
    const key = `${metric} ${runtime} ${candidate}`;
    let row = this.#rows.get(key);
    if (row === undefined) this.#rows.set(key, row = { metric, runtime, candidate, samples: [] });
    while (row.samples.length < round) row.samples.push(null);
    row.samples[round] = value;
  }

  /** Takes what a file has. Its rounds come after those that are there: no two of different runs are one. */
  read(rows: readonly Row[]): void {
    const rounds = new Map<string, number>();
    for (const row of this.rows()) {
      rounds.set(comparable(row), Math.max(rounds.get(comparable(row)) ?? 0, row.samples.length));
    }
    for (const row of rows) {
      const first = rounds.get(comparable(row)) ?? 0;
      row.samples.forEach((value, round) =>
        value !== null && this.add(row.metric, row.runtime, row.candidate, first + round, value)
      );
    }
  }

  /** All, summed up. */
  rows(): readonly Row[] {
    return [...this.#rows.values()].map(({ metric, runtime, candidate, samples }) => {
      const spread = spreadOf(samples.filter((value) => value !== null))!;
      return { metric, runtime, candidate, ...spread, unit: unitOf(metric), samples };
    });
  }

  /** One row. */
  row(metric: string, runtime: string, candidate: string): Row | undefined {
    return this.rows().find((row) => row.metric === metric && row.runtime === runtime && row.candidate === candidate);
  }

  /** The best of the peers by a metric. */
  bestPeer(metric: string, runtime: string): Row | undefined {
    const better = metricNamed(metric)?.better;
    const peers = this.rows().filter((row) =>
      row.metric === metric && row.runtime === runtime && isPeerName(row.candidate)
    );
    return peers.sort((one, other) => better === "more" ? other.value - one.value : one.value - other.value)[0];
  }
}

/** What those rows have in common that are measured in the same rounds. */
function comparable({ metric, runtime }: Pick<Row, "metric" | "runtime">): string {
  return `${metric} ${runtime}`;
}

/** One candidate's measurements as multiples of another's, round by round. */
export function ratioOf(row: Row, reference: Row): Spread | undefined {
  const ratios = row.samples.flatMap((value, round) => {
    const other = reference.samples[round];
    return value === null || other === null || other === undefined ? [] : [value / other];
  });
  return spreadOf(ratios);
}
