/**
 * Whether the peer is still there.
 *
 * @module
 */

/**
 * Judges silence. Any byte is life; whoever has been silent for a whole period is asked, and whoever then stays silent
 * for another is gone: two periods after its last byte, and not later. All times are in milliseconds.
 *
 * @param period How long it may be silent.
 * @param heardAt When something was heard of it.
 * @param askedAt When it was asked since; `undefined` if it was not.
 * @param now The time.
 * @returns What to do: ask, or give it up; or nothing, but to look again after so long.
 */
export function judgeSilence(
  period: number,
  heardAt: number,
  askedAt: number | undefined,
  now: number,
): "ask" | "give up" | number {
  const left = (askedAt ?? heardAt) + period - now;
  if (left > 0) return left;
  return askedAt === undefined ? "ask" : "give up";
}
