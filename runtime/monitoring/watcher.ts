/**
 * Sends snapshots to one client, for as long as it watches.
 *
 * @module
 */

import { sleep } from "../clock.ts";
import { HoldfastError } from "../errors.ts";
import type { Connection } from "../server_connection.ts";
import type { Watch } from "./monitor.msg.ts";
import { Rates } from "./rates.ts";
import { type Service, takeSnapshot } from "./snapshot.ts";

/** How long after one snapshot the next is taken at the earliest, in milliseconds, however often somebody asks. */
const LEAST_PAUSE = 100;

/** See the module's text. */
export class Watcher {
  readonly #service: Service;
  readonly #connection: Connection;
  readonly #rates = new Rates();
  #takenAt = -Infinity;
  #stop: AbortController | undefined;

  /**
   * @param service What is watched.
   * @param connection Who watches.
   */
  constructor(service: Service, connection: Connection) {
    this.#service = service;
    this.#connection = connection;
  }

  /** Watches from now on as the client asks, and no more as it has asked before. */
  watch(asked: Watch): void {
    this.stop();
    this.#stop = new AbortController();
    void this.#run(asked, this.#stop.signal);
  }

  /** Watches no more. */
  stop(): void {
    this.#stop?.abort();
  }

  async #run({ every, limit, order }: Watch, signal: AbortSignal): Promise<void> {
    const { clock } = this.#service.core;
    try {
      // Whoever asks again and again is told no more often: to take one costs a time that grows with the sessions.
      for (let due = this.#takenAt + LEAST_PAUSE;; due += every * 1_000) {
        const now = clock.now();
        if (due > now) await sleep(clock, due - now, signal);
        else due = now;
        this.#takenAt = clock.now();
        const { listed, snapshot } = takeSnapshot(this.#service, { limit, order }, this.#rates);
        // Their answers are in the next one.
        for (const session of listed) session.carrier.time();
        // There is never more than one on its way: what happens meanwhile is in the next.
        await this.#connection.send("Snapshot", snapshot, { acknowledge: true, signal });
      }
    } catch (error) {
      if (signal.aborted || this.#connection.reason !== undefined) return;
      this.#connection.close(`It can't be watched: ${HoldfastError.from(error).message}`);
    }
  }
}
