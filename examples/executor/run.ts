/**
 * What stable connections were invented for: `deno task executors`. A mind hands tasks to executors; one of them is
 * killed, another one is cut off for a moment. Each task is completed exactly once.
 *
 * @module
 */

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { example, linesOf, listening, run, say, start, stop } from "../processes.ts";

const TASKS = 3000;
const NAMES = ["one", "two", "three", "four"];
/** How long the line is cut, in milliseconds: less than a session outlives its line. */
const CUT = 1_000;

/** Takes bytes from one executor to the mind and back, until the line is cut. */
async function relay(port: number): Promise<{ readonly port: number; cut(): Promise<void>; close(): void }> {
  const sockets = new Set<Socket>();
  let open = true;
  const server = createServer((near) => {
    if (!open) return void near.destroy();
    const far = connect(port, "localhost");
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on("error", () => other.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
  }).listen(0, "localhost");
  await once(server, "listening");
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    async cut() {
      open = false;
      cutAll();
      await delay(CUT);
      open = true;
    },
    close() {
      server.close();
      cutAll();
    },
  };
}

await example(300_000, async (folder) => {
  say("Compile the messages to TypeScript.");
  await run("The compiler", "compiler/cli.ts", "compile", "examples/executor/executor.msg");

  say(`Start a mind with ${TASKS} tasks.`);
  const identity = ["--cert", join(folder, "cert.pem"), "--key", join(folder, "key.pem")];
  const mind = start("examples/executor/mind.ts", "--port", "0", ...identity, "--tasks", `${TASKS}`);
  const lines = linesOf(mind, "The mind");
  const url = await listening(lines);
  const line = await relay(Number(new URL(url).port));

  say(`Start ${NAMES.length} executors; the line of the last one can be cut.`);
  const executors = NAMES.map((name) => {
    const to = name === NAMES.at(-1) ? url.replace(/:\d+\//, `:${line.port}/`) : url;
    const child = start("examples/executor/executor.ts", to, "--name", name, "--ca", join(folder, "ca.pem"));
    return {
      child,
      over: (async () => {
        for await (const _line of linesOf(child, `Executor ${name}`));
      })().catch(() => {}),
    };
  });

  let killed = false;
  let cut: Promise<void> | undefined;
  let summary: string | undefined;
  for await (const text of lines) {
    const [, completed] = /^PROGRESS (\d+)/.exec(text) ?? [];
    if (!killed && Number(completed) > TASKS / 5) {
      killed = true;
      say("Kill the first executor. What it has goes back to the mind.");
      await stop(executors[0]!.child, "SIGKILL");
    }
    if (cut === undefined && Number(completed) > TASKS / 3) {
      say(`Cut the line of the last executor, for ${CUT} ms. What it has stays with it.`);
      cut = line.cut();
    }
    if (text.startsWith("SUMMARY")) summary = text;
  }
  await cut;
  for (const { child, over } of executors.slice(1)) {
    await stop(child, "SIGTERM");
    await over;
  }
  line.close();
  if (!killed || cut === undefined) {
    throw new Error("The mind was done before anything went wrong: give it more tasks.");
  }
  if (!summary?.includes(`tasks ${TASKS}, completed ${TASKS}, completed twice 0`)) {
    throw new Error("Tasks went astray.");
  }
  if (!summary.includes("not theirs 0")) throw new Error("An executor that was only cut off lost its tasks.");
  say(`Done: each of ${TASKS} tasks was completed exactly once.`);
});
