/**
 * JSON with comments, read with the place of everything in it, and checked while it is taken apart: whatever is wrong
 * becomes a problem, and the reading goes on.
 *
 * @module
 */

import { type Node, parseTree, printParseErrorCode, visit } from "jsonc-parser";
import { MAX_PROBLEMS, type Problems, type Source } from "../../idl/problem.ts";
import { suggest } from "../../idl/suggest.ts";
import type { Spelling } from "./names.ts";

/** Deeper than any file that is meant well; the parser would exhaust the stack. */
const MAX_DEPTH = 16;

/** What the parser's words mean; what it says beside them is about mistakes that can't be made here. */
const MISTAKES: Readonly<Record<string, string>> = {
  InvalidSymbol: "This is no JSON. Texts and names stand in double quotes.",
  InvalidNumberFormat: "This is no number.",
  PropertyNameExpected: "A name in double quotes is missing here.",
  ValueExpected: "A value is missing here.",
  ColonExpected: "A colon is missing before this.",
  CommaExpected: "A comma is missing before this.",
  CloseBraceExpected: "A closing brace `}` is missing here.",
  CloseBracketExpected: "A closing bracket `]` is missing here.",
  EndOfFileExpected: "The file should end before this.",
  UnexpectedEndOfComment: "This comment never ends.",
  UnexpectedEndOfString: "This text never ends: its closing quote is missing.",
  UnexpectedEndOfNumber: "This number is not complete.",
  InvalidUnicode: "There is a `\\u` without four hex digits in this text.",
  InvalidEscapeCharacter: "There is a backslash in this text with nothing behind it that it could stand for.",
  InvalidCharacter: "There is a control character in this text. Write it as `\\n`, `\\t` or `\\u…`.",
};

/** A part of the file. */
export type Json = Node;

/** One name of an object, and what stands behind it. */
export interface Entry {
  readonly name: string;
  /** Where the name is. */
  readonly key: Json;
  readonly value: Json;
}

/** Takes a file apart. What is not as it should be is reported, and given back as if it were not there. */
export class JsonReader {
  readonly #source: Source;
  readonly #problems: Problems;

  constructor(source: Source, problems: Problems) {
    this.#source = source;
    this.#problems = problems;
  }

  /** Reads the text; `undefined` if it is no JSON. */
  parse(): Json | undefined {
    // Every place must stay where it is.
    const text = this.#source.text.replace(/^\ufeff/, " ");
    const deep = tooDeep(text);
    if (deep !== undefined) {
      this.#add(deep, 1, `Brackets are nested more than ${MAX_DEPTH} deep.`);
      return undefined;
    }
    const errors: { error: number; offset: number; length: number }[] = [];
    const root = parseTree(text, errors, { allowTrailingComma: true });
    let lineEnd = -1;
    let last = "";
    for (const { error, offset, length } of errors.slice(0, 10 * MAX_PROBLEMS)) {
      const mistake = printParseErrorCode(error);
      // What comes in the same line follows from what was before it, and so does a value after a name that is missing.
      const follows = offset <= lineEnd || mistake === "ValueExpected" && last === "PropertyNameExpected";
      if (!follows) this.#add(offset, length, MISTAKES[mistake] ?? "This is no JSON.");
      last = mistake;
      if (offset <= lineEnd) continue;
      const end = text.indexOf("\n", offset);
      lineEnd = end < 0 ? text.length : end;
    }
    return errors.length === 0 ? root : undefined;
  }

  /** The names of an object: any, but none twice. */
  entries(node: Json, what: string): Entry[] {
    if (node.type !== "object") {
      this.problem(node, `${what} must be an object: \`{ … }\`.`);
      return [];
    }
    const entries = new Map<string, Entry>();
    for (const { children } of node.children ?? []) {
      const [key, value] = children ?? [];
      if (key === undefined || value === undefined) continue;
      const name = String(key.value);
      const former = entries.get(name);
      if (former === undefined) entries.set(name, { name, key, value });
      else this.problem(key, () => `${show(name)} is there twice: first at ${this.at(former.key)}.`);
    }
    return [...entries.values()];
  }

  /** What stands behind each of these names in an object, which has no others. */
  fields<Name extends string>(node: Json, what: string, names: readonly Name[]): { [name in Name]?: Json } {
    const found: { [name in Name]?: Json } = {};
    for (const { name, key, value } of this.entries(node, what)) {
      const known = names.find((one) => one === name);
      if (known !== undefined) found[known] = value;
      else {
        this.problem(
          key,
          () => `${what} has no ${show(name)}.`,
          () => suggest(name, names) ?? `It may have ${names.map(show).join(", ")}.`,
        );
      }
    }
    return found;
  }

  /** The parts of a list; none where there is none. */
  list(node: Json | undefined, what: string): readonly Json[] {
    if (node === undefined) return [];
    if (node.type === "array") return node.children ?? [];
    this.problem(node, `${what} must be a list: \`[ … ]\`.`);
    return [];
  }

  /** A text that is not empty. */
  text(node: Json | undefined, what: string): string | undefined {
    if (node === undefined) return undefined;
    if (node.type === "string" && node.value !== "") return node.value;
    this.problem(node, `${what} must be a text: \`"…"\`${node.type === "string" ? ", and not empty" : ""}.`);
    return undefined;
  }

  /** A name that is spelt as such names are. */
  name(node: Json | undefined, what: string, { pattern, hint }: Spelling): string | undefined {
    const text = this.text(node, what);
    if (node === undefined || text === undefined || pattern.test(text)) return text;
    this.problem(node, () => `${show(text)} can't be ${what[0]?.toLowerCase()}${what.slice(1)}.`, () => hint);
    return undefined;
  }

  /**
   * What can be read of a list in which nothing is twice.
   *
   * @param same What two that are the same have in common.
   */
  distinct(
    node: Json | undefined,
    what: string,
    read: (one: Json) => string | undefined,
    same: (text: string) => string = (text) => text,
  ): readonly string[] {
    const found = new Map<string, string>();
    for (const one of this.list(node, what)) {
      const text = read(one);
      if (text === undefined) continue;
      if (found.has(same(text))) this.problem(one, () => `${show(text)} is there twice.`);
      else found.set(same(text), text);
    }
    return [...found.values()];
  }

  /** Whether something is so; `false` where nothing is said. */
  flag(node: Json | undefined, what: string): boolean {
    if (node === undefined) return false;
    if (node.type !== "boolean") this.problem(node, `${what} must be \`true\` or \`false\`.`);
    return node.value === true;
  }

  /** Reports a problem. Functions are called only if it is among those that are told. */
  problem(node: Json, message: string | (() => string), hint?: () => string | undefined): void {
    this.#add(node.offset, node.length, message, hint);
  }

  /** `file:line:column` of a part. */
  at({ offset, length }: Json): string {
    return this.#source.at({ start: offset, end: offset + length });
  }

  #add(offset: number, length: number, message: string | (() => string), hint?: () => string | undefined): void {
    // The parser counts a comment that never ends as one character longer than it is.
    const end = Math.min(offset + length, this.#source.text.length);
    this.#problems.add(this.#source, { start: offset, end }, message, hint);
  }
}

/** What a part says, without comments and spacing: two that say the same have the same. */
export function contentOf({ type, value, children }: Json): string {
  return children === undefined ? JSON.stringify(value) : `${type}(${children.map(contentOf).join(",")})`;
}

/** A name or another text of the file, in a message: not all of one that goes on for pages. */
export function show(text: string): string {
  return `\`${text.length > 100 ? `${text.slice(0, 100).toWellFormed()}…` : text}\``;
}

/** Where brackets are nested too deep. */
function tooDeep(text: string): number | undefined {
  let depth = 0;
  const open = (offset: number) => {
    if (++depth > MAX_DEPTH) throw new TooDeep(offset);
  };
  const close = () => void depth--;
  try {
    visit(text, { onObjectBegin: open, onArrayBegin: open, onObjectEnd: close, onArrayEnd: close });
    return undefined;
  } catch (thrown) {
    if (thrown instanceof TooDeep) return thrown.offset;
    throw thrown;
  }
}

/** The only way out of the parser. */
class TooDeep extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super();
    this.offset = offset;
  }
}
