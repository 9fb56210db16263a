/**
 * What is declared where: each name once, and none that can't be one.
 *
 * @module
 */

import { show } from "../expectation.ts";
import { checkName } from "../names.ts";
import type { NamedService, NamedType, Program, SourceFile } from "../program.ts";
import { isServiceName, RESERVED_NAMES } from "../rules.ts";
import type { DeclarationNode, Name } from "../syntax.ts";

/** Declares all names, each in its file and in the files that import that one. */
export function checkNames(program: Program): void {
  for (const file of program.files) {
    for (const { node, file: imported } of file.imports) {
      takeOver(program, file, file.types, imported.types, imported, node.specifier);
      takeOver(program, file, file.services, imported.services, imported, node.specifier);
    }
    for (const node of file.tree.declarations) {
      if (node.kind !== "import" && node.name !== undefined) declare(program, file, node, node.name);
    }
  }
}

/** Only what a file declares itself can be seen by those that import it. */
function takeOver<T extends NamedType | NamedService>(
  program: Program,
  file: SourceFile,
  names: Map<string, T>,
  imported: ReadonlyMap<string, T>,
  from: SourceFile,
  place: { readonly start: number; readonly end: number },
): void {
  for (const [name, declared] of imported) {
    if (declared.file !== from) continue;
    const other = names.get(name);
    if (other === undefined) names.set(name, declared);
    else {
      const places = () => `${show(name)} comes from two files: ${placeOf(other)} and ${placeOf(declared)}.`;
      program.problem(file, place, places, () => "Give one of them another name.");
    }
  }
}

type NamedNode = Exclude<DeclarationNode, { kind: "import" }>;

function declare(program: Program, file: SourceFile, node: NamedNode, name: Name): void {
  if (node.kind === "service" || name.text.includes("/")) {
    if (node.kind !== "service" && node.kind !== "broken") return;
    if (!isServiceName(name.text)) {
      program.problem(file, name, `${show(name.text)} can't be a service's name.`, () => SERVICE_HINT);
    }
    const service = { file, name, node };
    program.services.push(service);
    enter(program, file.services, service);
    return;
  }
  // A name that was only guessed is not judged.
  const isDeclarable = node.kind !== "broken" && checkName(program, file, name);
  if (isDeclarable && RESERVED_NAMES.has(name.text)) {
    const meaning = name.text === "connect" ? "what a client gives on connecting" : "a built-in type or value";
    program.problem(file, name, `${show(name.text)} is ${meaning}: a declaration needs another name.`);
  }
  const known = program.byKey.has(name.text);
  const key = known ? `${name.text} (${file.source.file}:${name.start})` : name.text;
  const incomplete = node.kind === "broken" || node.incomplete === true;
  const type: NamedType = { file, name, node, key, ref: { type: "ref", name: key }, incomplete };
  program.types.push(type);
  program.byKey.set(key, type);
  enter(program, file.types, type);
}

const SERVICE_HINT = "A service's name has two parts, `System/Component`, each of letters, digits and _.";

function enter<T extends NamedType | NamedService>(program: Program, names: Map<string, T>, declared: T): void {
  const { file, name } = declared;
  const other = names.get(name.text);
  if (other === undefined) names.set(name.text, declared);
  else {
    const message = () => `${show(name.text)} is declared twice: it is at ${placeOf(other)} already.`;
    program.problem(file, name, message, () => "Give one of them another name.");
  }
}

function placeOf({ file, name }: NamedType | NamedService): string {
  return file.source.at(name);
}
