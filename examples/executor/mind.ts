// Hands tasks to executors: mind.ts --port 9146 --cert cert.pem --key key.pem --tasks 3000

import { type Connection, type HoldfastError, serve } from "holdfast";
import { readFileSync } from "node:fs";
import process from "node:process";
import { command } from "../command.ts";
import { Mind, type MindTypes, type Task } from "./executor.msg.ts";

/** An executor that is connected, or may come back. */
interface Executor {
  readonly name: string;
  readonly slots: number;
  readonly connection: Connection<MindTypes>;
  /** What it has, by id. */
  readonly tasks: Map<number, Task>;
}

const executors = new Map<string, Executor>();
const queue: Task[] = [];
/** How often each task was completed: done or failed. */
const completed = new Map<number, number>();
const counts = { frozen: 0, failed: 0, "given back": 0, "not theirs": 0 };

function dispatch(): void {
  for (const executor of executors.values()) {
    while (executor.tasks.size < executor.slots && queue.length > 0) {
      const task = queue.shift()!;
      executor.tasks.set(task.id, task);
      // Not awaited: the free slots bound what is on its way. What is lost with an executor comes back in `onDrop`.
      executor.connection.send("Task", task);
    }
  }
}

/** Takes a task from the executor that reports on it; `undefined` if it has no such task. */
function take({ transportId }: Connection<MindTypes>, id: number): Task | undefined {
  const tasks = executors.get(transportId)?.tasks;
  const task = tasks?.get(id);
  if (task === undefined) counts["not theirs"]++;
  tasks?.delete(id);
  return task;
}

function complete(connection: Connection<MindTypes>, id: number): boolean {
  const task = take(connection, id);
  if (task !== undefined) completed.set(id, (completed.get(id) ?? 0) + 1);
  dispatch();
  return task !== undefined;
}

await command({ port: 9146n, cert: "cert.pem", key: "key.pem", tasks: 3000n }, async ({ port, cert, key, tasks }) => {
  const total = Number(tasks);
  for (let id = 0; id < total; id++) queue.push({ id, steps: 1 + id % 7 });

  const server = await serve(Mind, {
    port: Number(port),
    cert: readFileSync(cert, "utf8"),
    key: readFileSync(key, "utf8"),
    // An executor that is cut off for less than this keeps its tasks.
    limits: { sessionTimeout: 3_000, keepAlive: 1_000 },
    onConnect(connection, { name, slots }) {
      executors.set(connection.transportId, { name, slots, connection, tasks: new Map() });
      console.log(`CONNECTED ${name} with ${slots} slots`);
      dispatch();
    },
    onDrop(connection: Connection<MindTypes>, reason: HoldfastError) {
      const { name, tasks } = executors.get(connection.transportId)!;
      executors.delete(connection.transportId);
      queue.unshift(...tasks.values());
      counts["given back"] += tasks.size;
      console.log(`DROPPED ${name}, which gives back ${tasks.size} tasks: ${reason.message}`);
      dispatch();
    },
    messages: {
      Done: ({ id }, connection) => void complete(connection, id),
      Failed({ id }, connection) {
        if (complete(connection, id)) counts.failed++;
      },
      Frozen({ id }, connection) {
        const task = take(connection, id);
        if (task !== undefined) queue.push(task);
        counts.frozen++;
        dispatch();
      },
    },
  });
  console.log(`LISTENING ${server.url}`);

  await new Promise<void>((resolve) => {
    const progress = setInterval(() => {
      console.log(`PROGRESS ${completed.size} of ${total}`);
      if (completed.size === total) stop();
    }, 250);
    const stop = () => {
      clearInterval(progress);
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
  });
  await server.close();
  const twice = [...completed.values()].filter((times) => times > 1).length;
  const others = Object.entries(counts).map(([what, count]) => `${what} ${count}`).join(", ");
  console.log(`SUMMARY tasks ${total}, completed ${completed.size}, completed twice ${twice}, ${others}`);
  if (completed.size !== total || twice > 0) process.exitCode = 1;
});
