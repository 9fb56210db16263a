/**
 * What it costs to write and to read a message, beside the formats of others: see `bench/codec.ts`, which says more.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import type { Measured } from "../codec/candidate.ts";
import { isPeerName } from "../harness/candidates.ts";
import type { Experiment } from "./experiment.ts";

/** Rounds take milliseconds here: so many for one of the other experiments. */
const ROUNDS = 17;

/** See the module's text. */
export const codecExperiment: Experiment = {
  metrics: ["encode-ping", "decode-ping", "encode-record", "decode-record", "bytes-ping", "bytes-record"],
  quick: false,
  async run({ built, candidates, effort, runtimes, samples, say, wants }) {
    // Without packages there is nothing to compare with.
    if (!candidates.some(isPeerName)) return;
    const worker = await built.module("codec/worker.ts");
    for (const runtime of runtimes) {
      say(`codec, ${runtime.name}`);
      const [command, ...args] = runtime.command([]);
      const rounds = String(effort.generations * effort.rounds * ROUNDS);
      const { status, stdout } = spawnSync(command, [...args, worker, rounds], {
        encoding: "utf8",
        maxBuffer: 64 * 1024 * 1024,
        stdio: ["ignore", "pipe", "inherit"],
      });
      if (status !== 0) throw new Error(`The measurement of the codec failed on ${runtime.name}.`);
      for (const one of JSON.parse(stdout) as readonly Measured[]) {
        if (!wants(one.metric)) continue;
        one.samples.forEach((value, round) => samples.add(one.metric, runtime.name, one.candidate, round, value));
      }
    }
  },
};
