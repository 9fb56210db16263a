/**
 * How compile time grows with the number of messages, on the runtime that runs the bench.
 *
 * @module
 */

import process from "node:process";
import { compile } from "../compile.ts";
import { SIZES } from "../growth.ts";
import type { Experiment } from "./experiment.ts";

/** See the module's text. */
export const compileExperiment: Experiment = {
  metrics: ["compile"],
  quick: false,
  run({ effort, samples, say }) {
    const runtime = ["deno", "bun"].find((name) => name in process.versions) ?? "node";
    for (let round = 0; round < effort.generations; round++) {
      for (const [files, messages] of SIZES) {
        const count = messages * effort.perMille / 1_000;
        if (files > 1 || count < 1) continue;
        say(`compiling ${count} messages, ${round + 1} of ${effort.generations}`);
        const { check, generate } = compile(files, count, effort.compiling);
        samples.add(`compile-${count}`, runtime, "holdfast", round, (check + generate) * 1000 / count);
      }
    }
    return Promise.resolve();
  },
};
