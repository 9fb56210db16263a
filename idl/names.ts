/**
 * Names: which can be used, and which there are in a type.
 *
 * @module
 */

import { show } from "./expectation.ts";
import type { Program, SourceFile } from "./program.ts";
import { FORBIDDEN_NAMES, isIdentifier } from "./rules.ts";
import type { Name, NameNode, TypeNode } from "./syntax.ts";

/**
 * Reports a name that nothing can have.
 *
 * @returns Whether it can be used.
 */
export function checkName(program: Program, file: SourceFile, name: Name): boolean {
  if (!isIdentifier(name.text)) {
    program.problem(file, name, "A name has 255 characters at the most.");
  } else if (FORBIDDEN_NAMES.has(name.text)) {
    const hint = () => "JavaScript's objects have something of that name already. Choose another one.";
    program.problem(file, name, `The name ${show(name.text)} is not allowed.`, hint);
  } else return true;
  return false;
}

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
