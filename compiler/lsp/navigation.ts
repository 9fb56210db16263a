/**
 * Where things are: definitions, references, and what a file declares.
 *
 * @module
 */

import { type DocumentSymbol, type Location, type Position, SymbolKind } from "vscode-languageserver";
import type { NamedType, SourceFile } from "../../idl/program.ts";
import type { ClauseNode, DeclarationNode, FieldNode, Name, Span } from "../../idl/syntax.ts";
import { declaredBy, isDeclaration, isSame, type Mention, mentionAt, mentionsIn } from "./names.ts";
import { locationOf, offsetAt, rangeOf } from "./places.ts";
import type { Readable, Workspace } from "./workspace.ts";

/** A name somewhere in the files. */
export interface Reference {
  readonly file: SourceFile;
  readonly mention: Mention;
}

/**
 * Finds where a name is declared.
 *
 * @param readable The file in which it stands.
 * @param position Where in it.
 */
export function definitionAt({ program, file }: Readable, position: Position): Location | undefined {
  const declared = mentionAt(program, file, offsetAt(file.source, position))?.declared;
  return declared && locationOf(declared.file.source, declared.place);
}

/**
 * Finds all places where the same thing is named, in all files.
 *
 * @param workspace The files.
 * @param mention One of the places.
 */
export function referencesTo(workspace: Workspace, mention: Mention): Reference[] {
  if (mention.declared === undefined) return [];
  const program = workspace.everything();
  return program.files.flatMap((file) =>
    [...mentionsIn(program, file)].filter((other) => isSame(mention, other)).map((mention) => ({ file, mention }))
  );
}

/**
 * Finds the places where a name, or what it stands for, is to be found.
 *
 * @param workspace The files.
 * @param readable The file in which it stands.
 * @param position Where in it.
 * @param withDeclaration Whether the declaration is one of them.
 */
export function referencesAt(
  workspace: Workspace,
  { program, file }: Readable,
  position: Position,
  withDeclaration: boolean,
): Location[] {
  const mention = mentionAt(program, file, offsetAt(file.source, position));
  if (mention === undefined) return [];
  return referencesTo(workspace, mention)
    .filter(({ file, mention }) => withDeclaration || !isDeclaration(mention, file))
    .map(({ file, mention }) => locationOf(file.source, mention.place));
}

/**
 * Lists what a file declares.
 *
 * @param workspace The files.
 * @param readable The file.
 * @returns Its declarations, each with what is in it; those that can't be read just now as they were before.
 */
export function symbolsOf(workspace: Workspace, { program, file }: Readable): DocumentSymbol[] {
  return file.tree.declarations.flatMap((node) => {
    if (node.kind === "import" || node.name === undefined) return [];
    const type = declaredBy(program, node);
    const outline = new Outline(file, node);
    return [outline.declaration(node.name, type === undefined ? node : workspace.declarationOf(type).node)];
  });
}

/** Makes symbols of a declaration. What was in it before is placed where it is now, as far as that can be known. */
class Outline {
  readonly #file: SourceFile;
  readonly #present: DeclarationNode;

  constructor(file: SourceFile, present: DeclarationNode) {
    this.#file = file;
    this.#present = present;
  }

  declaration(name: Name, known: DeclarationNode | NamedType["node"]): DocumentSymbol {
    return this.#symbol(name.text, KINDS[known.kind], this.#present, name, this.#inside(known));
  }

  #inside(known: DeclarationNode): DocumentSymbol[] {
    // The members of a declaration that can't be read have the places that they had in another text.
    const isPresent = known === this.#present;
    const place = (span: Span): Span => isPresent ? span : this.#present;
    switch (known.kind) {
      case "record":
        return known.fields.map((field) => this.#field(field, place));
      case "enum":
        return known.values.map((value) => this.#symbol(value.text, SymbolKind.EnumMember, place(value), place(value)));
      case "service":
        return known.clauses.flatMap((clause) => this.#clause(clause));
      default:
        return [];
    }
  }

  #field(field: FieldNode, place: (span: Span) => Span): DocumentSymbol {
    return this.#symbol(field.name.text, SymbolKind.Field, place(field), place(field.name));
  }

  #clause(clause: ClauseNode): DocumentSymbol[] {
    if (clause.kind === "connect") {
      const fields = clause.fields.map((field) => this.#field(field, (span) => span));
      return [this.#symbol("connect", SymbolKind.Constructor, clause, clause, fields)];
    }
    return clause.uses.map((use) => {
      const reply = use.reply === undefined ? "" : ` -> ${use.reply.text}`;
      return this.#symbol(`${clause.kind} ${use.message.text}${reply}`, SymbolKind.Method, use, use.message);
    });
  }

  #symbol(
    name: string,
    kind: SymbolKind,
    span: Span,
    selection: Span,
    children: DocumentSymbol[] = [],
  ): DocumentSymbol {
    const { source } = this.#file;
    return { name, kind, range: rangeOf(source, span), selectionRange: rangeOf(source, selection), children };
  }
}

const KINDS: { readonly [kind in DeclarationNode["kind"]]: SymbolKind } = {
  import: SymbolKind.Module,
  record: SymbolKind.Struct,
  enum: SymbolKind.Enum,
  alias: SymbolKind.TypeParameter,
  service: SymbolKind.Interface,
  broken: SymbolKind.Null,
};
