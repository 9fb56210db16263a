/**
 * Holdfast's main job from end to end: `deno task demo`. Everything runs as it would by hand, as processes of their own.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** How this runtime runs a program: what Deno needs to be told, Bun need not. */
const RUN = "deno" in process.versions ? ["run", "-A"] : [];

/** The last id that a `number` can hold for sure is the sixth. */
const START = 2n ** 53n - 6n;
const COUNT = 12;
/** After so many pongs the service is killed. */
const BREAK = 5;
/** Time between pings, so that there is a middle to kill the service in. In milliseconds. */
const INTERVAL = 100;
/** After so long something hangs. In milliseconds. */
const PATIENCE = 120_000;

/** Ends every process that is still there, however the demo ends. */
const over = new AbortController();

/** A service that listens. */
interface Service {
  readonly child: ChildProcess;
  readonly url: string;
}

function say(text: string): void {
  console.log(`\n# ${text}`);
}

function start(program: string, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [...RUN, program, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
    signal: over.signal,
    killSignal: "SIGKILL",
  });
}

/** Prints a process's lines and gives them on; fails where the process does. */
async function* linesOf(child: ChildProcess, what: string): AsyncGenerator<string> {
  const ended = once(child, "close");
  // Looked at below, when there are no more lines.
  ended.catch(() => {});
  for await (const line of createInterface({ input: child.stdout! })) {
    console.log(line);
    yield line;
  }
  const [code, signal] = await ended;
  if (code !== 0) throw new Error(`${what} ended with ${signal ?? `exit code ${code}`}.`);
}

async function run(what: string, program: string, ...args: readonly string[]): Promise<void> {
  for await (const _line of linesOf(start(program, ...args), what));
}

async function startService(folder: string, port: string): Promise<Service> {
  const identity = ["--cert", join(folder, "cert.pem"), "--key", join(folder, "key.pem")];
  const child = start("examples/pingpong/service.ts", "--port", port, ...identity);
  const { value: line } = await linesOf(child, "The service").next();
  const [, url] = /^LISTENING (tls:.*)$/.exec(line ?? "") ?? [];
  if (url === undefined) throw new Error("The service ended before it listened.");
  return { child, url };
}

/** Ends a service, and waits until it has ended. */
async function stop({ child }: Service, signal: "SIGTERM" | "SIGKILL"): Promise<number | null> {
  const ended = once(child, "exit");
  // Not `child.kill`: after that, Deno tells the signal instead of the exit code, whatever the process made of it.
  process.kill(child.pid!, signal);
  const [code] = await ended;
  return code;
}

async function demo(folder: string): Promise<void> {
  say("Compile the messages to TypeScript.");
  await run("The compiler", "compiler/cli.ts", "compile", "examples/pingpong/pingpong.msg");

  say("Make a certificate for development.");
  await run("The command", "compiler/cli.ts", "cert", "--out", folder);

  say("Start the service, on any port that is free.");
  let service = await startService(folder, "0");

  say(`Start a client that knows no definitions, and let it ping ${COUNT} times, to beyond 2^53 (${2n ** 53n}).`);
  const flags = ["--count", `${COUNT}`, "--start", `${START}`, "--interval", `${INTERVAL}`];
  const client = start("examples/pingpong/client.ts", service.url, "--ca", join(folder, "ca.pem"), ...flags);
  let received = 0;
  for await (const line of linesOf(client, "The client")) {
    const expected = `RECEIVED PONG ${START + BigInt(received)}`;
    if (line !== expected) throw new Error(`The client should have said ${expected}.`);
    if (++received !== BREAK) continue;

    say("Kill the service, and start it again on the same port. The client knows nothing of that.");
    await stop(service, "SIGKILL");
    service = await startService(folder, new URL(service.url).port);
    say("The client connects again by itself, and goes on.");
  }
  if (received !== COUNT) throw new Error(`The client received ${received} pongs, not ${COUNT}.`);

  say("Stop the service.");
  const code = await stop(service, "SIGTERM");
  if (code !== 0) throw new Error(`The service ended with exit code ${code}.`);
  say(`Done: ${received} pongs over two connections, none lost.`);
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-demo-"));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const interrupt = () => over.abort(new Error("The demo was interrupted."));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, interrupt);
const watchdog = setTimeout(() => over.abort(new Error(`The demo is not done after ${PATIENCE} ms.`)), PATIENCE);
try {
  await inFolder(demo);
} catch (error) {
  console.error(`error: ${(over.signal.aborted ? over.signal.reason : error).message}`);
  process.exitCode = 1;
} finally {
  clearTimeout(watchdog);
  over.abort();
}
