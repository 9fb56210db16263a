/**
 * Whether the peer is still there.
 *
 * @module
 */

/**
 * Judges silence. Any byte is life; whoever has been silent for a whole period is asked, and whoever then stays silent
 * for another is gone.
 */
export class Liveness {
  #heard = true;
  #asked = false;

  /** Something arrived. */
  heard(): void {
    this.#heard = true;
  }

  /** Whether the peer was asked and has said nothing since. */
  get stale(): boolean {
    return this.#asked && !this.#heard;
  }

  /**
   * To be called once a period.
   *
   * @returns What to do: nothing, ask, or give it up.
   */
  period(): "nothing" | "ask" | "give up" {
    if (this.#heard) {
      this.#heard = false;
      this.#asked = false;
      return "nothing";
    }
    if (this.#asked) return "give up";
    this.#asked = true;
    return "ask";
  }
}
