/**
 * What goes wrong in the tests of faults, while all sessions survive it.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import type { Child } from "./child.ts";
import type { States } from "./clients.ts";
import { compare, type Verdict } from "./judge.ts";
import { ANY_BREAK, breaks, BREAKS_TWICE, type Fault, type Kind, LATE_OPENS, plan, SHAPES, SHUT } from "./plan.ts";
import type { Line } from "./proxy.ts";
import type { ServiceStats } from "./service.ts";
import type { Setup } from "./setup.ts";
import type { Load } from "./talker.ts";

/** Silence after which a peer is asked, in milliseconds. */
export const KEEP_ALIVE = 300;
/** By when a dead peer must have been noticed: the time to ask, the time to answer, and what a busy machine takes. */
const NOTICED = 2 * KEEP_ALIVE + 1_500;

/** Longer than it takes to be given up, in milliseconds. */
const DEAD = 3 * KEEP_ALIVE + 100;

/** What came of a scenario. */
export interface Result {
  readonly verdict: Verdict;
  readonly breaks: number;
}

/** How much of everything. */
export interface Scale {
  readonly seed: number;
  /** How long faults go on, in milliseconds. */
  readonly duration: number;
  /** How many faults it has. */
  readonly faults: number;
}

/** A scenario. */
export interface Scenario<S> {
  readonly name: string;
  readonly run: (setup: S, scale: Scale) => Promise<Result>;
}

/** What everybody says all the time: some is acknowledged, some is a request. */
export const LOAD: Load = { burst: 4, pause: 10, most: 200, all: false };

/** Faults on the lines, by a plan, under load. */
function onLines(name: string, ...kinds: readonly Kind[]): Scenario<Setup> {
  return {
    name,
    run: (setup, { duration, faults, seed }) =>
      surviving(setup, LOAD, () => carryOut(setup, plan(seed, kinds, faults, duration))),
  };
}

/** Scenarios that all sessions survive, on the same processes one after the other. */
export const SURVIVED: readonly Scenario<Setup>[] = [
  onLines("lines end politely (FIN)", breaks("fin")),
  onLines("lines are reset (RST)", breaks("rst")),
  onLines("lines fall silent", breaks("silence")),
  onLines("the service believes the old line alive", breaks("ghost")),
  onLines("what was sent over the old line comes late", breaks("late")),
  onLines("lines break while clients come back", BREAKS_TWICE),
  onLines("clients come back, and a former attempt of theirs comes late", LATE_OPENS),
  onLines("bytes dribble, lump and crawl", SHAPES, ANY_BREAK),
  onLines("nobody comes through for a while", SHUT),
  onLines("everything at once", ANY_BREAK, BREAKS_TWICE, SHAPES, SHUT),
  {
    name: "the service stands still (SIGSTOP)",
    run: (setup, scale) => surviving(setup, LOAD, () => freeze(setup, scale, [setup.service])),
  },
  {
    name: "clients stand still (SIGSTOP)",
    run: (setup, scale) => surviving(setup, LOAD, () => freeze(setup, scale, setup.clients)),
  },
  { name: "silence is noticed in time, on both sides", run: noticing },
  { name: "a peer that is busy receiving is not given up", run: pushing },
];

/** Lets both sides talk while something happens, and compares what they have to say of it. */
async function surviving(setup: Setup, load: Load | undefined, happen: () => Promise<number>): Promise<Result> {
  if (load !== undefined) await setup.talk(load);
  const breaks = await happen();
  const hung: string[] = [];
  await setup.hush().catch((error) => hung.push(String(error)));
  const verdict = compare(await setup.accounts());
  verdict.faults.push(...hung);
  const { connects, drops } = await setup.service.call<ServiceStats>("stats");
  if (drops > 0 || connects > setup.lines.size) verdict.faults.push(`${drops} sessions have ended.`);
  return { verdict, breaks };
}

/** Does what is planned; gives back how many lines it broke. */
export async function carryOut(setup: Setup, faults: readonly Fault[]): Promise<number> {
  const lines = [...setup.lines.values()];
  const from = performance.now();
  const later: Promise<void>[] = [];
  let broken = 0;
  const cut = (line: Line, how: Parameters<Line["break"]>[0]) => void (broken += line.break(how) === undefined ? 0 : 1);
  for (const { act, at, client } of faults) {
    await delay(Math.max(0, from + at - performance.now()));
    const line = lines[client % lines.length]!;
    switch (act.act) {
      case "break":
        cut(line, act.how);
        break;
      case "break twice":
        line.breakNext(act.bytes, act.then);
        cut(line, act.how);
        break;
      case "shape":
        line.shape = act.shape;
        later.push(delay(act.ms).then(() => void (line.shape = { way: "pass" })));
        break;
      case "shut":
        line.reachable = false;
        cut(line, act.how);
        later.push(delay(act.ms).then(() => void (line.reachable = true)));
    }
  }
  await Promise.all(later);
  return broken;
}

/** Lets processes stand still, one after the other: some shorter, some longer than it takes to be given up. */
async function freeze(setup: Setup, { duration, seed }: Scale, children: readonly Child[]): Promise<number> {
  const from = performance.now();
  let times = 0;
  for (let longer = seed % 2 === 0; performance.now() - from < duration; longer = !longer) {
    const child = children[times++ % children.length]!;
    child.pause();
    await delay(longer ? DEAD : KEEP_ALIVE / 2);
    child.resume();
    await allOpen(setup);
  }
  return times;
}

/** Waits until every client's line carries again. */
async function allOpen(setup: Setup): Promise<void> {
  const lines = [...setup.lines.values()];
  while (!lines.every((line) => line.isCarrying)) await delay(10);
}

/** A line falls silent: client and service let go of it within the budget, whatever is being said. */
async function noticing(setup: Setup): Promise<Result> {
  const late: string[] = [];
  const result = await surviving(setup, LOAD, async () => {
    await Promise.all([...setup.lines].map(async ([name, line]) => {
      await allOpen(setup);
      line.reachable = false;
      const from = performance.now();
      const ends = line.break("silence");
      if (ends === undefined) throw new Error(`There is no line of ${name} to fall silent.`);
      const took = async (who: string, noticed: Promise<unknown>) => {
        await Promise.race([noticed, delay(2 * NOTICED, undefined, { ref: false })]);
        const ms = performance.now() - from;
        if (ms > NOTICED) late.push(`${who} took ${Math.round(ms)} ms to notice that the line is silent.`);
      };
      await Promise.all([took(name, ends.near), took(`The service of ${name}`, ends.far)]);
      line.reachable = true;
    }));
    return setup.lines.size;
  });
  result.verdict.faults.push(...late);
  return result;
}

/**
 * The service pushes messages each of which takes longer than the time after which a silent peer is given up, to a
 * client that has nothing to say.
 */
async function pushing(setup: Setup, { duration }: Scale): Promise<Result> {
  const [name, line] = [...setup.lines][0]!;
  const resumed = async () => {
    const states = await Promise.all(setup.clients.map((child) => child.call<Record<string, States>>("states")));
    return Object.assign({}, ...states)[name]["resuming"] ?? 0;
  };
  const size = 1_000_000;
  return await surviving(setup, undefined, async () => {
    const before = await resumed();
    line.shape = { way: "slow", rate: size };
    await setup.service.call("push", { name, count: Math.min(20, Math.ceil(duration / 1_000)), size });
    line.shape = { way: "pass" };
    const breaks = await resumed() - before;
    if (breaks > 0) throw new Error(`A client that was receiving all the time was given up ${breaks} times.`);
    return 0;
  });
}
