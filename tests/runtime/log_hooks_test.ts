/**
 * The logging hook, with the loggers that people have: as `docs/observing.md` shows it.
 */

import { configure, getLogger, type LogRecord as LogTapeRecord, reset } from "@logtape/logtape";
import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { pino } from "pino";
import { Client, type Log, parse, serve } from "../../mod.ts";
import { check, type Scope } from "../harness.ts";

const LAB = parse("Break < id: int > service Lab/Log { auth all receives Break }");

/** A client is let in, sends what no handler survives, and is gone: that gives three records. */
async function happen(scope: Scope, log: Log): Promise<void> {
  const network = scope.memory();
  let count = 0;
  const server = await serve(LAB, {
    cert: "",
    key: "",
    network,
    log: (record) => {
      log(record);
      count++;
    },
    messages: {
      Break: () => {
        throw new Error("It has {braces} and a %s.");
      },
    },
  });
  const client = new Client(server.url, LAB, { network, log: () => {}, reconnect: false });
  await client.send("Break", { id: 1 }, { acknowledge: true }).catch(() => {});
  while (count < 3) await setTimeout(1);
  await client.close();
  await server.close();
}

check("log: pino takes records, with their errors and what they are about", async (t) => {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  await happen(
    t,
    ({ level, message, error, ...rest }) =>
      logger[level === "warning" ? "warn" : level]({ ...rest, ...(error !== undefined && { err: error }) }, message),
  );
  const [admitted, failed, ended] = lines;
  assert.deepEqual([admitted?.["level"], admitted?.["event"], admitted?.["msg"]], [
    30,
    "admitted",
    "A client was let in.",
  ]);
  assert.equal(failed?.["level"], 50);
  assert.equal((failed["err"] as Error).message, "It has {braces} and a %s.");
  assert.match(String(failed["incident"]), /^\w{8}$/);
  assert.equal(ended?.["transportId"], admitted?.["transportId"]);
});

check("log: LogTape takes records, as properties that no text of theirs can break", async (t) => {
  const records: LogTapeRecord[] = [];
  t.cleanup(reset);
  await configure({
    sinks: { list: (record) => void records.push(record) },
    loggers: [
      { category: "holdfast", lowestLevel: "info", sinks: ["list"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["list"] },
    ],
  });
  const logger = getLogger("holdfast");
  await happen(t, ({ level, message, ...rest }) => logger[level]("{message}", { message, ...rest }));
  logger.warning("{message}", { message: "{event} %s", event: "denied" });
  assert.deepEqual(records.map(({ level, message }) => [level, message.join("")]), [
    ["info", "A client was let in."],
    ["error", "The handler of Break failed."],
    ["info", "A client's session has ended."],
    ["warning", "{event} %s"],
  ]);
  assert.equal((records[1]!.properties["error"] as Error).message, "It has {braces} and a %s.");
  assert.equal(records[2]!.properties["event"], "ended");
});

check("log: the console takes records, without an adapter", async (t) => {
  const { error, info } = console;
  t.cleanup(() => Object.assign(console, { error, info }));
  const written: unknown[][] = [];
  console.error = console.info = (...parts: unknown[]) => void written.push(parts);
  await happen(t, ({ level, ...rest }) => console[level === "warning" ? "warn" : level](rest));
  assert.deepEqual(written.map(([record]) => (record as { message: string }).message), [
    "A client was let in.",
    "The handler of Break failed.",
    "A client's session has ended.",
  ]);
});
