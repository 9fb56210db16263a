/**
 * What the two sides of a test of faults say to each other, and how each keeps account of it.
 *
 * Each *stream* of numbers goes one way: `NAME>` from the client of that name to the service, `<TRANSPORT-ID` from the
 * service to the client that has that connection. Its numbers are 1, 2, 3, … in the order in which they were sent.
 *
 * @module
 */

import { type Definition, HoldfastError, parse, type UnknownService } from "holdfast";
import { createHash, type Hash } from "node:crypto";
import { openSync, writeSync } from "node:fs";

/** The service of all the tests of faults. */
export const LAB: Definition<UnknownService> = parse(`
  Note   < stream: string, seq: int, pad: bytes >
  Ask    < stream: string, seq: int >
  Answer < seq: int >

  service Tests/Faults {
    auth all
    connect < name: string >
    receives Note
    receives Ask -> Answer
    sends Note
    sends Ask -> Answer
  }
`);

/** What a sender learns of what it has sent. */
export type Fate =
  /** Handled. */
  | "handled"
  /** Not handled, and never will be. */
  | "not handled"
  /** It can't be known. */
  | "unknown";

/** What a rejected send says of what became of it. */
export function fateOf(error: unknown): Fate {
  return HoldfastError.from(error).message.includes("before it was known") ? "unknown" : "not handled";
}

/** What one side knows of a stream. */
export interface Account {
  readonly count: number;
  /** The SHA-256 of the numbers, in their order. */
  readonly hash: string;
  /** For the receiving side: numbers that are not there though a later one is; that came again; that came too late. */
  readonly missing: number;
  readonly duplicated: number;
  readonly reordered: number;
}

/** A running account of a stream. */
class Stream {
  readonly #hash: Hash = createHash("sha256");
  readonly #missing: Set<number> = new Set();
  #next = 1;
  #count = 0;
  #duplicated = 0;
  #reordered = 0;

  add(seq: number): void {
    this.#count++;
    this.#hash.update(`${seq} `);
    if (seq >= this.#next) {
      while (this.#next < seq) this.#missing.add(this.#next++);
      this.#next++;
    } else if (this.#missing.delete(seq)) this.#reordered++;
    else this.#duplicated++;
  }

  get account(): Account {
    return {
      count: this.#count,
      hash: this.#hash.copy().digest("hex"),
      missing: this.#missing.size,
      duplicated: this.#duplicated,
      reordered: this.#reordered,
    };
  }
}

/** The accounts of one side, as it tells them. */
export interface Accounts {
  readonly sent: Readonly<Record<string, Account>>;
  readonly handled: Readonly<Record<string, Account>>;
  /** What was rejected, in words. */
  readonly rejected: readonly string[];
}

/** How a line of a journal begins: sent, handled by the receiver; and each fate, as the sender has learned it. */
export const MARKS = { sent: "S", ran: "R", handled: "H", "not handled": "N", unknown: "U" } as const;

/** Keeps account of all streams that this process sends or handles. */
export class Book {
  readonly #sent: Map<string, Stream> = new Map();
  readonly #handled: Map<string, Stream> = new Map();
  readonly #rejected: string[] = [];
  readonly #journal: number | undefined;

  /** @param journal A file that has each step when it is made, so that it outlives this process. */
  constructor(journal: string | undefined) {
    this.#journal = journal === undefined ? undefined : openSync(journal, "a");
  }

  /** A message is about to be sent. */
  send(stream: string, seq: number): void {
    this.#add(this.#sent, stream, seq);
    this.#note("sent", stream, seq);
  }

  /** A message has come to its handler. */
  handle(stream: string, seq: number): void {
    this.#add(this.#handled, stream, seq);
    this.#note("ran", stream, seq);
  }

  /** What became of a message is known. */
  settle(stream: string, seq: number, fate: Fate, error?: unknown): void {
    this.#note(fate, stream, seq);
    if (fate !== "handled" && this.#rejected.length < 10) this.#rejected.push(`${stream} ${seq} ${fate}: ${error}`);
  }

  /** The accounts of all that was sent and handled. */
  get accounts(): Accounts {
    const all = (streams: Map<string, Stream>) =>
      Object.fromEntries([...streams].map(([name, stream]) => [name, stream.account]));
    return { sent: all(this.#sent), handled: all(this.#handled), rejected: this.#rejected };
  }

  #add(streams: Map<string, Stream>, name: string, seq: number): void {
    let stream = streams.get(name);
    if (stream === undefined) streams.set(name, stream = new Stream());
    stream.add(seq);
  }

  #note(step: keyof typeof MARKS, stream: string, seq: number): void {
    if (this.#journal !== undefined) writeSync(this.#journal, `${MARKS[step]} ${seq} ${stream}\n`);
  }
}
