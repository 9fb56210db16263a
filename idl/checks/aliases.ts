/**
 * What aliases stand for: none for itself, and which lead back to themselves through aliases alone.
 *
 * @module
 */

import { show } from "../expectation.ts";
import { components } from "../graph.ts";
import { namesIn } from "../names.ts";
import type { NamedType, Program } from "../program.ts";
import type { TypeNode } from "../syntax.ts";

/** What another alias is to one: it, itself or as a branch; or something within it. */
interface Mentions {
  readonly direct: NamedType[];
  readonly inner: NamedType[];
}

/** Finds out how aliases depend on each other. */
export function checkAliases(program: Program): void {
  const aliases = program.types.filter(({ node }) => node.kind === "alias");
  const mentions = new Map(aliases.map((alias) => [alias, mentionsOf(alias)]));
  const direct = components(aliases, (alias) => mentions.get(alias)!.direct);
  const place = new Map<NamedType, number>();
  for (const [index, component] of direct.entries()) {
    const [alias] = component as [NamedType];
    place.set(alias, index);
    if (component.length > 1 || mentions.get(alias)!.direct.includes(alias)) reportSelf(program, component);
    else findSame(alias);
  }
  const sound = aliases.filter((alias) => place.has(alias) && !alias.incomplete);

  // An alias stands twice in this graph: as a name that types refer to, and as what it stands for. A branch of a union
  // is replaced by what it stands for, so it does not refer to the name; only a name on a cycle has to stay.
  interface Vertex {
    readonly alias: NamedType;
    readonly isName: boolean;
  }
  const names = new Map(sound.map((alias) => [alias, { alias, isName: true }]));
  const bodies = new Map(sound.map((alias) => [alias, { alias, isName: false }]));
  const edges = ({ alias, isName }: Vertex): Vertex[] => {
    if (isName) return [bodies.get(alias)!];
    const { direct, inner } = mentions.get(alias)!;
    return [
      ...direct.map((other) => (isUnion(other) ? bodies : names).get(target(other))),
      ...inner.map((other) => names.get(target(other))),
    ].filter((vertex) => vertex !== undefined);
  };
  const order: NamedType[] = [];
  for (const component of components<Vertex>([...bodies.values(), ...names.values()], edges)) {
    for (const { alias, isName } of component) {
      if (isName && component.length > 1 && alias.same === undefined) alias.recursive = true;
    }
    const members = component.filter(({ isName }) => !isName).map(({ alias }) => alias);
    for (const alias of members.sort((a, b) => place.get(a)! - place.get(b)!)) order.push(alias);
  }
  program.aliases = order;
}

/** Finds what an alias is only another name for. Those before it in the order of direct mention are known. */
function findSame(alias: NamedType): void {
  const { file, node } = alias;
  if (node.kind !== "alias" || node.type.kind !== "name") return;
  const other = file.types.get(node.type.name.text);
  if (other !== undefined) alias.same = target(other);
}

function target(type: NamedType): NamedType {
  return type.same ?? type;
}

function isUnion(type: NamedType): boolean {
  const { node } = target(type);
  return node.kind === "alias" && node.type.kind === "union";
}

function reportSelf(program: Program, component: readonly NamedType[]): void {
  for (const { file, name } of component) {
    const message = () =>
      component.length === 1
        ? `${show(name.text)} is defined as itself.`
        : `${show(name.text)} is defined as itself, by way of ${
          show(component.find((c) => c.name !== name)!.name.text)
        }.`;
    program.problem(file, name, message, () => "A type may contain itself, in a list for instance, but not be itself.");
  }
  for (const alias of component) alias.incomplete = true;
}

function mentionsOf({ file, node }: NamedType): Mentions {
  const mentions: Mentions = { direct: [], inner: [] };
  if (node.kind !== "alias") return mentions;
  const direct = new Set<TypeNode>(node.type.kind === "union" ? node.type.branches : [node.type]);
  for (const name of namesIn(node.type)) {
    const other = file.types.get(name.name.text);
    if (other?.node.kind === "alias") (direct.has(name) ? mentions.direct : mentions.inner).push(other);
  }
  return mentions;
}
