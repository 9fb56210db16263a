/**
 * The names in a type as it is written.
 *
 * @module
 */

import type { NameNode, TypeNode } from "./syntax.ts";

/**
 * Goes through the names of types in a type, in the order of the text: built-in ones, too.
 *
 * @param node The type, which is nested no deeper than brackets may be.
 */
export function* namesIn(node: TypeNode): Iterable<NameNode> {
  switch (node.kind) {
    case "name":
      yield node;
      break;
    case "applied":
      yield* namesIn(node.item);
      break;
    case "union":
      for (const branch of node.branches) yield* namesIn(branch);
      break;
    case "inline":
      for (const field of node.fields) yield* namesIn(field.type);
      break;
  }
}
