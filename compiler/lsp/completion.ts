/**
 * What an editor offers while something is being written.
 *
 * @module
 */

import { dirname, relative, sep } from "node:path";
import { type CompletionItem, CompletionItemKind, MarkupKind, type Position } from "vscode-languageserver";
import type { NamedType, SourceFile } from "../../idl/program.ts";
import type { AuthNode, Name } from "../../idl/syntax.ts";
import { type Context, contextAt, type Wanted } from "./context.ts";
import { entriesOf } from "./folders.ts";
import { enumsIn } from "./names.ts";
import { isFile, offsetAt, rangeOf } from "./places.ts";
import { BUILTINS, CLAUSES, DECLARATIONS, RULES, type Words } from "./words.ts";
import type { Readable, Workspace } from "./workspace.ts";

/** What is offered: a word, what it is, and what is said of it. */
interface Offer {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly about?: string | undefined;
}

/**
 * Finds what could be written at a place.
 *
 * @param workspace The files.
 * @param readable The file.
 * @param position Where in it.
 */
export function completionsAt(workspace: Workspace, { file }: Readable, position: Position): CompletionItem[] {
  const { source } = file;
  const context = contextAt(source.text, offsetAt(source, position));
  if (context === undefined) return [];
  const range = rangeOf(source, context.place);
  return [...new Offers(workspace, file).of(context)].map(({ label, kind, about }) => ({
    label,
    kind,
    ...(about !== undefined && { documentation: { kind: MarkupKind.Markdown, value: about } }),
    textEdit: { range, newText: label },
  }));
}

class Offers {
  readonly #workspace: Workspace;
  readonly #file: SourceFile;

  constructor(workspace: Workspace, file: SourceFile) {
    this.#workspace = workspace;
    this.#file = file;
  }

  of({ wanted, place }: Context): Iterable<Offer> {
    switch (wanted.kind) {
      case "declaration":
        return keywords(DECLARATIONS);
      case "clause":
        return keywords(CLAUSES);
      case "extends":
        return [{ label: "extends", kind: CompletionItemKind.Keyword, about: "Takes over all clauses of a service." }];
      case "type":
        return [...this.#types(), ...offers(BUILTINS, CompletionItemKind.Keyword)];
      case "message":
        return this.#messages();
      case "rule":
        return this.#rules(place.start);
      case "service":
        return this.#services(place.start);
      case "path":
        return this.#paths();
      case "value":
        return this.#values(wanted);
    }
  }

  *#types(): Iterable<Offer> {
    for (const type of this.#file.types.values()) yield this.#named(type);
  }

  *#messages(): Iterable<Offer> {
    for (const type of this.#file.types.values()) {
      const { kind } = this.#workspace.declarationOf(type).node;
      if (kind === "record" || kind === "broken") yield this.#named(type);
    }
  }

  #named(type: NamedType): Offer {
    const { file, node } = this.#workspace.declarationOf(type);
    return { label: type.name.text, kind: KINDS[node.kind], about: file.tree.docs.get(node.start)?.text };
  }

  /** The words of the language, and all that are used in this file already. */
  *#rules(offset: number): Iterable<Offer> {
    yield* offers(RULES, CompletionItemKind.Keyword);
    const used = new Set<string>();
    const use = (auth: AuthNode | undefined) => {
      for (const { start, text } of auth?.words ?? []) if (start !== offset) used.add(text);
    };
    for (const node of this.#file.tree.declarations) {
      if (node.kind !== "service") continue;
      use(node.auth);
      for (const clause of node.clauses) use(clause.auth);
    }
    for (const label of used) if (!RULES.has(label)) yield { label, kind: CompletionItemKind.Constant };
  }

  *#services(offset: number): Iterable<Offer> {
    const own = this.#file.tree.declarations.findLast(({ start }) => start < offset);
    for (const [label, { node, file }] of this.#file.services) {
      // A service can't be its own base.
      if (node === own) continue;
      yield { label, kind: CompletionItemKind.Interface, about: file.tree.docs.get(node.start)?.text };
    }
  }

  *#paths(): Iterable<Offer> {
    const own = this.#file.source.file;
    if (!isFile(own)) return;
    const folder = dirname(own);
    const known = this.#workspace.everything().files.map(({ source }) => relative(folder, source.file));
    const near = entriesOf(folder).map(({ name }) => name).filter((name) => name.endsWith(".msg"));
    for (const path of new Set([...near, ...known])) {
      if (path === relative(folder, own) || !isFile(path)) continue;
      const label = path.replaceAll(sep, "/");
      yield { label: label.startsWith(".") ? label : `./${label}`, kind: CompletionItemKind.File };
    }
  }

  *#values({ types }: Wanted & { kind: "value" }): Iterable<Offer> {
    for (const text of types) {
      if (text.startsWith('"') || text === "null" || text === "true" || text === "false") yield value(text);
      else if (text === "bool") yield* [value("true"), value("false")];
      else {
        const place = { start: 0, end: 0 };
        const name: Name = { ...place, text };
        for (const type of enumsIn(this.#file, { kind: "name", name, ...place })) {
          const { file, node } = this.#workspace.declarationOf(type);
          for (const { text, start } of node.kind === "enum" ? node.values : []) {
            yield { label: text, kind: CompletionItemKind.EnumMember, about: file.tree.docs.get(start)?.text };
          }
        }
      }
    }
  }
}

function value(label: string): Offer {
  return { label, kind: CompletionItemKind.Value };
}

function keywords(words: Words): Offer[] {
  return offers(words, CompletionItemKind.Keyword);
}

function offers(words: Words, kind: CompletionItemKind): Offer[] {
  return [...words].map(([label, about]) => ({ label, kind, about }));
}

const KINDS: { readonly [kind in NamedType["node"]["kind"]]: CompletionItemKind } = {
  record: CompletionItemKind.Struct,
  enum: CompletionItemKind.Enum,
  alias: CompletionItemKind.TypeParameter,
  broken: CompletionItemKind.Reference,
};
