/**
 * Whether anything waits for 40 ms, as it does where Nagle's algorithm meets a delayed acknowledgement: Holdfast's clients
 * and services, each pair of runtimes.
 *
 * @module
 */

import { Pair } from "../harness/pair.ts";
import { spreadOf } from "../harness/statistics.ts";
import { type Experiment, failed } from "./experiment.ts";

/** So far apart, in milliseconds: less than a delayed acknowledgement takes. */
const PAUSES = [0, 5];

/** In ms; a stall that comes now and then shows in the upper quartile. */
function upper(times: readonly number[]): number {
  return spreadOf(times)!.high / 1_000;
}

/** See the module's text. */
export const stallExperiment: Experiment = {
  metrics: ["first-answer", "stall"],
  quick: false,
  async run(laboratory) {
    const { built, candidates, effort, runtimes, samples, say } = laboratory;
    const names = candidates.filter((name) => /^holdfast(@|$)/.test(name));
    for (let round = 0; round < effort.generations; round++) {
      for (const client of runtimes) {
        for (const service of runtimes) {
          for (const candidate of names) {
            const runtime = `${client.name}>${service.name}`;
            say(`stalls, ${runtime}, ${round + 1} of ${effort.generations}`);
            try {
              await using pair = new Pair({ built, candidate, service, client });
              const first = await pair.client.call("firstAnswers", "ping", await pair.serve("ping"), effort.waits);
              samples.add("first-answer", runtime, candidate, round, upper(first));
              samples.add(
                "stall",
                runtime,
                candidate,
                round,
                Math.max(upper(first), ...await patterns(pair, effort.waits)),
              );
            } catch (error) {
              failed(laboratory, runtime, candidate, error);
            }
          }
        }
      }
    }
  },
};

/** How long what should come at once took, in several patterns. */
async function patterns(pair: Pair, waits: number): Promise<readonly number[]> {
  const longest: number[] = [];
  for (const kind of ["ping", "record", "bytes"] as const) {
    await pair.connect(kind, 1);
    for (const pause of PAUSES) {
      longest.push(upper(await pair.client.call("exchangeOnce", kind, waits, pause)));
      if (pause === 0) continue;
      await pair.client.call("awaitPushed", true);
      await pair.service.call("pushSlowly", kind, waits, pause);
      await pair.client.call("pushedAll", waits);
      const gaps = await pair.client.call("gaps");
      longest.push(Math.max(0, upper(gaps) - pause));
    }
  }
  return longest;
}
