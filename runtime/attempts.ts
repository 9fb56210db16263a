/**
 * Where clients come from, and who of them fails too often to be let in.
 *
 * @module
 */

import { isIPv6 } from "node:net";
import type { Clock } from "./clock.ts";
import { type ErrorCode, HoldfastError } from "./errors.ts";

/** For how long failures count, in milliseconds. */
const PERIOD = 60_000;

/** Of how many addresses failures are remembered: with more, the oldest are forgotten. */
const MOST_ADDRESSES = 10_000;

/**
 * What a client has to answer for, who guesses or probes. Not that it is slow, or comes when all is full: that happens
 * to anybody.
 */
const FAILURES: ReadonlySet<ErrorCode> = new Set([
  "invalid-message",
  "protocol",
  "refused",
  "unauthorized",
  "unknown-service",
]);

/** Counts, by address, the attempts to be let in that have failed. */
export class FailedAttempts {
  readonly #most: number;
  readonly #clock: Clock;
  /** The oldest first. */
  readonly #byOrigin = new Map<string, { count: number; readonly since: number }>();

  /**
   * @param most After how many failures in a minute an address has to wait.
   * @param clock The time.
   */
  constructor(most: number, clock: Clock) {
    this.#most = most;
    this.#clock = clock;
  }

  /** Of how many addresses failures are remembered. */
  get size(): number {
    return this.#byOrigin.size;
  }

  /** An attempt has failed. */
  failed(address: string, { code }: HoldfastError): void {
    if (!FAILURES.has(code)) return;
    const origin = originOf(address);
    const known = this.#current(origin);
    if (known !== undefined) return void known.count++;
    this.#byOrigin.set(origin, { count: 1, since: this.#clock.now() });
    if (this.#byOrigin.size > MOST_ADDRESSES) this.#byOrigin.delete(this.#byOrigin.keys().next().value!);
  }

  /**
   * Looks whether an address may try.
   *
   * @param patience How many times as many failures as usual it may have.
   * @throws {HoldfastError} `limit` where it has to wait.
   */
  check(address: string, patience = 1): void {
    const known = this.#current(originOf(address));
    if (known === undefined || known.count < patience * this.#most) return;
    const seconds = Math.ceil((known.since + PERIOD - this.#clock.now()) / 1_000);
    throw new HoldfastError("limit", `Too many attempts from this address have failed: try again in ${seconds} s.`);
  }

  #current(origin: string): { count: number; readonly since: number } | undefined {
    const known = this.#byOrigin.get(origin);
    if (known === undefined || this.#clock.now() - known.since < PERIOD) return known;
    this.#byOrigin.delete(origin);
    return undefined;
  }
}

/**
 * Whom an address stands for: itself; of IPv6, where whoever has one has 2^64, the network.
 *
 * @param address As the system writes it.
 */
export function originOf(address: string): string {
  // Most have no colon: to see that takes less than to match all forms.
  if (!address.includes(":") || !isIPv6(address)) return address;
  const [bare = ""] = address.split("%");
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  // In its shortest form, which is also how it is written wherever it comes from.
  const groups = new URL(`http://[${bare}]`).hostname.slice(1, -1).split("::");
  const [head = [], tail = []] = groups.map((part) => part === "" ? [] : part.split(":"));
  const zeros = new Array<string>(8 - head.length - tail.length).fill("0");
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(":")}::/64`;
}
