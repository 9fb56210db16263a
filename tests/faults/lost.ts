/**
 * What goes wrong in the tests of faults when sessions end: processes that are killed, that stop, or that come too late.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import { judge } from "./judge.ts";
import { ANY_BREAK, plan } from "./plan.ts";
import { carryOut, LOAD, type Result, type Scale, type Scenario } from "./scenarios.ts";
import type { Commands, Setup } from "./setup.ts";

/** By how long a session outlives its line here, in milliseconds. */
export const SESSION_TIMEOUT = 1_000;

/** What becomes of every message is to be known. */
const ALL = { ...LOAD, all: true };

/** A setup, and who runs its clients. */
export interface Lossy {
  readonly setup: Setup;
  readonly clients: readonly Commands[];
}

/** Scenarios in which sessions end, each on processes of its own, which keep journals. */
export const LOST: readonly Scenario<Lossy>[] = [
  {
    name: "the service is killed (SIGKILL), and comes back",
    run: ({ setup }, scale) =>
      judged(setup, scale, true, async () => {
        await setup.service.kill();
        await setup.startService();
        await setup.service.call("talk", ALL);
      }),
  },
  {
    name: "clients are killed (SIGKILL)",
    run: ({ clients, setup }, scale) =>
      judged(setup, scale, true, async (time) => {
        const commands = clients[time % clients.length]!;
        await setup.clients.shift()!.kill();
        const child = await setup.startClients(commands, clients.length + time);
        await child.call("talk", ALL);
      }),
  },
  {
    name: "clients come back too late",
    run: ({ setup }, scale) =>
      judged(setup, scale, true, async (time) => {
        const lines = [...setup.lines.values()].filter((_line, index) => index % 2 === time % 2);
        for (const line of lines) {
          line.reachable = false;
          line.break("rst");
        }
        await delay(SESSION_TIMEOUT + 500);
        for (const line of lines) line.reachable = true;
      }),
  },
  {
    name: "a rolling restart loses nothing",
    run: ({ setup }, scale) =>
      judged(setup, scale, false, async () => {
        await setup.service.call("hush");
        if (!await setup.service.close({ spread: 100 })) setup.leaked++;
        await setup.startService();
        await setup.service.call("talk", ALL);
      }),
  },
  {
    name: "a restart while lines break",
    run: ({ setup }, scale) =>
      judged(setup, scale, true, async (time) => {
        const breaking = carryOut(setup, plan(scale.seed + time, [ANY_BREAK], 10, 300));
        if (!await setup.service.close({ spread: 200 })) setup.leaked++;
        await breaking;
        await setup.startService();
        await setup.service.call("talk", ALL);
      }),
  },
];

/** Lets both sides talk while something happens several times, and compares what their journals say of it. */
async function judged(
  setup: Setup,
  { duration }: Scale,
  mayFail: boolean,
  happen: (time: number) => Promise<void>,
): Promise<Result> {
  await setup.talk(ALL);
  const from = performance.now();
  let times = 0;
  const pause = Math.min(500, duration);
  do {
    await delay(pause);
    await happen(times++);
  } while (performance.now() - from < duration);
  await delay(pause);
  await setup.hush();
  return { verdict: judge(setup.journals(), mayFail), breaks: times };
}
