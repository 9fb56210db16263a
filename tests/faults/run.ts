/**
 * `deno task faults [--seed N] [--short] [--long] [--runtime deno|bun] [--only WORDS]`: services and clients as processes, a faulty
 * network between them, and an account of every message. The last line says what became of all of them; anything lost,
 * duplicated, reordered or left behind ends this with 1.
 *
 * @module
 */

import { randomInt } from "node:crypto";
import { tmpdir } from "node:os";
import process from "node:process";
import { parseArgs } from "node:util";
import { developmentCertificate } from "../../compiler/certificate.ts";
import { type Host, HOSTS } from "../programs.ts";
import { sum, type Verdict } from "./judge.ts";
import { LOST, SESSION_TIMEOUT } from "./lost.ts";
import { KEEP_ALIVE, type Scale, SURVIVED } from "./scenarios.ts";
import { type Commands, Setup, type SetupOptions } from "./setup.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    short: { type: "boolean", default: false },
    long: { type: "boolean", default: false },
    runtime: { type: "string" },
    only: { type: "string" },
  },
});

/** Times in milliseconds. */
const SIZES = {
  short: { clients: 3, duration: 250, faults: 8 },
  usual: { clients: 6, duration: 3_000, faults: 50 },
  long: { clients: 12, duration: 95_000, faults: 1_500 },
};

const size = values.short ? SIZES.short : values.long ? SIZES.long : SIZES.usual;
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
const only = values.only ?? "";
const hosts = HOSTS.filter(({ name, skip }) => name !== "Node" && skip === false);
const services = hosts.filter(({ name }) => values.runtime === undefined || name.toLowerCase() === values.runtime);
if (!Number.isSafeInteger(seed) || services.length === 0) {
  console.error("Give --seed a whole number, and --runtime one that is there: deno or bun.");
  process.exit(2);
}

/** All that was found out so far. */
const verdicts: Verdict[] = [];
let breaks = 0;
let leaked = 0;

async function commandsOf(host: Host): Promise<Commands> {
  return {
    runtime: host.name.toLowerCase(),
    service: await host.prepare("tests/faults/service.ts", tmpdir()),
    clients: await host.prepare("tests/faults/clients.ts", tmpdir()),
  };
}

/** Runs one scenario, and prints what came of it. */
async function scenario(
  name: string,
  index: number,
  run: (scale: Scale) => Promise<{ verdict: Verdict; breaks: number }>,
): Promise<boolean> {
  const from = performance.now();
  let line: string;
  let faults: string[] = [];
  try {
    const result = await run({ ...size, seed: seed + index });
    const { duplicated, lost, messages, reordered } = result.verdict;
    faults = result.verdict.faults;
    verdicts.push(result.verdict);
    breaks += result.breaks;
    line =
      `messages ${messages}, breaks ${result.breaks}, lost ${lost}, duplicated ${duplicated}, reordered ${reordered}`;
  } catch (error) {
    faults = [error instanceof Error ? error.message : String(error)];
    verdicts.push({ messages: 0, lost: 0, duplicated: 0, reordered: 0, faults });
    line = "failed";
  }
  const seconds = ((performance.now() - from) / 1_000).toFixed(1);
  console.log(`${faults.length === 0 ? "ok  " : "FAIL"} ${name}: ${line} (${seconds} s)`);
  for (const fault of faults.slice(0, 10)) console.log(`     ${fault}`);
  return faults.length === 0;
}

/** The scenarios with a service on one runtime, and clients on all. */
async function onRuntime(service: Commands, clients: readonly Commands[]): Promise<void> {
  const certificate = await developmentCertificate();
  const common = { service, clients, count: size.clients, certificate };
  // When all handlers run that may, requests overtake messages: here, the order of all is looked at.
  const handlers = 1_024;
  const limits = { handlers, keepAlive: KEEP_ALIVE, handshakeTimeout: 1_000, sessionTimeout: 120_000 };
  const survived: SetupOptions = { ...common, limits, journals: false };
  const lost: SetupOptions = { ...common, limits: { ...limits, sessionTimeout: SESSION_TIMEOUT }, journals: true };

  console.log(`\nA service on ${service.runtime}, clients on ${clients.map(({ runtime }) => runtime).join(" and ")}:`);
  {
    await using setup = await Setup.start(survived);
    let messages = 0;
    for (const [index, { name, run }] of SURVIVED.entries()) {
      if (!name.includes(only)) continue;
      const ok = await scenario(name, index, async (scale) => {
        const { breaks, verdict } = await run(setup, scale);
        // The accounts go on from one scenario to the next.
        const count = verdict.messages - messages;
        messages = verdict.messages;
        return { breaks, verdict: { ...verdict, messages: count } };
      });
      // What went wrong in this one would be found again in the next.
      if (!ok) break;
    }
    await setup.close();
    leaked += setup.leaked;
  }
  for (const [index, { name, run }] of LOST.entries()) {
    if (!name.includes(only)) continue;
    await scenario(name, SURVIVED.length + index, async (scale) => {
      await using setup = await Setup.start(lost);
      const result = await run({ setup, clients }, scale);
      await setup.close();
      leaked += setup.leaked;
      return result;
    });
  }
}

console.log(`The seed is ${seed}: the same faults again by --seed ${seed}.`);
const all = await Promise.all(hosts.map(commandsOf));
for (const { name } of services) await onRuntime(all.find(({ runtime }) => runtime === name.toLowerCase())!, all);
const { duplicated, faults, lost, messages, reordered } = sum(verdicts);
console.log(
  `\nmessages ${messages}, breaks ${breaks}, lost ${lost}, duplicated ${duplicated}, reordered ${reordered}, leaked ${leaked}`,
);
if (faults.length + lost + duplicated + reordered + leaked > 0) process.exitCode = 1;
