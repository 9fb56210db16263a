/**
 * Random definitions: shapes, with doc comments and rules.
 *
 * @module
 */

import fc from "fast-check";
import type { Definition, Docs, Rules, Shape } from "../../idl/definition.ts";
import { Dice } from "./dice.ts";
import { arbitraryShape } from "./shapes.ts";

const LINES = ["Says what it does.", "*/ `code` ${x}", "/// slashes", "é 😀 \\u0041", "  indented", ""];
const RULES = [["all"], [], ["authenticated"], ["Operator", "group:production"], ["vo:lhcb"]];

/**
 * Random definitions.
 *
 * @returns Valid definitions, as the checker makes them: with a rule for each message in each direction.
 */
export function arbitraryDefinition(): fc.Arbitrary<Definition> {
  return fc.tuple(arbitraryShape(), fc.gen()).map(([shape, generate]) => {
    const dice = new Dice(generate);
    return { shape, docs: docs(shape, dice), rules: rules(shape, dice) };
  });
}

function docs(shape: Shape, dice: Dice): Docs {
  const paths = ["", ...shape.connect.fields.map((field) => `connect.${field.name}`)];
  for (const [name, type] of Object.entries(shape.types)) {
    paths.push(name);
    if (type.type === "record") paths.push(...type.fields.map((field) => `${name}.${field.name}`));
    if (type.type === "enum") paths.push(...type.values.map((value) => `${name}.${value}`));
  }
  const chosen = dice.some(paths, dice.upTo(4));
  return Object.fromEntries(chosen.map((path) => [path, dice.some(LINES, 1 + dice.upTo(2)).join("\n")]));
}

function rules(shape: Shape, dice: Dice): Rules {
  const actions = shape.messages.flatMap(({ name, receives, sends }) => [
    ...(receives ? [`receives ${name}`] : []),
    ...(sends ? [`sends ${name}`] : []),
  ]);
  if (dice.chance(2)) actions.unshift("connect");
  return Object.fromEntries(actions.map((action) => [action, dice.pick(RULES)]));
}
