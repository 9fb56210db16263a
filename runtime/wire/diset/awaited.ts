/**
 * Which messages have left and wait for their acknowledgements, and what lies between them: kept up to date from one to
 * the next, since to look at all of them for each would take a time that grows with their square.
 *
 * @module
 */

import { Queue } from "../../queue.ts";
import type { PyValue } from "./python.ts";

const NONE: readonly number[] = [];

/** See the module's text. */
export class Awaited {
  readonly #numbers = new Map<PyValue, number>();
  /** In order; some that were acknowledged since are among them, but never the first. */
  readonly #order = new Queue<number>();
  readonly #waiting = new Set<number>();
  /** The frames from the oldest that waits to {@link Awaited.#newest} that do not: the first and the last of each row. */
  #ranges: number[] = [];
  /** The last that was added. */
  #newest = 0;

  /** The number of the oldest; `Infinity` if none waits. */
  get oldest(): number {
    return this.#order.peek() ?? Infinity;
  }

  /**
   * A message leaves.
   *
   * @param id What its acknowledgement will name.
   * @param frame Its number. Numbers ascend.
   */
  add(id: PyValue, frame: number): void {
    if (this.#waiting.size === 0) this.#ranges = [];
    else extend(this.#ranges, this.#newest, frame - 1);
    this.#newest = frame;
    this.#numbers.set(id, frame);
    this.#waiting.add(frame);
    this.#order.push(frame);
  }

  /**
   * A message is acknowledged.
   *
   * @returns Its number; 0 if none with that id waits.
   */
  delete(id: PyValue): number {
    const frame = this.#numbers.get(id);
    if (frame === undefined) return 0;
    this.#numbers.delete(id);
    this.#waiting.delete(frame);
    if (frame === this.oldest) this.#forget();
    else this.#join(frame);
    return frame;
  }

  /** The rows of frames between the oldest and the last that has left that wait for nothing. */
  rangesTo(left: number): readonly number[] {
    if (this.#waiting.size === 0) return NONE;
    const ranges = [...this.#ranges];
    extend(ranges, this.#newest, left);
    return ranges;
  }

  /** The oldest was acknowledged: the next that waits is the oldest now. */
  #forget(): void {
    for (let first = this.#order.peek(); first !== undefined && !this.#waiting.has(first); first = this.#order.peek()) {
      this.#order.shift();
    }
    let count = 0;
    while (count < this.#ranges.length && this.#ranges[count]! < this.oldest) count += 2;
    this.#ranges.splice(0, count);
  }

  /** A frame among others waits no more: it joins the rows beside it. */
  #join(frame: number): void {
    const ranges = this.#ranges;
    let low = 0;
    for (let high = ranges.length / 2; low < high;) {
      const middle = low + high >> 1;
      if (ranges[2 * middle]! < frame) low = middle + 1;
      else high = middle;
    }
    const at = 2 * low;
    const joinsBefore = at > 0 && ranges[at - 1] === frame - 1;
    const joinsNext = ranges[at] === frame + 1;
    if (joinsBefore && joinsNext) ranges.splice(at - 1, 2);
    else if (joinsBefore) ranges[at - 1] = frame;
    else if (joinsNext) ranges[at] = frame;
    else ranges.splice(at, 0, frame, frame);
  }
}

/** Adds the frames behind `last` up to `to`, which wait for nothing. */
function extend(ranges: number[], last: number, to: number): void {
  if (to <= last) return;
  if (ranges.at(-1) === last) ranges[ranges.length - 1] = to;
  else ranges.push(last + 1, to);
}
