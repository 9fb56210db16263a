/**
 * Which of the peer's frames have been handled: all up to a low mark, and ranges above it, since handlers end in
 * another order than they begin.
 *
 * @module
 */

/** A set of frame numbers, as a low mark and ranges above it. */
export class Marks {
  /** All up to this one are in the set. */
  low = 0;
  /** First and last of each range above `low`, in turn, ascending; ranges don't touch. */
  readonly ranges: number[] = [];

  /** Adds a number above `low` that is not in the set. */
  add(frame: number): void {
    if (frame === this.low + 1) {
      this.low = frame;
      if (this.ranges[0] === frame + 1) {
        this.low = this.ranges[1]!;
        this.ranges.splice(0, 2);
      }
      return;
    }
    // What ends is most often near what ended last: search from the back.
    let at = this.ranges.length;
    while (at > 0 && this.ranges[at - 2]! > frame) at -= 2;
    const extendsLeft = at > 0 && this.ranges[at - 1]! === frame - 1;
    const extendsRight = at < this.ranges.length && this.ranges[at]! === frame + 1;
    if (extendsLeft && extendsRight) this.ranges.splice(at - 1, 2);
    else if (extendsLeft) this.ranges[at - 1] = frame;
    else if (extendsRight) this.ranges[at] = frame;
    else this.ranges.splice(at, 0, frame, frame);
  }
}

/** Whether a number is in the set that a low mark and ranges describe. */
export function isMarked(frame: number, low: number, ranges: readonly number[]): boolean {
  if (frame <= low) return true;
  for (let i = 0; i < ranges.length && ranges[i]! <= frame; i += 2) {
    if (frame <= ranges[i + 1]!) return true;
  }
  return false;
}
