/**
 * Two sessions that talk without a network: bytes are carried by hand, in chunks of any size, until nothing moves any
 * more. A hang is then simply a promise that is not settled although nothing moves: no test here looks at a clock.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { Message } from "../../../idl/definition.ts";
import { parse } from "../../../mod.ts";
import { type AnyHandler, Dispatcher, reportError } from "../../../runtime/dispatch.ts";
import { HoldfastError } from "../../../runtime/errors.ts";
import { DEFAULT_LIMITS, type Limits } from "../../../runtime/limits.ts";
import type { LogRecord } from "../../../runtime/log.ts";
import { Session } from "../../../runtime/session/session.ts";
import { Decoder } from "../../../runtime/wire/native/decoder.ts";
import { NativeEncoder } from "../../../runtime/wire/native/encoder.ts";
import { NativeFrames } from "../../../runtime/wire/native/frames.ts";
import { MessageTable } from "../../../runtime/wire/native/table.ts";

/** All messages go both ways but those whose names say otherwise; `Ask` and `Deep` are requests. */
export const TALK: MessageTable = new MessageTable(
  parse(`
    Note < id: int, text: string = "" >
    ToService < id: int >
    ToClient < id: int >
    Ask < id: int, text: string = "" >
    Deep < id: int >
    Told < id: int >

    service Test/Talk {
      auth all
      receives Note, ToService
      receives Ask -> Told
      receives Deep -> Told
      sends Note, ToClient
      sends Ask -> Told
      sends Deep -> Told
    }
  `),
  DEFAULT_LIMITS,
);

/** A message of {@link TALK}. */
export function message(name: string): Message {
  return TALK.name(name)!;
}

/** The bounds that matter to a session. */
export type Bounds = Pick<Limits, "frame" | "window" | "backlog" | "handlers" | "requests">;

/** One of the two. */
export class Side {
  readonly session: Session;
  /** What it does with messages; what is not here has no handler. */
  readonly handlers: { [name: string]: AnyHandler } = {};
  /** Each handler that began, as the name and the id of its message, in order. */
  readonly begun: string[] = [];
  readonly log: LogRecord[] = [];
  /** How many handlers run, and the most that ever ran. */
  running = 0;
  mostRunning = 0;
  /** What was taken from the session, and not delivered. */
  readonly wire: Uint8Array[] = [];
  /** The most bytes that the session ever had to send at once. */
  mostOutput = 0;
  /** What the session told of a peer that is about to stop. */
  readonly goingAway: number[] = [];
  /** How often the session told that there is output. */
  announced = 0;
  /** How often the session told that it has ended. */
  ends = 0;
  readonly #decoder: Decoder;
  /** Whether a pump would look for output: it was told of some, or bytes have arrived. */
  #isDue = true;

  constructor(role: "service" | "client", own: Bounds, peer: Bounds) {
    const dispatcher = new Dispatcher({
      find: (name) => this.handlers[name] && ((value, call) => this.#handle(name, this.handlers[name]!, value, call)),
      report: (error, what) => reportError((record) => this.log.push(record), role, error, what),
      rights: undefined,
      refusal: () => undefined,
    });
    const session: Session = new Session({
      role,
      encoder: new NativeEncoder(TALK, peer.frame, true),
      limits: own,
      disconnectSlow: false,
      peer,
      messages: TALK,
      events: {
        message: (message, fields, frame) => dispatcher.message(session, message, fields, frame),
        request: (message, fields, served) => dispatcher.request(session, message, fields, served),
        output: () => {
          this.announced++;
          this.#isDue = true;
        },
        goingAway: (spread) => this.goingAway.push(spread),
        ended: () => {
          this.ends++;
          this.#isDue = true;
          this.#decoder.stop();
        },
      },
    });
    this.session = session;
    this.#decoder = new Decoder(new NativeFrames(TALK, session), own.frame);
  }

  /** The code of what has ended the session. */
  why(): string | undefined {
    return this.session.reason?.code;
  }

  /** Takes all that the session has to send. Gives back whether there was something. */
  take(): boolean {
    let taken = false;
    for (let bytes = this.session.take(); bytes !== undefined; bytes = this.session.take()) {
      this.mostOutput = Math.max(this.mostOutput, bytes.length);
      this.wire.push(bytes);
      taken = true;
    }
    return taken;
  }

  /** Takes all that the session has to send if there is a reason to look for it. */
  takeDue(): boolean {
    if (!this.#isDue) return false;
    this.#isDue = false;
    return this.take();
  }

  /** Gives bytes to the session, as a pump does. */
  push(chunk: Uint8Array): void {
    this.#isDue = true;
    try {
      this.#decoder.push(chunk);
    } catch (error) {
      this.#decoder.stop();
      this.session.fail(HoldfastError.from(error), 0);
    }
  }

  /** Handles messages of these names at once, and answers requests with their id. */
  echo(...names: string[]): this {
    for (const name of names) this.handlers[name] = ({ id }, call) => call === undefined ? undefined : { id };
    return this;
  }

  /** Handles messages of a name when told to: what is given back ends the oldest handler that runs. */
  park(name: string): ((result?: unknown) => void)[] {
    const done: ((result?: unknown) => void)[] = [];
    this.handlers[name] = () => new Promise((resolve) => done.push(resolve));
    return done;
  }

  #handle(name: string, handler: AnyHandler, value: Record<string, unknown>, call: Parameters<AnyHandler>[1]): unknown {
    this.begun.push(`${name} ${value["id"]}`);
    this.mostRunning = Math.max(this.mostRunning, ++this.running);
    let result: unknown;
    try {
      result = handler(value, call);
    } catch (error) {
      this.running--;
      throw error;
    }
    if (!(result instanceof Promise)) {
      this.running--;
      return result;
    }
    return result.finally(() => this.running--);
  }
}

/** How the two differ from the defaults. */
export interface PairOptions {
  readonly service?: Partial<Bounds>;
  readonly client?: Partial<Bounds>;
  /** How many bytes the next chunk has; all there are unless told otherwise. */
  readonly chunk?: () => number;
}

/** A service's session and a client's. */
export class Pair {
  readonly service: Side;
  readonly client: Side;
  readonly #chunk: () => number;

  constructor({ service, client, chunk }: PairOptions = {}) {
    const ours = { ...DEFAULT_LIMITS, ...service };
    const theirs = { ...DEFAULT_LIMITS, ...client };
    this.service = new Side("service", ours, theirs);
    this.client = new Side("client", theirs, ours);
    this.#chunk = chunk ?? (() => Infinity);
  }

  /** Lets the promises run, and carries bytes both ways, until nothing moves. */
  async settle(): Promise<void> {
    // A handler that yields for a turn of its own may be a turn behind.
    for (let still = 0; still < 3; still++) {
      await turn();
      if (this.carry()) still = 0;
    }
  }

  /** Carries what there is, both ways. Gives back whether there was something. */
  carry(): boolean {
    const taken = [this.client.takeDue(), this.service.takeDue()];
    this.#deliver(this.client, this.service);
    this.#deliver(this.service, this.client);
    return taken.includes(true);
  }

  #deliver(from: Side, to: Side): void {
    for (const bytes of from.wire.splice(0)) {
      for (let at = 0; at < bytes.length;) {
        const end = Math.min(bytes.length, at + this.#chunk());
        // A copy that is wiped afterwards: whoever keeps bytes of it is found out.
        const chunk = bytes.slice(at, end);
        to.push(chunk);
        chunk.fill(0xee);
        at = end;
      }
    }
  }
}

/** Lets all promises run that can. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What has become of a promise: looked at, not waited for. */
export interface Fate<T> {
  state: "pending" | "resolved" | "rejected";
  value?: T;
  error?: HoldfastError;
}

/** Watches what becomes of a promise. */
export function watch<T>(promise: Promise<T>, fate: Fate<T> = { state: "pending" }): Fate<T> {
  promise.then((value) => {
    fate.state = "resolved";
    fate.value = value;
  }, (error) => {
    fate.state = "rejected";
    fate.error = error;
  });
  return fate;
}

/** What a fate comes down to: `pending`, `resolved`, or the error's code. */
export function outcome(fate: Fate<unknown>): string {
  return fate.state === "rejected" ? fate.error!.code : fate.state;
}
