/**
 * Whether the peer is still there.
 *
 * @module
 */

/**
 * Judges silence. Any byte is life; whoever has been silent for a whole period is asked, and whoever then stays silent
 * for another is gone: two periods after its last byte, and not later. All times are in milliseconds.
 */
export class Liveness {
  readonly #period: number;
  #heardAt: number;
  #askedAt: number | undefined;

  /**
   * @param period How long it may be silent.
   * @param now The time.
   */
  constructor(period: number, now: number) {
    this.#period = period;
    this.#heardAt = now;
  }

  /** Something arrived. */
  heard(now: number): void {
    this.#heardAt = now;
    this.#askedAt = undefined;
  }

  /** Whether the peer was asked and has said nothing since. */
  get stale(): boolean {
    return this.#askedAt !== undefined;
  }

  /**
   * Judges.
   *
   * @returns What to do: ask, or give it up; or nothing, but to look again after so long.
   */
  look(now: number): "ask" | "give up" | number {
    const left = (this.#askedAt ?? this.#heardAt) + this.#period - now;
    if (left > 0) return left;
    if (this.#askedAt !== undefined) return "give up";
    this.#askedAt = now;
    return "ask";
  }
}
