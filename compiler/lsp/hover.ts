/**
 * What an editor shows of a name: how it is declared, its documentation, and what it comes to.
 *
 * @module
 */

import { type Hover, MarkupKind, type Position } from "vscode-languageserver";
import type { Type } from "../../idl/definition.ts";
import { namesIn } from "../../idl/names.ts";
import { typeText } from "../../idl/print/types.ts";
import type { NamedType, Program, SourceFile } from "../../idl/program.ts";
import { innerTypes } from "../../idl/rules.ts";
import { isWord, split } from "../../idl/split.ts";
import type { Span, TypeNode } from "../../idl/syntax.ts";
import { tokenize } from "../../idl/tokens.ts";
import { type Mention, mentionAt } from "./names.ts";
import { holds, offsetAt, rangeOf } from "./places.ts";
import { BUILTINS, CLAUSES, DECLARATIONS, PROPERTY, RULES } from "./words.ts";
import type { Readable, Workspace } from "./workspace.ts";

/** How many lines of a declaration are shown. */
const MAX_LINES = 30;
/** How many types may be in one that is shown written out. */
const MAX_TYPES = 100;

/**
 * Says what stands at a place.
 *
 * @param workspace The files.
 * @param readable The file.
 * @param position Where in it.
 * @returns What to show; `undefined` if there is nothing to say.
 */
export function hoverAt(workspace: Workspace, readable: Readable, position: Position): Hover | undefined {
  const { program, file } = readable;
  const offset = offsetAt(file.source, position);
  const mention = mentionAt(program, file, offset);
  const found = mention === undefined
    ? keywordAt(file, offset)
    : { place: mention.place, parts: describe(workspace, readable, mention) };
  const value = found?.parts.filter((part) => part !== undefined && part !== "").join("\n\n");
  if (found === undefined || value === undefined || value === "") return undefined;
  return { contents: { kind: MarkupKind.Markdown, value }, range: rangeOf(file.source, found.place) };
}

type Parts = readonly (string | undefined)[];

function describe(workspace: Workspace, { program, file: from }: Readable, mention: Mention): Parts {
  const { name, meaning, declared } = mention;
  const file = declared?.file ?? from;
  switch (meaning.kind) {
    case "type": {
      const { file, node } = workspace.declarationOf(meaning.type);
      const end = node.kind === "alias" ? writtenOut(program, meaning.type) : undefined;
      return [code(textOf(file, node)), docAt(file, node), end];
    }
    case "service": {
      const { node } = meaning;
      return [code(textOf(file, node).replace(/\s*\{[^]*$/, "")), docAt(file, node)];
    }
    case "field": {
      const { node } = meaning;
      return [code(textOf(file, node)), docAt(file, node), aliasesIn(program, file, node.type)];
    }
    case "value":
      return [code(`${meaning.type.name.text}.${name}`), docAt(file, declared!.place)];
    case "builtin":
      return [code(meaning.node === undefined ? name : textOf(from, meaning.node)), BUILTINS.get(name)];
    case "rule":
      return [code(`auth ${name}`), RULES.get(name.replace(/:.*/, ":")) ?? PROPERTY];
    case "file":
      return [declared?.file.source.file];
  }
}

function code(text: string): string {
  return `\`\`\`msg\n${text}\n\`\`\``;
}

function docAt({ tree }: SourceFile, { start }: Span): string | undefined {
  return tree.docs.get(start)?.text;
}

/** A piece of the text, with its first line's indentation taken from all others. */
function textOf({ source: { text } }: SourceFile, { start, end }: Span): string {
  const indentation = /[ \t]*$/.exec(text.slice(text.lastIndexOf("\n", start - 1) + 1, start))?.[0] ?? "";
  const lines = text.slice(start, end).split(/\r?\n/).map((line) =>
    line.startsWith(indentation) ? line.slice(indentation.length) : line
  );
  return (lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), "…"] : lines).join("\n");
}

/** What the aliases in a type stand for. */
function aliasesIn(program: Program, file: SourceFile, type: TypeNode): string {
  const names = new Set([...namesIn(type)].map(({ name }) => name.text));
  return [...names].flatMap((name) => {
    const alias = file.types.get(name);
    const text = alias?.node.kind === "alias" ? writtenOut(program, alias) : undefined;
    return text === undefined ? [] : [text];
  }).join("\n\n");
}

/** What an alias stands for, if that is known and no book. */
function writtenOut(program: Program, { name, type }: NamedType): string | undefined {
  if (type === undefined || !isSmall(type)) return undefined;
  return `\`${name.text}\` is \`${typeText(named(program, type))}\`.`;
}

function isSmall(type: Type): boolean {
  const open = [type];
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const inner = innerTypes(next);
    count += inner.length;
    if (count > MAX_TYPES) return false;
    open.push(...inner);
  }
  return true;
}

/** A type with names in place of keys, which also tell apart what two files call the same. */
function named(program: Program, type: Type): Type {
  return JSON.parse(JSON.stringify(type), (_, value) => {
    const target = value?.type === "ref" ? program.byKey.get(value.name) : undefined;
    return target === undefined ? value : { ...value, name: target.name.text };
  });
}

/** A keyword and what it means. */
function keywordAt({ source: { text } }: SourceFile, offset: number): { place: Span; parts: Parts } | undefined {
  const tokens = tokenize(text);
  const { starts, ends, kinds } = tokens;
  const at = starts.findIndex((start, index) => holds({ start, end: ends[index]! }, offset));
  if (kinds[at] !== "word") return undefined;
  const place = { start: starts[at]!, end: ends[at]! };
  const word = text.slice(place.start, place.end);
  const piece = split(text, tokens).find(({ from, to }) => from <= at && at < to);
  if (piece === undefined) return undefined;
  const isHead = at === piece.from;
  const isService = isWord(text, tokens, piece.from, "service");
  const meaning = isHead ? DECLARATIONS.get(word) : isService ? CLAUSES.get(word) : undefined;
  return meaning === undefined ? undefined : { place, parts: [code(word), meaning] };
}
