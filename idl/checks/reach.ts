/**
 * What a service reaches: no two types of one name, and no message that its own file does not see.
 *
 * @module
 */

import type { Type } from "../definition.ts";
import { show } from "../expectation.ts";
import type { Lowering } from "../lower.ts";
import { namesIn } from "../names.ts";
import type { NamedService, NamedType, Program, ResolvedService } from "../program.ts";
import { mentionedNames } from "../rules.ts";
import type { Name, ServiceNode } from "../syntax.ts";

/** Finds out what every service reaches. */
export function checkReach(program: Program, lowering: Lowering): void {
  const mentions = new Map<Type, readonly NamedType[]>();
  const mentionsOf = (type: Type | undefined): readonly NamedType[] => {
    if (type === undefined) return [];
    let found = mentions.get(type);
    if (found === undefined) {
      found = [...mentionedNames(type)].map((key) => program.byKey.get(key)!);
      mentions.set(type, found);
    }
    return found;
  };
  for (const service of program.services) {
    const { resolved } = service;
    if (resolved === undefined) continue;
    checkSight(program, service, resolved);
    reach(program, lowering, service, resolved, mentionsOf);
  }
}

/** Generated code names a service's messages, and what its connect arguments name: so its file must see them. */
function checkSight(program: Program, service: NamedService, { uses, connect }: ResolvedService): void {
  const { file } = service;
  const { base } = service.node as ServiceNode;
  if (base === undefined) return;
  const needed = new Set<NamedType | undefined>();
  for (const { message, reply } of uses.values()) needed.add(message).add(reply);
  for (const field of connect?.fields ?? []) {
    for (const { name } of namesIn(field.type)) needed.add(connect!.file.types.get(name.text));
  }
  for (const type of needed) {
    if (type === undefined) continue;
    if (file.types.get(type.name.text) === type) file.used.add(type);
    else {
      const message = () => `${show(base.text)} brings ${show(type.name.text)} along, which this file does not import.`;
      program.problem(file, base, message, () => `It is declared in ${type.file.source.file}: import that, too.`);
    }
  }
}

/** Gives a service what it reaches. */
function reach(
  program: Program,
  lowering: Lowering,
  service: NamedService,
  { uses, connect }: ResolvedService,
  mentionsOf: (type: Type | undefined) => readonly NamedType[],
): void {
  const { file, name } = service;
  const reached = new Set<NamedType>();
  const names = new Map<string, Name>();
  const enter = (type: NamedType) => {
    const other = names.get(type.name.text);
    if (other !== undefined && !reached.has(type)) {
      const clash = [...reached].find((known) => known.name === other)!;
      const places = () => `${clash.file.source.at(other)} and ${type.file.source.at(type.name)}`;
      const message = () => `${show(name.text)} comes to use two types called ${show(other.text)}: ${places()}.`;
      program.problem(file, name, message, () => "Give one of them another name.");
    }
    names.set(type.name.text, other ?? type.name);
    reached.add(type);
  };
  for (const { message, reply } of uses.values()) {
    enter(message);
    if (reply !== undefined) enter(reply);
  }
  for (const type of mentionsOf(connect?.type)) enter(type);
  // A set goes on to what is added to it meanwhile.
  for (const type of reached) {
    if (type.type === undefined || !program.spend(lowering.count(type.type), file, name)) return;
    for (const inner of mentionsOf(type.type)) enter(inner);
  }
  service.reached = reached;
}
