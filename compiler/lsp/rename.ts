/**
 * Renaming: in every file, and only if everything means the same afterwards.
 *
 * @module
 */

import type { Position, Range, TextEdit, WorkspaceEdit } from "vscode-languageserver";
import type { Problem } from "../../idl/problem.ts";
import type { Program, SourceFile } from "../../idl/program.ts";
import { isIdentifier, isServiceName } from "../../idl/rules.ts";
import { type Mention, mentionAt, mentionsIn } from "./names.ts";
import { type Reference, referencesTo } from "./navigation.ts";
import { offsetAt, rangeOf } from "./places.ts";
import type { Readable, Workspace } from "./workspace.ts";

/** Why something can't be renamed: a sentence for the user. */
export class RenameError extends Error {
  override readonly name = "RenameError";
}

/**
 * Says what would be renamed.
 *
 * @param readable The file.
 * @param position Where in it.
 * @returns The name's place; `undefined` if there is none that could be renamed.
 */
export function renamableAt({ program, file }: Readable, position: Position): Range | undefined {
  const mention = renamable(program, file, position);
  return mention && rangeOf(file.source, mention.place);
}

/**
 * Renames something wherever it is named.
 *
 * @param workspace The files.
 * @param readable The file in which the user has pointed at it.
 * @param position Where in it.
 * @param name The new name.
 * @param uriOf What the editor calls a file.
 * @returns What is to be changed.
 * @throws {RenameError} If it can't have that name, or something might mean something else afterwards.
 */
export function rename(
  workspace: Workspace,
  { program, file }: Readable,
  position: Position,
  name: string,
  uriOf: (path: string) => string,
): WorkspaceEdit {
  const mention = renamable(program, file, position);
  if (mention === undefined) throw new RenameError("There is no name here that could be changed.");
  const isService = mention.meaning.kind === "service";
  if (!(isService ? isServiceName(name) : isIdentifier(name))) {
    throw new RenameError(
      isService
        ? `\`${name}\` can't be a service's name: it has two parts, as in \`System/Component\`.`
        : `\`${name}\` is no name: one is made of letters, digits and _, and does not begin with a digit.`,
    );
  }
  if (name === mention.name) return { changes: {} };
  const references = referencesTo(workspace, mention);
  const edits = new Map<SourceFile, TextEdit[]>();
  for (const { file, mention: { place } } of references) {
    const edit = { range: rangeOf(file.source, place), newText: name };
    const known = edits.get(file);
    if (known === undefined) edits.set(file, [edit]);
    else known.push(edit);
  }
  const seen = workspace.everything().files.filter((other) =>
    edits.has(other) || other.imports.some(({ file }) => edits.has(file))
  );
  requireReadable(seen, mention.name);
  requireSound(workspace, seen, references, mention.name, name);
  return { changes: Object.fromEntries([...edits].map(([file, changes]) => [uriOf(file.source.file), changes])) };
}

function renamable(program: Program, file: SourceFile, position: Position): Mention | undefined {
  const mention = mentionAt(program, file, offsetAt(file.source, position));
  return mention?.declared === undefined || mention.meaning.kind === "file" ? undefined : mention;
}

/** In what can't be read, the name may stand for this as well as for something else. */
function requireReadable(files: readonly SourceFile[], name: string): void {
  for (const { source, tree } of files) {
    for (const node of tree.declarations) {
      const isUnread = node.kind === "broken" || (node.kind !== "import" && node.incomplete === true);
      if (!isUnread || !source.text.slice(node.start, node.end).includes(name)) continue;
      throw new RenameError(
        `\`${name}\` stands in something that can't be read, at ${source.at(node)}: mend that first.`,
      );
    }
  }
}

/** Tries it, and lets the checker say whether the new name is free everywhere, and allowed. */
function requireSound(
  workspace: Workspace,
  files: readonly SourceFile[],
  references: readonly Reference[],
  before: string,
  after: string,
): void {
  const texts = new Map(files.map(({ source }) => [source.file, source.text]));
  for (const { file, mention: { place: { start, end } } } of references.toReversed()) {
    const text = texts.get(file.source.file)!;
    texts.set(file.source.file, text.slice(0, start) + after + text.slice(end));
  }
  const paths = files.map(({ source }) => source.file);
  // What is wrong already is no reason, though it may be told with the new name.
  const known = workspace.suppose(new Map(), paths).problems.list().map((problem) => told(problem, before, after));
  const then = workspace.suppose(texts, paths);
  const refuse = (reason: string) => new RenameError(`\`${before}\` can't be renamed to \`${after}\`: ${reason}`);
  for (const problem of then.problems.list()) {
    const at = known.indexOf(told(problem, before, after));
    if (at < 0) throw refuse(problem.message);
    known.splice(at, 1);
  }
  if (countOf(then, after, paths) !== countOf(workspace.everything(), after, paths) + references.length) {
    throw refuse("something would not mean the same as before.");
  }
}

/** How often a name stands in some files for something that is declared. */
function countOf(program: Program, name: string, paths: readonly string[]): number {
  const files = program.files.filter(({ source }) => paths.includes(source.file));
  const mentions = files.flatMap((file) => [...mentionsIn(program, file)]);
  return mentions.filter((mention) => mention.name === name && mention.declared !== undefined).length;
}

/** What a problem says, but for places, which may have moved. */
function told({ file, message }: Problem, before: string, after: string): string {
  return `${file}\n${message.replaceAll(before, after).replace(/:\d+:\d+/g, "")}`;
}
