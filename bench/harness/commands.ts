/**
 * How the bench and its workers talk.
 *
 * @module
 */

import type { Kind, ServeOptions } from "../candidates/candidate.ts";

/** What a worker's own lines begin with. */
export const MARK = "\u001e";

/** What a worker is to do. */
export interface Command {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What came of it; number 0 says that the worker is there. */
export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** What every worker obeys. */
export type Common = {
  /** Processor time of all threads since the process began, in µs. */
  processorTime(): number;
  /** Resident memory after collections, in KiB. */
  residentMemory(): Promise<number>;
  collectGarbage(): void;
  /** The size of the heap in bytes, with what lies beside it; without a collection, it grows by what is allocated. */
  allocated(): number;
  /** Samples, from now on, who allocates; on Node. */
  startSampling(): Promise<void>;
  /** Ends the sampling; who allocated most comes first. */
  stopSampling(): Promise<Allocator[]>;
};

/** How many bytes a function allocated, of those that were sampled. */
export interface Allocator {
  readonly name: string;
  readonly place: string;
  readonly bytes: number;
}

/** What the process of a service obeys. */
export type ServiceSide = Common & {
  /** Starts a service; gives back its port. What else there is to know of it stands in `ServeOptions`. */
  serve(kind: Kind, options?: Pick<ServeOptions, "sharedPort" | "work">): Promise<number>;
  /** Sends to the first client for so many milliseconds; gives back how many messages. */
  push(kind: Kind, milliseconds: number): Promise<number>;
  /** Sends single messages to the first client, so many milliseconds apart. */
  pushSlowly(kind: Kind, count: number, milliseconds: number): Promise<void>;
  /** Sends one message to all clients. */
  broadcast(kind: Kind): void;
  /** How many messages have come that ask for no answer. */
  told(kind: Kind): number;
  /** Waits until so many have come. */
  toldAll(kind: Kind, target: number): Promise<void>;
};

/** What came of round trips over a while. Times are in µs. */
export interface Exchanged {
  /** How many were made within the time. */
  readonly count: number;
  /** How long that was. */
  readonly time: number;
  /** How many were made altogether: some end after the time. */
  readonly all: number;
  /** Processor time for all. */
  readonly processor: number;
}

/** What a process of clients obeys. */
export type ClientSide = Common & {
  /** Opens connections until there are so many. */
  connect(kind: Kind, port: number, total: number): Promise<void>;
  /** How many connections there are. */
  connected(kind: Kind): number;
  /** Checks that the answer is what was asked; that a message arrives as it was, dates and bytes included. */
  verify(kind: Kind): Promise<void>;
  /** Round trips over the first connections, so many in flight on each. */
  exchange(kind: Kind, lines: number, depth: number, milliseconds: number): Promise<Exchanged>;
  /** So many round trips, one by one, with a pause in milliseconds between them; how long each took, in µs. */
  exchangeOnce(kind: Kind, count: number, pause: number): Promise<number[]>;
  /** Connects and asks once, so many times; how long it took until the answer, in µs. */
  firstAnswers(kind: Kind, port: number, count: number): Promise<number[]>;
  /** From now on pushed messages are counted from 0; and `timed`, which slows them down, if that is asked for. */
  awaitPushed(timed?: boolean): void;
  /** Waits until so many have been pushed. */
  pushedAll(target: number): Promise<void>;
  /** How long after one another those that were timed arrived, in µs. */
  gaps(): number[];
  /** Sends messages that ask for no answer, over the first connections; gives back how many. */
  tell(kind: Kind, lines: number, milliseconds: number): Promise<number>;
};
