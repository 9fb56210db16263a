/**
 * Every bound that the runtime keeps, in one record: what it is, which attack or accident it stops, what it is set to.
 *
 * @module
 */

import { HoldfastError } from "./errors.ts";

/** Bounds on the values of one frame, whatever their types allow. */
export interface ValueLimits {
  /** How deep values may be nested. Stops a frame that exhausts the stack of whoever reads it. */
  readonly depth: number;
  /** How many decimal digits a `long` may have. Stops numbers whose text takes a time that grows with their square. */
  readonly digits: number;
  /** How many list items and map entries there may be in one frame. Stops small frames that become large values. */
  readonly items: number;
  /**
   * How many characters there may be in one frame in strings that must match a pattern, in UTF-16 code units. Stops a
   * definition and a text that together take many seconds: a pattern may take some 3 µs for each.
   */
  readonly matched: number;
}

/** The bounds of a service or a client. Times are in milliseconds, sizes in bytes. */
export interface Limits extends ValueLimits {
  /** From the first byte to WELCOME. Stops who connects and says nothing. */
  readonly handshakeTimeout: number;
  /**
   * Connections whose handshake is not done: that of TLS, and as many again after it. Stops a flood of half-open
   * connections. Sessions that are there are not affected, and whoever finds it full tries again.
   */
  readonly handshakes: number;
  /**
   * Attempts of one address that may fail within a minute, before it has to wait for the minute's end. Stops those who
   * guess and probe. Sessions from that address go on, and resume. `Infinity` where all clients come through one proxy.
   */
  readonly failures: number;
  /** HELLO and OPEN. Stops who fills memory before being let in. */
  readonly handshakeFrame: number;
  /** A definition that comes over the wire. Stops a service that fills its clients' memory. */
  readonly definition: number;
  /** Any other frame. Stops a length that promises gigabytes. */
  readonly frame: number;
  /**
   * Bytes of messages that were received and not yet started; what is beyond waits at the sender. Stops those who send
   * faster than it is handled.
   */
  readonly window: number;
  /**
   * Bytes of messages that wait at this side because the other reads too slowly, before they are dropped, if they may.
   * Stops a peer that does not read from filling this side's memory.
   */
  readonly backlog: number;
  /**
   * Silence after which the peer is asked for a sign of life; after as much again, it is given up. Stops lines that
   * nobody is at the other end of from being kept.
   */
  readonly keepAlive: number;
  /** Open connections. Stops an exhaustion of sockets. */
  readonly connections: number;
  /** Sessions, those whose line is broken included. Stops who comes and goes to fill the memory. */
  readonly sessions: number;
  /** Sessions from one address. Stops one machine from taking all of them. Unlimited: many may share an address. */
  readonly sessionsPerAddress: number;
  /**
   * Sessions of one client that has shown who it is. Stops one who belongs here from taking all of them. Unlimited: one
   * may run on many machines.
   */
  readonly sessionsPerSubject: number;
  /** By how long a session outlives its line. Longer holds more memory for those who don't come back. */
  readonly sessionTimeout: number;
  /** Bytes held for all sessions together; beyond, no new one begins. Stops many who each keep to their own bounds. */
  readonly held: number;
  /** Handlers that run at once for one connection. Stops one client from taking all the time. */
  readonly handlers: number;
  /** Requests of one side without an answer, for one connection. Stops the growth of both sides' tables. */
  readonly requests: number;
}

/** The least bound on frames: an error and its text, cut short, have room in it. */
export const LEAST_FRAME = 256;

/** The bounds that hold where nothing else is said. */
export const DEFAULT_LIMITS: Limits = {
  handshakeTimeout: 10_000,
  handshakes: 1_000,
  failures: 20,
  handshakeFrame: 64 * 1024,
  definition: 1024 * 1024,
  frame: 4 * 1024 * 1024,
  window: 1024 * 1024,
  backlog: 1024 * 1024,
  keepAlive: 15_000,
  connections: 100_000,
  sessions: 200_000,
  sessionsPerAddress: Infinity,
  sessionsPerSubject: Infinity,
  sessionTimeout: 30_000,
  held: 256 * 1024 * 1024,
  handlers: 64,
  requests: 1_024,
  depth: 64,
  digits: 4_300,
  items: 1_000_000,
  matched: 128 * 1024,
};

/** Those of which there need be no bound. */
const OPTIONAL: ReadonlySet<string> = new Set(["failures", "sessionsPerAddress", "sessionsPerSubject"]);

/**
 * Fills in the bounds that nothing was said about.
 *
 * @param limits Some bounds.
 * @throws {HoldfastError} `invalid-argument` where one is no positive whole number, or less than has to be.
 */
export function completeLimits(limits: Partial<Limits> = {}): Limits {
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) {
      throw new HoldfastError("invalid-argument", `There is no limit "${name}".`);
    }
    if (OPTIONAL.has(name) && value === Infinity) continue;
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new HoldfastError(
        "invalid-argument",
        `The limit "${name}" is ${value}: it must be a positive whole number.`,
      );
    }
  }
  if (limits.frame !== undefined && limits.frame < LEAST_FRAME) {
    throw new HoldfastError("invalid-argument", `The limit "frame" is ${limits.frame}: ${LEAST_FRAME} is the least.`);
  }
  return { ...DEFAULT_LIMITS, ...limits };
}
