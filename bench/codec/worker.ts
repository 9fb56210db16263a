/**
 * Measures all candidates on the runtime that it runs on, and prints what it measured as JSON.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import process from "node:process";
import type { Candidate, Measured } from "./candidate.ts";
import { holdfast } from "./holdfast.ts";
import { peers } from "./peers.ts";
import { JOB, PING } from "./subject.ts";

/**
 * How long one candidate has its turn, in milliseconds: those of a processor, which other processes take none of. What
 * the engine does meanwhile to compile and to collect garbage counts, too.
 */
const TURN = 4;

/** How long each runs first, in milliseconds, so that an engine has compiled it as well as it ever will. */
const WARM_UP = 200;

/** The loop around an operation: one of its own for each, so that no engine compiles one for all of them. */
const loopOf = new Function(
  "run",
  "return (count) => { let last; for (let i = 0; i < count; i++) last = run(); return last; };",
);

/** Lets all take turns. */
function measure(candidates: readonly Candidate[], run: (candidate: Candidate) => () => unknown, rounds: number) {
  const runners = candidates.map((candidate) => {
    const loop: (count: number) => unknown = loopOf(run(candidate));
    const timeOf = (count: number) => {
      const before = process.cpuUsage();
      loop(count);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    let count = 64;
    for (let spent = 0; spent < WARM_UP;) {
      const time = timeOf(count);
      spent += time;
      if (time < TURN) count *= 2;
    }
    return { candidate: candidate.name, timeOf, count, samples: [] as number[] };
  });
  for (let round = 0; round < rounds; round++) {
    for (const { timeOf, count, samples } of runners) samples.push(timeOf(count) * 1e6 / count);
  }
  return runners;
}

/** Bytes as plain lists, dates as text, objects without classes and prototypes. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, inner) => {
    if (inner instanceof Uint8Array) return [...inner];
    return inner?.type === "Buffer" ? inner.data : inner;
  }));
}

const rounds = Number(process.argv[2]);
// By itself: an application has one of the two codecs, and what they share is compiled for the one that it has.
const candidates = process.argv[3] === "interpreting" ? [holdfast(false)] : [holdfast(true), ...peers()];
const measured: Measured[] = [];
for (const { name, ping, record } of candidates) {
  assert.deepEqual(plain(ping.arrives()), plain(PING), `${name} brings another ping`);
  assert.deepEqual(plain(record.arrives()), plain(JOB), `${name} brings another record`);
  measured.push({ metric: "bytes-ping", candidate: name, unit: "bytes", samples: [ping.bytes] });
  measured.push({ metric: "bytes-record", candidate: name, unit: "bytes", samples: [record.bytes] });
}
for (const subject of ["ping", "record"] as const) {
  for (const direction of ["encode", "decode"] as const) {
    for (const { candidate, samples } of measure(candidates, (one) => one[subject][direction], rounds)) {
      measured.push({ metric: `${direction}-${subject}`, candidate, unit: "ns", samples });
    }
  }
}
process.stdout.write(Buffer.from(JSON.stringify(measured)));
