/**
 * A finite value exists of every type.
 *
 * @module
 */

import { show } from "../expectation.ts";
import type { Program } from "../program.ts";
import { infiniteTypes } from "../rules.ts";

/** Judges all declarations together. */
export function checkFinite(program: Program): void {
  for (const key of infiniteTypes(program.written)) {
    const { file, name } = program.byKey.get(key)!;
    const message = () => `A value of ${show(name.text)} would never end: it always contains another one.`;
    program.problem(
      file,
      name,
      message,
      () => "Make a field optional, or put it in a list, a map or a union with null.",
    );
  }
}
