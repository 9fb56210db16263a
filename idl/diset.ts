/**
 * What of a definition the original's protocol has no way to say: DIRAC's, which knows values as Python does.
 *
 * @module
 */

import type { RecordType, Shape, Type, UnionType } from "./definition.ts";
import { unionLeaves } from "./rules.ts";

/** The key by which the original marks what JSON has no value for. */
export const MARK = "__dCls";

type Types = Shape["types"];

/**
 * Whether null is a value of a type.
 *
 * @param type The type.
 * @param types The named types.
 */
export function admitsNull(type: Type, types: Types): boolean {
  return unionLeaves([type], types, () => {}).some(({ type }) =>
    type.type === "any" || type.type === "literal" && type.value === null
  );
}

/**
 * Says what of a definition can't be said in the original's protocol.
 *
 * @param shape A valid definition's shape.
 * @returns What can't, each with its path; empty if all can.
 */
export function misfits(shape: Shape): readonly string[] {
  const messages = new Set(shape.messages.map(({ name }) => name));
  const found: string[] = [];
  const look = (path: string, type: Type): void => {
    switch (type.type) {
      case "list":
        return look(`${path}[]`, type.items);
      case "map":
        return look(`${path}[]`, type.values);
      case "record":
        for (const field of type.fields) {
          if (field.name === MARK) {
            found.push(`${path}.${MARK}: the original takes what has that key for something else`);
          }
          look(`${path}.${field.name}`, field.type);
        }
        return;
      case "union":
        for (const reason of unionMisfits(type, shape.types)) found.push(`${path}: ${reason}`);
        return type.branches.forEach((branch) => look(path, branch));
    }
  };
  look("connect", shape.connect);
  for (const [name, type] of Object.entries(shape.types)) {
    look(name, type);
    if (!messages.has(name)) continue;
    for (const field of (type as RecordType).fields.filter(({ optional }) => optional === true)) {
      if (admitsNull(field.type, shape.types)) found.push(`${name}.${field.name}: ${NULL_OR_ABSENT}`);
    }
  }
  return found;
}

const NULL_OR_ABSENT =
  "it is optional, and may be null: a message has None for both. Make it required, or put it into a record";

/** Branches that TypeScript tells apart and Python does not. */
function unionMisfits(union: UnionType, types: Types): readonly string[] {
  const leaves = unionLeaves(union.branches, types, () => {}).map(({ type }) => type);
  const has = (...kinds: readonly Type["type"][]) => leaves.some(({ type }) => kinds.includes(type));
  const hasLiteral = (kind: string) => leaves.some((leaf) => leaf.type === "literal" && typeof leaf.value === kind);
  const reasons: string[] = [];
  if (has("bytes") && (has("string", "enum") || hasLiteral("string"))) {
    reasons.push("bytes and text are one in the original's older encoding");
  }
  if (has("long") && hasLiteral("number")) reasons.push("a long and a number are one in Python");
  return reasons;
}
