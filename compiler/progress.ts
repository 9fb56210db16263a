/**
 * How far a command has come, for who waits at a terminal.
 *
 * @module
 */

import process from "node:process";
import { count } from "./terminal.ts";

/** Work that is done sooner needs no words, in milliseconds. */
const PATIENCE = 500;
/** How long the words stay the same at least, in milliseconds. */
const PACE = 100;

/** Where to say it: standard error, but for tests. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Counts files on one line of a terminal, and says nothing anywhere else. */
export class Progress {
  readonly #label: string;
  readonly #stream: ProgressStream;
  readonly #now: () => number;
  #next: number;
  #files = 0;
  #isShown = false;

  /**
   * @param label What is being done with files.
   * @param stream Where to say it.
   * @param now Tells the time, in milliseconds.
   */
  constructor(label: string, stream: ProgressStream = process.stderr, now: () => number = () => performance.now()) {
    this.#label = label;
    this.#stream = stream;
    this.#now = now;
    this.#next = now() + PATIENCE;
  }

  /** Another file's turn has come. */
  step(): void {
    this.#files++;
    const now = this.#now();
    if (this.#stream.isTTY !== true || now < this.#next) return;
    this.#next = now + PACE;
    this.#stream.write(`\r\x1b[K${this.#label} ${count(this.#files, "file")}`);
    this.#isShown = true;
  }

  /** Makes room for something else, or ends. */
  clear(): void {
    if (this.#isShown) this.#stream.write("\r\x1b[K");
    this.#isShown = false;
  }
}
