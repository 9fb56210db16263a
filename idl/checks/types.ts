/**
 * Writes out the types of all declarations, and tells what is wrong in them: unknown names, ranges, fields, sizes.
 *
 * @module
 */

import type { Type } from "../definition.ts";
import type { Lowering } from "../lower.ts";
import type { NamedType, Program } from "../program.ts";

/** Gives every declaration its type, aliases first: the others are made of them. */
export function checkTypes(program: Program, lowering: Lowering): void {
  for (const type of [...program.aliases, ...program.types.filter(({ node }) => node.kind !== "alias")]) {
    const written = write(type, lowering);
    if (written === undefined) type.incomplete = true;
    // Another name for a type costs nothing; everything else is counted as if it were written out.
    else if (type.same !== undefined || program.spend(lowering.count(written), type.file, type.name)) {
      type.type = written;
      if (type.node.kind !== "alias" || type.recursive) program.written[type.key] = written;
    }
  }
}

function write(type: NamedType, lowering: Lowering): Type | undefined {
  const { file, node } = type;
  switch (node.kind) {
    case "alias":
      return lowering.type(file, node.type);
    case "enum":
      return lowering.enumeration(file, node);
    case "record": {
      const { type: written, isComplete } = lowering.record(file, node.name, node.fields);
      if (!isComplete) type.incomplete = true;
      return written;
    }
    case "broken":
      return undefined;
  }
}
