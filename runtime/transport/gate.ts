/**
 * Where those who write wait for room: one promise for all of them, made only when somebody has to wait.
 *
 * @module
 */

/** Shut from the first `wait` until the next `open`. */
export class Gate {
  #waiting: Promise<void> | undefined;
  #release: (() => void) | undefined;

  /**
   * Waits.
   *
   * @returns A promise that the next `open` resolves; it never rejects.
   */
  wait(): Promise<void> {
    return this.#waiting ??= new Promise((resolve) => this.#release = resolve);
  }

  /** Lets go whoever waits. */
  open(): void {
    this.#release?.();
    this.#waiting = this.#release = undefined;
  }
}
