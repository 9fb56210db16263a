/**
 * Recorded conversations, played by one side to the other: what each frame is compared with, and how.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { Conversation, Spoken } from "../wire/diset/captures.ts";

/** How long something that was recorded is waited for, in milliseconds. */
const PATIENCE = 3_000;

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
  const turns: (Turn & { readonly writes: string[][]; closes: boolean })[] = [];
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
  async next(patience: number = PATIENCE): Promise<string> {
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

/** A frame as it is shown: long ones are cut. */
export function shown(frame: string): string {
  return frame.length <= 160 ? frame : `${frame.slice(0, 160)}…`;
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
