/**
 * Holdfast's main job from end to end: `deno task demo`. Everything runs as it would by hand, as processes of their own.
 *
 * @module
 */

import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { example, linesOf, listening, run, say, start, stop } from "./processes.ts";

/** The last id that a `number` can hold for sure is the sixth. */
const START = 2n ** 53n - 6n;
const COUNT = 12;
/** After so many pongs the service is killed. */
const BREAK = 5;
/** Time between pings, so that there is a middle to kill the service in. In milliseconds. */
const INTERVAL = 100;

async function startService(
  folder: string,
  port: string,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const identity = ["--cert", join(folder, "cert.pem"), "--key", join(folder, "key.pem")];
  const child = start("examples/pingpong/service.ts", "--port", port, ...identity);
  return { child, url: await listening(linesOf(child, "The service")) };
}

await example(120_000, async (folder) => {
  say("Compile the messages to TypeScript.");
  await run("The compiler", "compiler/cli.ts", "compile", "examples/pingpong/pingpong.msg");

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
    await stop(service.child, "SIGKILL");
    service = await startService(folder, new URL(service.url).port);
    say("The client connects again by itself, and goes on.");
  }
  if (received !== COUNT) throw new Error(`The client received ${received} pongs, not ${COUNT}.`);

  say("Stop the service.");
  const code = await stop(service.child, "SIGTERM");
  if (code !== 0) throw new Error(`The service ended with exit code ${code}.`);
  say(`Done: ${received} pongs over two connections, none lost.`);
});
