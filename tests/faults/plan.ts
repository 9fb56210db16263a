/**
 * Which faults happen when: the same for the same seed.
 *
 * @module
 */

import fc from "fast-check";
import type { Break, Shape } from "./proxy.ts";

/** What happens to one client's line. */
export type Act =
  | { readonly act: "break"; readonly how: Break }
  /** The line breaks, and the next one too, when the client has sent so many bytes over it. */
  | { readonly act: "break twice"; readonly how: Break; readonly bytes: number; readonly then: Break }
  /** For a while, bytes travel in another way. */
  | { readonly act: "shape"; readonly shape: Shape; readonly ms: number }
  /** For a while, nobody comes through. */
  | { readonly act: "shut"; readonly how: Break; readonly ms: number };

/** One fault. */
export interface Fault {
  /** When, in milliseconds from the beginning. */
  readonly at: number;
  /** Whose line: to be taken modulo the number of clients. */
  readonly client: number;
  readonly act: Act;
}

/** Kinds of faults: each makes one. */
export type Kind = fc.Arbitrary<Act>;

const how = fc.constantFrom<Break>("fin", "rst", "silence", "ghost", "late");
/** From within the TLS handshake, which is most of it, to a little behind Holdfast's. */
const bytes = fc.integer({ min: 0, max: 2_500 });
const ms = fc.integer({ min: 50, max: 500 });

/** Breaks in one way. */
export function breaks(how: Break): Kind {
  return fc.constant({ act: "break", how });
}

/** Breaks, and again while the client is coming back. */
export const BREAKS_TWICE: Kind = fc.record({ act: fc.constant("break twice"), how, bytes, then: how });

/** Breaks, and what the client says over the next line comes late: its OPEN, where the TLS handshake got through. */
export const LATE_OPENS: Kind = fc.record({
  act: fc.constant("break twice"),
  how: fc.constant("rst"),
  bytes: fc.integer({ min: 300, max: 2_500 }),
  then: fc.constant("late"),
});

/** Lines on which bytes come one by one, in lumps, or slowly. */
export const SHAPES: Kind = fc.record({
  act: fc.constant("shape"),
  ms,
  shape: fc.oneof(
    fc.constant<Shape>({ way: "dribble" }),
    fc.record({ way: fc.constant("coalesce"), ms: fc.integer({ min: 5, max: 60 }) }),
    fc.record({ way: fc.constant("slow"), rate: fc.integer({ min: 20_000, max: 100_000 }) }),
  ),
});

/** Nobody comes through for a while. */
export const SHUT: Kind = fc.record({ act: fc.constant("shut"), how, ms });

/** Any break. */
export const ANY_BREAK: Kind = fc.record({ act: fc.constant("break"), how });

/**
 * Makes a plan.
 *
 * @param seed Where it comes from.
 * @param kinds What may happen.
 * @param count How many faults.
 * @param duration Over how long, in milliseconds.
 * @returns The faults, in order of time.
 */
export function plan(seed: number, kinds: readonly Kind[], count: number, duration: number): Fault[] {
  const fault: fc.Arbitrary<Fault> = fc.record({
    at: fc.integer({ min: 0, max: duration }),
    client: fc.nat(1_000_000),
    act: fc.oneof(...kinds),
  });
  return fc.sample(fc.noBias(fault), { seed, numRuns: count }).sort((a, b) => a.at - b.at);
}
