/**
 * The last frames of a line, for the error of one that dies badly: kinds and sizes, never contents.
 *
 * Every line has one, busy or silent: nothing is allocated for a frame, and no more than 200 bytes for a line.
 *
 * @module
 */

/** How many frames are remembered. */
export const MOST_NOTES = 10;

/**
 * A frame is one float, from the lowest bit: whether this side has sent it (1), its kind (8), its size (22), and when
 * (22, so that an age of more than 70 minutes shows as a smaller one). An array of floats takes 8 bytes for each; a typed
 * array would take more around them.
 */
const KIND = 2;
const SIZE_SHIFT = 9;
const SIZE = 2 ** SIZE_SHIFT;
const TIME = 2 ** 31;
const MOST_SIZE = 2 ** 22 - 1;
const MOST_TIME = 2 ** 22;

/** A frame, as it is remembered. */
export interface Note {
  /** Whether this side has sent it. */
  readonly isSent: boolean;
  /** A byte, whose meaning the wire knows. */
  readonly kind: number;
  /** In bytes; longer ones than can be told show the longest. */
  readonly size: number;
  /** How long ago it was, in milliseconds. */
  readonly ago: number;
}

/** See the module's text. */
export class FrameRing {
  /** Floats from the beginning, so that the array is never made again. */
  readonly #frames: number[] = new Array<number>(MOST_NOTES).fill(NaN);
  #at = 0;
  /** The time's part of what is written next. */
  #time = 0;

  /** What time it is when the next frames come or leave, in milliseconds. */
  tick(now: number): void {
    this.#time = Math.floor(now) % MOST_TIME * TIME;
  }

  /**
   * Remembers a frame.
   *
   * @param sent 1 if this side has sent it, 0 if it has come.
   * @param kind A byte.
   * @param size Its size in bytes.
   */
  protected note(sent: 0 | 1, kind: number, size: number): void {
    const at = this.#at;
    // All but the time are the bits of a small integer.
    this.#frames[at] = this.#time + (Math.min(size, MOST_SIZE) << SIZE_SHIFT | kind * KIND | sent);
    this.#at = at === MOST_NOTES - 1 ? 0 : at + 1;
  }

  /** What is remembered, the latest first. */
  protected notes(now: number): Note[] {
    const found: Note[] = [];
    for (let i = 1; i <= MOST_NOTES; i++) {
      const note = this.#frames[(this.#at + MOST_NOTES - i) % MOST_NOTES]!;
      if (Number.isNaN(note)) break;
      found.push({
        isSent: note % KIND === 1,
        kind: Math.floor(note % SIZE / KIND),
        size: Math.floor(note % TIME / SIZE),
        ago: (Math.floor(now) - Math.floor(note / TIME) + MOST_TIME) % MOST_TIME,
      });
    }
    return found;
  }
}
