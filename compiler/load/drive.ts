/**
 * Puts load on something: asks it over and over, over several connections, and takes the time.
 *
 * - Closed loop: on each connection there are always as many open as there may be. Whatever is slow is asked less often.
 * - Open loop, with `rate`: each has its time, whatever became of those before. Where one can't be sent at its time,
 *   because too many are open, its time runs all the same: how long it took is counted from when it was to be sent. So a
 *   service that stalls can't hide how many would have waited meanwhile ("coordinated omission").
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { Latencies } from "./latencies.ts";

/** How much load. */
export interface Load {
  readonly connections: number;
  /** How many may be open on each connection. */
  readonly inFlight: number;
  /** When to end, in milliseconds. */
  readonly duration?: number;
  /** After how many to end. */
  readonly count?: number;
  /** How many a second, over all connections; as many as are answered unless given. */
  readonly rate?: number;
}

/** What is asked. */
export interface Target {
  /** Asks something, the `index`-th of all; resolved when it is answered. */
  ask(connection: number, index: number): Promise<void>;
  /** Whether there is any use in asking on a connection. */
  isAlive(connection: number): boolean;
  /** What an error is counted as; throws what is no answer, which ends all. */
  codeOf(error: unknown): string;
}

/** What came of it. */
export interface Outcome {
  /** From the start to the end, or to the last answer that came after that. */
  readonly seconds: number;
  readonly latencies: Latencies;
  /** How many were answered by an error, by its code. */
  readonly errors: ReadonlyMap<string, number>;
  /** How many still had no answer when that was no longer waited for. */
  readonly unanswered: number;
  /** How many had their time, but could not be sent. */
  readonly unsent: number;
}

/** How long answers are waited for at the end, in milliseconds. */
const GRACE = 5_000;
/** No closer than this is a timer to be trusted, in milliseconds. */
const TIMER = 2;
/** How long at the most to sleep: it may have to end meanwhile. In milliseconds. */
const NAP = 50;

/** Load that is being put on something. */
export class Drive {
  /** How long answers took. */
  readonly latencies: Latencies = new Latencies();
  readonly #load: Load;
  readonly #target: Target;
  readonly #errors = new Map<string, number>();
  /** How many are open, by connection. */
  readonly #open: number[];
  #allOpen = 0;
  #issued = 0;
  #turn = 0;
  #start = 0;
  #end = 0;
  #isEnding = false;
  #isOver = false;
  #fatal: { readonly error: unknown } | undefined;
  #unsent = 0;
  #tellStopped: () => void = () => {};
  readonly #stopped = new Promise<void>((done) => this.#tellStopped = done);
  #tellIdle: () => void = () => {};
  readonly #idle = new Promise<void>((done) => this.#tellIdle = done);

  constructor(load: Load, target: Target) {
    this.#load = load;
    this.#target = target;
    this.#open = Array.from({ length: load.connections }, () => 0);
  }

  /**
   * Puts the load on.
   *
   * @param signal Ends it before its time: no more is asked, and what is open is waited for.
   * @returns What came of it.
   * @throws What `codeOf` throws; or the signal's reason, if it was aborted before.
   */
  async run(signal: AbortSignal): Promise<Outcome> {
    signal.throwIfAborted();
    this.#start = performance.now();
    const stop = (): void => this.#stop();
    signal.addEventListener("abort", stop);
    const timer = this.#load.duration === undefined ? undefined : setTimeout(stop, this.#load.duration);
    const grace = new AbortController();
    try {
      this.#fill();
      if (this.#load.rate !== undefined) await this.#keepPace();
      await this.#stopped;
      await Promise.race([this.#idle, sleep(GRACE, undefined, { signal: grace.signal }).catch(() => {})]);
    } finally {
      clearTimeout(timer);
      grace.abort();
      signal.removeEventListener("abort", stop);
      this.#isOver = true;
    }
    if (this.#fatal !== undefined) throw this.#fatal.error;
    const { latencies } = this;
    const seconds = (this.#end - this.#start) / 1_000;
    return { seconds, latencies, errors: this.#errors, unanswered: this.#allOpen, unsent: this.#unsent };
  }

  /** Sends each at its time. */
  async #keepPace(): Promise<void> {
    while (!this.#isEnding) {
      const left = this.#timeOf(this.#issued) - performance.now();
      // Timers are late by a millisecond or so. What does not wait for one lets all that has come be handled.
      if (left > TIMER) await sleep(Math.min(left - TIMER, NAP));
      else await nextTurn();
      this.#fill();
    }
  }

  #stop(): void {
    if (this.#isEnding) return;
    // What has come to its time since it was last looked after is part of it.
    if (this.#load.rate !== undefined && this.#fatal === undefined) this.#unsent = this.#sendDue();
    this.#isEnding = true;
    this.#end = performance.now();
    this.#tellStopped();
    if (this.#allOpen === 0) this.#tellIdle();
  }

  /** When one is to be sent. */
  #timeOf(index: number): number {
    return this.#start + index * 1_000 / this.#load.rate!;
  }

  /** How many are to have been sent by now. */
  #due(): number {
    const { rate, count = Infinity, duration = Infinity } = this.#load;
    if (rate === undefined) return count;
    const elapsed = Math.min(performance.now() - this.#start, duration);
    return Math.min(count, Math.ceil(elapsed * rate / 1_000));
  }

  /** Sends what is due, and finds out whether that was all. */
  #fill(): void {
    if (this.#isEnding) return;
    this.#sendDue();
    const { count = Infinity } = this.#load;
    if (this.#issued >= count || !this.#open.some((_, connection) => this.#target.isAlive(connection))) this.#stop();
  }

  /** Sends what is due, to one connection after the other; gives back for how many there was no room. */
  #sendDue(): number {
    const { connections, inFlight } = this.#load;
    const due = this.#due();
    let full = 0;
    while (this.#issued < due && full < connections) {
      const connection = this.#turn;
      this.#turn = (this.#turn + 1) % connections;
      const hasRoom = this.#open[connection]! < inFlight && this.#target.isAlive(connection);
      full = hasRoom ? 0 : full + 1;
      if (hasRoom) this.#issue(connection);
    }
    return due - this.#issued;
  }

  #issue(connection: number): void {
    const index = this.#issued++;
    const time = this.#load.rate === undefined ? performance.now() : this.#timeOf(index);
    this.#open[connection]!++;
    this.#allOpen++;
    this.#target.ask(connection, index).then(
      () => this.#answered(connection, time),
      (error) => this.#failed(connection, error),
    );
  }

  #answered(connection: number, time: number): void {
    if (this.#isOver) return;
    const now = performance.now();
    this.#close(connection, now);
    this.latencies.record(now - time, now - this.#start);
    this.#next(connection);
  }

  #failed(connection: number, error: unknown): void {
    if (this.#isOver) return;
    this.#close(connection, performance.now());
    try {
      const code = this.#target.codeOf(error);
      this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
    } catch (fatal) {
      this.#fatal ??= { error: fatal };
      this.#stop();
      return this.#tellIdle();
    }
    // What fails at once would otherwise leave no time for anything else.
    setImmediate(() => this.#next(connection));
  }

  #close(connection: number, now: number): void {
    this.#end = now;
    this.#open[connection]!--;
    this.#allOpen--;
    if (this.#isEnding && this.#allOpen === 0) this.#tellIdle();
  }

  /** Where one has ended, another may begin. */
  #next(connection: number): void {
    if (this.#isEnding) return;
    const { rate, count = Infinity } = this.#load;
    if (rate !== undefined || this.#issued >= count || !this.#target.isAlive(connection)) this.#fill();
    else this.#issue(connection);
  }
}
