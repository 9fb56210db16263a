/**
 * Whoever has something to say: sends a stream of messages and requests until it is told to stop.
 *
 * @module
 */

import type { SendOptions } from "holdfast";
import { setTimeout as delay } from "node:timers/promises";
import { type Book, type Fate, fateOf } from "./lab.ts";

/** A client, or a service's connection to one. */
export interface Peer {
  send(name: "Note", message: { stream: string; seq: number; pad: Uint8Array }, options?: SendOptions): Promise<void>;
  request(name: "Ask", message: { stream: string; seq: number }): Promise<Record<string, unknown>>;
}

/** How much to say. */
export interface Load {
  /** How many messages in one go. */
  readonly burst: number;
  /** The time between two bursts, in milliseconds. */
  readonly pause: number;
  /** The largest message, in bytes. */
  readonly most: number;
  /** Whether what becomes of every message is to be known: all are acknowledged. */
  readonly all: boolean;
}

/** Fewer than would let requests overtake messages, which they may do in the extreme case only. */
const MOST_OPEN = 16;

/** See the module's text. */
export class Talker {
  readonly #peer: Peer;
  readonly #stream: string;
  readonly #book: Book;
  readonly #open: Set<Promise<unknown>> = new Set();
  #seq = 0;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(peer: Peer, stream: string, book: Book) {
    this.#peer = peer;
    this.#stream = stream;
    this.#book = book;
  }

  /** Begins, or goes on. */
  start(load: Load): void {
    this.#stopped = false;
    this.#running ??= this.#talk(load);
  }

  /** Stops. What was said until then has been handled, or has failed, when this has returned. */
  async stop(): Promise<void> {
    this.end();
    await this.#running;
    this.#running = undefined;
    // Handlers begin in order: when this one is done, no earlier one is still to begin.
    this.#say(true, 0);
    await Promise.all(this.#open);
  }

  /** Stops, since nobody is there any more. */
  end(): void {
    this.#stopped = true;
  }

  async #talk({ all, burst, most, pause }: Load): Promise<void> {
    while (!this.#stopped) {
      for (let i = 0; i < burst; i++) {
        while (this.#open.size >= MOST_OPEN) await Promise.race(this.#open);
        const turn = this.#seq % 10;
        const size = (this.#seq * 7919) % most;
        if (turn === 3) this.#ask();
        else if (all || turn === 7) this.#say(true, size);
        else await this.#say(false, size);
      }
      await delay(pause);
    }
  }

  /** Sends a message; resolved when it may go, or has been handled. */
  #say(acknowledge: boolean, size: number): Promise<void> {
    const seq = ++this.#seq;
    const pad = new Uint8Array(size).fill(seq);
    const note = { stream: this.#stream, seq, pad };
    return this.#follow(seq, acknowledge, () => this.#peer.send("Note", note, { acknowledge }));
  }

  #ask(): void {
    const seq = ++this.#seq;
    void this.#follow(seq, true, async () => {
      const { seq: answered } = await this.#peer.request("Ask", { stream: this.#stream, seq });
      if (answered !== seq) throw new Error(`The answer to ${seq} was for ${answered}: before it was known.`);
    });
  }

  #follow(seq: number, isFinal: boolean, say: () => Promise<void>): Promise<void> {
    this.#book.send(this.#stream, seq);
    const settle = (fate: Fate, error?: unknown) => this.#book.settle(this.#stream, seq, fate, error);
    const told = new Promise<void>((resolve) => resolve(say())).then(
      () => isFinal && settle("handled"),
      (error) => settle(fateOf(error), error),
    );
    const open: Promise<void> = told.then(() => void this.#open.delete(open));
    if (isFinal) this.#open.add(open);
    return open;
  }
}
