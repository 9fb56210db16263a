/**
 * What aliases stand for: none for itself, and which lead back to themselves through aliases alone.
 *
 * @module
 */

import { show } from "../expectation.ts";
import { components } from "../graph.ts";
import type { NamedType, Program } from "../program.ts";
import type { Name, TypeNode } from "../syntax.ts";

/** A mention of an alias in another. */
interface Mention {
  readonly alias: NamedType;
  readonly place: Name;
  /** `self`: the other one is this one, or has it for a branch; `branch`: of a union within it; `inner`: all else. */
  readonly as: "self" | "branch" | "inner";
}

type Mentions = ReadonlyMap<NamedType, readonly Mention[]>;

/** Finds out how aliases depend on each other. */
export function checkAliases(program: Program): void {
  const aliases = program.types.filter(({ node }) => node.kind === "alias");
  const mentions: Mentions = new Map(aliases.map((alias) => [alias, mentionsOf(alias)]));
  const selves = (alias: NamedType) => mentions.get(alias)!.filter((one) => one.as === "self").map((one) => one.alias);
  for (const component of components(aliases, selves)) {
    if (isCycle(component, selves)) reportSelf(program, component);
    else findSame(component[0]!);
  }

  // A union within a union is replaced by its branches. That can't be done for one that is being replaced already.
  const flattened = (alias: NamedType) => mentions.get(alias)!.filter(isFlattened).map((one) => target(one.alias));
  const place = new Map<NamedType, number>();
  for (const component of components(aliases.filter((alias) => !alias.incomplete), flattened)) {
    if (isCycle(component, flattened)) reportNested(program, component, mentions);
    else place.set(component[0]!, place.size);
  }

  // A recursive alias of a record is as good as a record: it has a name, and what leads to it alone need not have one.
  const sound = [...place.keys()];
  const isRecord = ({ node }: NamedType) => node.kind === "alias" && node.type.kind === "inline";
  const isNamed = new Set(recursion(sound, mentions).flatMap(({ recursive }) => recursive.filter(isRecord)));
  const order: NamedType[] = [];
  for (const { recursive, members } of recursion(sound, mentions, isNamed)) {
    for (const alias of recursive) alias.recursive = true;
    for (const alias of members.sort((a, b) => place.get(a)! - place.get(b)!)) order.push(alias);
  }
  for (const alias of isNamed) alias.recursive = true;
  program.aliases = order;
}

function isCycle(component: readonly NamedType[], edges: (alias: NamedType) => readonly NamedType[]): boolean {
  return component.length > 1 || edges(component[0]!).includes(component[0]!);
}

/** Aliases that depend on each other. */
interface Component {
  /** Those whose names have to stay. */
  readonly recursive: readonly NamedType[];
  /** Those that can be written out when the components before this one have been. */
  readonly members: NamedType[];
}

/**
 * Finds the aliases that lead back to themselves.
 *
 * An alias stands twice in this graph: as a name that types refer to, and as what it stands for. A branch of a union is
 * replaced by what it stands for, so it does not refer to the name; only a name on a cycle has to stay.
 *
 * @param aliases The aliases, none of which is defined as itself or a branch within itself.
 * @param mentions What each mentions.
 * @param named Aliases that stay in any case: what leads to them leads no further.
 */
function recursion(
  aliases: readonly NamedType[],
  mentions: Mentions,
  named: ReadonlySet<NamedType> = new Set(),
): Component[] {
  interface Vertex {
    readonly alias: NamedType;
    readonly isName: boolean;
  }
  const names = new Map(aliases.map((alias) => [alias, { alias, isName: true }]));
  const bodies = new Map(aliases.map((alias) => [alias, { alias, isName: false }]));
  const edges = ({ alias, isName }: Vertex): Vertex[] => {
    if (isName) return named.has(alias) ? [] : [bodies.get(alias)!];
    const edges = mentions.get(alias)!.map((one) => (isFlattened(one) ? bodies : names).get(target(one.alias)));
    return edges.filter((vertex) => vertex !== undefined);
  };
  return components<Vertex>([...bodies.values(), ...names.values()], edges).map((component) => ({
    recursive: component.length < 2 ? [] : component.filter(({ isName }) => isName).map(({ alias }) => alias),
    members: component.filter(({ isName }) => !isName).map(({ alias }) => alias),
  }));
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

function isFlattened({ alias, as }: Mention): boolean {
  const { node } = target(alias);
  return as !== "inner" && node.kind === "alias" && node.type.kind === "union";
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

function reportNested(program: Program, component: readonly NamedType[], mentions: Mentions): void {
  const members = new Set(component);
  for (const alias of component) {
    alias.incomplete = true;
    for (const one of mentions.get(alias)!) {
      if (!isFlattened(one) || !members.has(target(one.alias))) continue;
      const name = show(one.place.text);
      const hint = () => `Give this union a name of its own (\`type … = ${one.place.text} | …\`), and write that here.`;
      program.problem(alias.file, one.place, `${name} can't be a branch of a union that it contains.`, hint);
    }
  }
}

function mentionsOf({ file, node }: NamedType): Mention[] {
  const mentions: Mention[] = [];
  const visit = (type: TypeNode, as: Mention["as"]) => {
    switch (type.kind) {
      case "name": {
        const alias = file.types.get(type.name.text);
        if (alias?.node.kind === "alias") mentions.push({ alias, place: type.name, as });
        break;
      }
      case "applied":
        return visit(type.item, "inner");
      case "union":
        for (const branch of type.branches) visit(branch, as === "inner" ? "branch" : as);
        break;
      case "inline":
        for (const field of type.fields) visit(field.type, "inner");
        break;
    }
  };
  if (node.kind === "alias") visit(node.type, "self");
  return mentions;
}
