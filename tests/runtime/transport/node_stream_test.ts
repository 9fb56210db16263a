import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { test } from "node:test";
import { Inlet } from "../../../runtime/transport/inlet.ts";
import { NodeStream } from "../../../runtime/transport/node_stream.ts";

/** A stream whose socket a test plays, and what it tells. */
function lab() {
  const socket = Object.assign(new EventEmitter(), { destroy() {}, end() {}, resume() {}, write: () => false });
  const inlet = new Inlet();
  const stream = new NodeStream(socket as unknown as Socket, undefined, []);
  const told: (number[] | string)[] = [];
  return {
    socket,
    stream,
    told,
    read(...bytes: readonly number[]) {
      const buffer = inlet.onread.buffer as Uint8Array;
      buffer.set(bytes);
      inlet.onread.callback(bytes.length, buffer);
    },
    start: (onData?: () => void) =>
      stream.start({
        data(chunk) {
          told.push([...chunk]);
          onData?.();
        },
        closed: (cause) => void told.push(`closed ${cause}`),
      }, inlet),
  };
}

test("NodeStream: a socket that has closed before it starts tells what came, and then the end", () => {
  const { read, socket, start, stream, told } = lab();
  read(1, 2);
  read(3);
  socket.emit("end");
  socket.emit("close");
  assert.equal(stream.write(new Uint8Array(1)), undefined, "nobody waits for room that never comes");
  start();
  assert.deepEqual(told, [[1, 2], [3], "closed undefined"]);
  assert.equal(stream.write(new Uint8Array(1)), undefined);
});

test("NodeStream: who ends a stream by what came first hears no more of that, but of its end", () => {
  const { read, socket, start, stream, told } = lab();
  read(1);
  read(2);
  socket.emit("close");
  start(() => stream.destroy());
  assert.deepEqual(told, [[1], "closed undefined"]);
});

test("NodeStream: who ends a stream before it starts hears of its end only", () => {
  for (const how of ["close", "destroy"] as const) {
    const { read, socket, start, stream, told } = lab();
    read(1);
    stream[how]();
    socket.emit("close");
    start();
    assert.deepEqual(told, ["closed undefined"]);
  }
});

test("NodeStream: one that has started tells its end once, and nothing after that", () => {
  const { read, socket, start, told } = lab();
  start();
  read(1);
  socket.emit("close");
  read(2);
  assert.deepEqual(told, [[1], "closed undefined"]);
});
