/**
 * Unions: a value tells by itself which branch it belongs to.
 *
 * @module
 */

import type { Program } from "../program.ts";
import { unionConflicts } from "../rules.ts";

/** Judges every union of the text. */
export function checkUnions(program: Program): void {
  for (const { file, branches } of program.unions) {
    const types = branches.map(({ type }) => type);
    // What refers to something with problems may conflict just because of these.
    if (types.some((type) => type.type === "ref" && program.byKey.get(type.name)!.incomplete)) continue;
    for (const { a, b, reason } of unionConflicts(types, program.written)) {
      const [first, second] = [branches[a]!.node, branches[b]!.node];
      if (first === second) continue; // an alias's own union, which has been judged already
      const written = file.source.text.slice(first.start, first.end);
      const message = () => `No value tells this branch from ${shorten(written)}: ${reason}.`;
      program.problem(file, second, message);
    }
  }
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return `\`${line.length > 40 ? `${line.slice(0, 40)}…` : line}\``;
}
