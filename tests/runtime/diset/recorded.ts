/**
 * Recorded conversations, played by one side to the other: what each frame is compared with, and how.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { encodeFrame } from "../../../runtime/wire/diset/encoder.ts";
import { decodePayload } from "../../../runtime/wire/diset/encodings.ts";
import { DateTime, Day, Dict, Float, type PyValue, Time, Tuple } from "../../../runtime/wire/diset/python.ts";
import { floatText } from "../../../runtime/wire/diset/python_numbers.ts";
import { type Conversation, type Spoken, WIDE } from "../wire/diset/captures.ts";

/** What is longer is cut where it is shown, in UTF-16 code units. */
const LONGEST = 200;

/** What one side did without a break, and is to be seen before the other goes on. */
export interface Turn {
  readonly connection: number;
  readonly by: "client" | "service";
  /** Each what arrived together. */
  readonly writes: readonly (readonly string[])[];
  /** Whether it closed then. */
  readonly closes: boolean;
}

/** The turns of a conversation. */
export function turnsOf({ spoken }: Pick<Conversation, "spoken">): Turn[] {
  const turns: (Omit<Turn, "writes" | "closes"> & { readonly writes: string[][]; closes: boolean })[] = [];
  let chunk = -1;
  for (const one of spoken) {
    let turn = turns.at(-1);
    if (turn === undefined || turn.closes || turn.connection !== one.connection || turn.by !== one.by) {
      turns.push(turn = { connection: one.connection, by: one.by, writes: [], closes: false });
      chunk = -1;
    }
    if (one.bytes === undefined) turn.closes = true;
    else if (one.chunk === chunk) turn.writes.at(-1)!.push(textOf(one.bytes));
    else turn.writes.push([textOf(one.bytes)]);
    chunk = one.chunk;
  }
  return turns;
}

/** Bytes as text that keeps each of them. */
export function textOf(bytes: NonNullable<Spoken["bytes"]>): string {
  return Buffer.from(bytes).toString("latin1");
}

/** One side of a connection, of which frames are heard. */
export class FrameSocket {
  readonly #socket: Socket;
  readonly #frames: string[] = [];
  #arrived: Buffer = Buffer.alloc(0);
  #hasEnded = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    for (const event of ["end", "close", "error"]) {
      socket.on(event, () => {
        this.#hasEnded = true;
        this.#wake();
      });
    }
  }

  /** Writes text as {@link textOf} gives it. */
  write(text: string): void {
    if (!this.#socket.destroyed) this.#socket.write(Buffer.from(text, "latin1"));
  }

  /** Says that no more will be written. */
  close(): void {
    if (!this.#socket.destroyed) this.#socket.end();
  }

  /** The next frame; `closed` where the other side has closed, `nothing` where it says nothing. */
  async next(patience: number): Promise<string> {
    const deadline = Date.now() + patience;
    while (this.#frames.length === 0 && !this.#hasEnded) {
      const left = deadline - Date.now();
      if (left <= 0) return "nothing";
      let watchdog;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        watchdog = setTimeout(resolve, left);
      });
      clearTimeout(watchdog);
    }
    return this.#frames.shift() ?? "closed";
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#arrived = Buffer.concat([this.#arrived, chunk]);
    for (;;) {
      const [head, length] = /^(?:dka)?([0-9]+):/.exec(this.#arrived.subarray(0, 20).toString("latin1")) ?? [];
      const size = head === undefined ? Infinity : head.length + Number(length);
      if (this.#arrived.length < size) break;
      this.#frames.push(textOf(this.#arrived.subarray(0, size)));
      this.#arrived = this.#arrived.subarray(size);
    }
    this.#wake();
  }
}

/** A frame as it is shown: as Python would, however it was written, and cut where it is long. */
export function shown(frame: string): string {
  const { keepAlive, value } = contentOf(frame);
  const text = value === undefined ? frame : `${keepAlive ? "keep-alive " : ""}${pythonText(value)}`;
  // The number is for whoever reads the log.
  const same = text.replace(/Internal error [0-9a-f]{8}\./, "Internal error.");
  return same.length <= LONGEST ? same : `${same.slice(0, LONGEST)}…`;
}

/** A value as Python prints it, more or less. */
function pythonText(value: PyValue): string {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof Tuple) return `(${value.items.map(pythonText).join(", ")})`;
  if (value instanceof Dict) return `{${Array.from(value, (entry) => entry.map(pythonText).join(": ")).join(", ")}}`;
  if (value instanceof Uint8Array) return `bytes(${value.join()})`;
  if (value instanceof Day) return `date(${Object.values(value).join()})`;
  if (value instanceof Time) return `time(${Object.values(value).join()})`;
  if (value instanceof DateTime) return `${pythonText(value.day)} ${pythonText(value.time)}`;
  if (Array.isArray(value)) return `[${value.map(pythonText).join(", ")}]`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** What a frame holds; nothing where it is no frame. */
function contentOf(frame: string): { readonly keepAlive: boolean; readonly value: PyValue | undefined } {
  const [head] = /^(?:dka)?[0-9]+:/.exec(frame) ?? [];
  if (head === undefined) return { keepAlive: false, value: undefined };
  const keepAlive = head.startsWith("dka");
  try {
    return { keepAlive, value: decodePayload(Buffer.from(frame.slice(head.length), "latin1"), WIDE).value };
  } catch {
    return { keepAlive, value: undefined };
  }
}

/** Whether a frame is an error result. */
export function isError(frame: string): boolean {
  const { keepAlive, value } = contentOf(frame);
  return !keepAlive && value instanceof Dict && value.get("OK") === false;
}

/** What is only in one of two lists, order aside. */
export function difference(recorded: readonly string[], ours: readonly string[]): readonly string[] {
  const rest = [...ours];
  const missing = recorded.filter((one) => {
    const place = rest.indexOf(one);
    if (place >= 0) rest.splice(place, 1);
    return place < 0;
  });
  return [...missing.map((one) => `- ${shown(one)}`), ...rest.map((one) => `+ ${shown(one)}`)];
}

/** Keep-alives by which our service has the original's reader go on. */
const NUDGE = /^dka\d+:.*Framework\/\w+MSB\d+/;

/** An error says where in the original's source it came up: we have no such place. */
function withoutCallStack(frame: string): string {
  if (!frame.includes("CallStack")) return frame;
  const { encoding, value } = decodePayload(Buffer.from(frame.slice(frame.indexOf(":") + 1), "latin1"), WIDE);
  (value as Dict).delete("CallStack");
  return textOf(encodeFrame(value, encoding));
}

/**
 * Plays a recorded client to a service of ours, and tells what that did otherwise than the recorded one.
 *
 * @param patience How long something that was recorded is waited for, in milliseconds.
 */
export async function clientDifferences(conversation: Conversation, port: number, patience: number): Promise<string[]> {
  const found: string[] = [];
  const sockets = new Map<number, FrameSocket>();
  const heard = async (socket: FrameSocket) => {
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
        // Where the original closes without a word, ours says why.
        if (!recorded.some(isError) && isError(ours.at(-2) ?? "")) ours.splice(-2, 1);
      }
      found.push(...difference(recorded, ours).map((one) => `${connection} ${one}`));
    }
    for (const [connection, socket] of sockets) {
      socket.close();
      for (let frame = await heard(socket); frame !== "closed"; frame = await heard(socket)) {
        found.push(`${connection} + ${shown(frame)}`);
        if (frame === "nothing") break;
      }
    }
  } finally {
    for (const socket of sockets.values()) socket[Symbol.dispose]();
  }
  return found;
}
