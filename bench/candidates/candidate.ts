/**
 * What is measured: each candidate is a module that exports one of these as `candidate`. It gets its messages across in
 * the way that its documentation shows, so that whoever knows it finds nothing to object to.
 *
 * @module
 */

import { JOB } from "../codec/subject.ts";

/** What the messages hold: a number; ten fields; 64 KiB of bytes. */
export type Kind = "ping" | "record" | "bytes";

/** How a service is started. Texts are PEM. */
export interface ServeOptions {
  readonly kind: Kind;
  readonly cert: string;
  readonly key: string;
  /** Where other processes may listen, too, or 0 for any port that is free. Only Holdfast is asked for it. */
  readonly sharedPort?: number;
  /** How much is to be done before each answer: see {@link toil}. Only Holdfast is asked for it. */
  readonly work?: number;
}

/** How a connection is opened. Texts are PEM. */
export interface ConnectOptions {
  readonly kind: Kind;
  readonly port: number;
  readonly ca: string;
  /** To be called for each answer, with the message if it stands for itself. */
  readonly answered: (message?: unknown) => void;
  /** To be called for each message that the service pushes. */
  readonly pushed: () => void;
}

/** A service on a port of loopback. Messages are those of its kind. */
export interface Service {
  readonly port: number;
  /** How many messages came that ask for no answer. */
  readonly told: number;
  /** Sends a message to the first client that is connected; a promise where the sender should wait. */
  push(id: number): Promise<unknown> | undefined;
  /** Sends one message to every client. */
  broadcast?(id: number): void;
}

/** A connection to a service. */
export interface Line {
  /** Sends a message that is answered by one like it. */
  ask(id: number): void;
  /** Sends a message that is not answered; a promise where the sender should wait. */
  tell?(id: number): Promise<unknown> | undefined;
  /** Ends the connection. */
  close(): unknown;
}

/** One way for a service and its clients to talk. */
export interface Candidate {
  serve(options: ServeOptions): Promise<Service>;
  connect(options: ConnectOptions): Promise<Line>;
}

/**
 * Works, as the handlers of an application do.
 *
 * @param work So many steps of about a nanosecond.
 * @returns What no engine knows without taking them.
 */
export function toil(work: number): number {
  let sum = 1;
  for (let step = 0; step < work; step++) sum = Math.imul(sum ^ step, 0x01000193);
  return sum;
}

const DATA = Uint8Array.from({ length: 65_536 }, (_, index) => index * 31);

/** A message, as an application has it. */
export function messageOf(kind: Kind, id: number): Record<string, unknown> {
  switch (kind) {
    case "ping":
      return { id };
    case "record":
      return { ...JOB };
    case "bytes":
      return { data: DATA };
  }
}
