/**
 * The recorded clients and a service of ours: it answers what the original's service answered, byte for byte, but for
 * what is said here.
 */

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, describe, test } from "node:test";
import { type Conversation, conversations } from "../wire/diset/captures.ts";
import { difference, FrameSocket, shown, turnsOf } from "./recorded.ts";
import { RecordedServices } from "./recorded_services.ts";

/** What our service does otherwise, on purpose: by scenario, as `differences` tells it, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {};

/** Keep-alives by which our service has the original's reader go on. */
const NUDGE = /^dka\d+:.*Framework\/\w+MSB\d+/;

/** Where the calls stood in the original's source. */
function withoutCallStack(frame: string): string {
  const cut = frame.replace(/^\d+:(.*), "CallStack": \[.*\]\}$/s, "$1}").replace(/^\d+:(.*)9:CallStack.*$/s, "$1e");
  return cut === frame ? frame : `${cut.length}:${cut}`;
}

/** Plays a recorded client to a service of ours, and tells what it did otherwise than the recorded one. */
async function differences(conversation: Conversation, port: number): Promise<string[]> {
  const found: string[] = [];
  const sockets = new Map<number, FrameSocket>();
  const heard = async (socket: FrameSocket, patience?: number) => {
    let frame = await socket.next(patience);
    while (NUDGE.test(frame)) frame = await socket.next(patience);
    return frame;
  };
  const open = async (connection: number): Promise<FrameSocket> => {
    const raw = connect({ host: "localhost", port, noDelay: true, allowHalfOpen: true });
    await once(raw, "connect");
    const socket = new FrameSocket(raw);
    sockets.set(connection, socket);
    return socket;
  };
  try {
    for (const { by, closes, connection, writes } of turnsOf(conversation)) {
      const socket = sockets.get(connection) ?? await open(connection);
      if (by === "client") {
        for (const frames of writes) socket.write(frames.join(""));
        if (closes) socket.close();
        continue;
      }
      const recorded = writes.flat().map(withoutCallStack);
      const ours: string[] = [];
      while (ours.length < recorded.length && ours.at(-1) !== "closed" && ours.at(-1) !== "nothing") {
        ours.push(await heard(socket));
      }
      if (closes && ours.at(-1) !== "closed") {
        recorded.push("closed");
        do ours.push(await heard(socket)); while (ours.at(-1) !== "closed" && ours.at(-1) !== "nothing");
      }
      found.push(...difference(recorded, ours).map((one) => `${connection} ${one}`));
    }
  } finally {
    for (const socket of sockets.values()) socket[Symbol.dispose]();
  }
  return found;
}

const services = new RecordedServices();

describe("a service of ours, and the recorded client", () => {
  after(() => services.close());

  for (const conversation of conversations().filter(({ file }) => file !== "scripted_server_json")) {
    const { encodings, file, scenario } = conversation;
    test(`${file}: ${scenario}${encodings.client === encodings.service ? "" : ` (${encodings.client} client)`}`, async () => {
      const found = await differences(conversation, await services.port(conversation));
      assert.deepEqual(found.map(shown), OTHERWISE[scenario] ?? []);
    });
  }
});
