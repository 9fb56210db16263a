/**
 * Deadlines of many, behind one timer: of their own, timers would be most of what an idle connection costs.
 *
 * @module
 */

import type { Clock } from "./clock.ts";

/** Who is to be woken. The two numbers are for {@link Deadlines} alone, which so needs no object for each. */
export interface Sleeper {
  /** When it is to be woken, by the clock. */
  wakeAt: number;
  /** Where it stands among the others; -1 if it does not. */
  place: number;
  /** It is time. May set another deadline; must not throw. */
  wake(): void;
}

/** Wakes each at its time. */
export class Deadlines {
  readonly clock: Clock;
  /** A heap: whoever stands at `i` is woken before those at `2 * i + 1` and `2 * i + 2`. */
  readonly #sleepers: Sleeper[] = [];
  #stopTimer: (() => void) | undefined;
  /** When the timer is due. */
  #timerAt = Infinity;
  #isWaking = false;

  /** @param clock The time. */
  constructor(clock: Clock) {
    this.clock = clock;
  }

  /**
   * Has somebody woken, instead of when it was to be woken before.
   *
   * @param sleeper Whom.
   * @param delay In how many milliseconds.
   */
  set(sleeper: Sleeper, delay: number): void {
    sleeper.wakeAt = this.clock.now() + delay;
    if (sleeper.place < 0) sleeper.place = this.#sleepers.push(sleeper) - 1;
    this.#settle(sleeper);
    this.#setTimer();
  }

  /** Has somebody not woken, if that was to be. */
  delete(sleeper: Sleeper): void {
    const { place } = sleeper;
    if (place < 0) return;
    sleeper.place = -1;
    const last = this.#sleepers.pop()!;
    if (last !== sleeper) {
      this.#put(last, place);
      this.#settle(last);
    }
    this.#setTimer();
  }

  /**
   * Sees to it that the timer is not late, and that there is none where nobody sleeps. One that comes too early finds
   * nobody to wake: that costs less than another timer each time that the first one leaves.
   */
  #setTimer(): void {
    const first = this.#sleepers[0];
    if (this.#isWaking || first !== undefined && first.wakeAt >= this.#timerAt) return;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#timerAt = Infinity;
    if (first === undefined) return;
    this.#timerAt = first.wakeAt;
    this.#stopTimer = this.clock.set(first.wakeAt - this.clock.now(), () => this.#wakeAll());
  }

  #wakeAll(): void {
    const now = this.clock.now();
    this.#timerAt = Infinity;
    this.#isWaking = true;
    try {
      for (let first = this.#sleepers[0]; first !== undefined && first.wakeAt <= now; first = this.#sleepers[0]) {
        this.delete(first);
        first.wake();
      }
    } finally {
      // A fault of one is not to have the others sleep for ever.
      this.#isWaking = false;
      this.#setTimer();
    }
  }

  /** Moves somebody to where it belongs. */
  #settle(sleeper: Sleeper): void {
    const sleepers = this.#sleepers;
    let { place } = sleeper;
    while (place > 0) {
      const above = sleepers[place - 1 >> 1]!;
      if (above.wakeAt <= sleeper.wakeAt) break;
      this.#put(above, place);
      place = place - 1 >> 1;
    }
    for (;;) {
      const left = sleepers[2 * place + 1];
      const right = sleepers[2 * place + 2];
      const below = right !== undefined && right.wakeAt < left!.wakeAt ? right : left;
      if (below === undefined || sleeper.wakeAt <= below.wakeAt) break;
      const free = below.place;
      this.#put(below, place);
      place = free;
    }
    this.#put(sleeper, place);
  }

  #put(sleeper: Sleeper, place: number): void {
    this.#sleepers[place] = sleeper;
    sleeper.place = place;
  }
}
