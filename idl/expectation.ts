/**
 * What the parser says, in words for people: it lists what it could have gone on with; this makes a sentence of it.
 *
 * @module
 */

import { suggest } from "./suggest.ts";

/** What a rule of the grammar is called there, and here. */
const WORDS: Readonly<Record<string, string>> = {
  "a declaration": "a declaration: `Name < … >`, `enum`, `type`, `service` or `import`",
  "a name": "a name",
  "a field": "a field such as `id: int`",
  "a type": "a type such as `int`, `string` or `list<…>`, or a name",
  "a value": 'a value such as `5`, `"text"` or `true`',
  "a text": "text in double quotes",
  "a number": "a number",
  "a pattern": "a pattern such as `/[a-z]+/`",
  "a clause": "a clause (`receives`, `sends`, `connect`)",
  "a message": "a message's name",
  "a rule": "who is allowed: `all`, `none`, `authenticated`, a property, `group:name` or `vo:name`",
  "the end": "the end of this declaration",
  "a service name": "a service's name such as `Framework/PingPong`",
};

/** What may follow but seldom does: it is told only where nothing else is expected. */
const SELDOM: ReadonlySet<string> = new Set(["<", "|", "(", "=", "->", "?", "auth", "extends"]);

/** What people write who come from other languages. */
const HABITS: Readonly<Record<string, string>> = {
  ";": "Commas separate fields and values; declarations need nothing between them.",
  "'": "Text stands in double quotes.",
  "`": "Text stands in double quotes.",
  "[": "A list is written `list<int>`.",
  "]": "A list is written `list<int>`.",
  "{": "The fields of a message or record stand between `<` and `>`.",
  "#": "A comment starts with `//`.",
  "@": "There are no annotations in this language.",
};

const ASCII_HINT =
  "Outside of text and comments there are only ASCII characters: names are made of a–z, A–Z, 0–9 and _.";

const DECLARATIONS = ["enum", "type", "service", "import"];
const CLAUSES = ["receives", "sends", "connect", "auth"];

/** What the parser could have gone on with, as Peggy tells it. */
export type Expectation =
  | { readonly type: "literal"; readonly text: string }
  | { readonly type: "other"; readonly description: string }
  | { readonly type: "end" | "any" | "class" };

/**
 * Makes a sentence of what was expected.
 *
 * @param expected What the parser could have gone on with.
 * @param found What stands there instead; `undefined` at the end of the declaration.
 * @returns The problem, and what to do about it where that can be guessed.
 */
export function explain(
  expected: readonly Expectation[],
  found: string | undefined,
): { readonly message: string; readonly hint?: string } {
  // deno-lint-ignore no-control-regex
  if (found !== undefined && /[^\x00-\x7f]/.test(found)) {
    return { message: `${show(found)} can't stand here.`, hint: ASCII_HINT };
  }
  const told = new Set<string>();
  for (const expectation of expected) {
    if (expectation.type === "literal") told.add(expectation.text);
    else if (expectation.type === "end") told.add("the end");
    else if (expectation.type === "other" && expectation.description !== "white space") {
      told.add(expectation.description);
    }
  }
  const common = [...told].filter((item) => !SELDOM.has(item));
  const items = (common.length > 0 ? common : [...told]).map((item) => WORDS[item] ?? `\`${item}\``);
  const wanted = items.length > 0 ? `Expected ${either(items)}` : "Expected nothing more";
  const message = found === undefined ? `${wanted} here.` : `${wanted}, but found ${show(found)}.`;
  const hint = found === undefined ? undefined : hintFor(told, found);
  return hint === undefined ? { message } : { message, hint };
}

function hintFor(told: ReadonlySet<string>, found: string): string | undefined {
  if (told.has("a clause")) return suggest(found, CLAUSES);
  if (told.has("the end")) return suggestDeclaration(found);
  if (told.has("..")) return "A range is written `1..5`, `1..` or `..5`.";
  if (told.has("a service name")) return "A service's name has two parts: `System/Component`.";
  return Object.hasOwn(HABITS, found) ? HABITS[found] : undefined;
}

/**
 * Guesses which keyword a declaration was meant to start with.
 *
 * @param word The word that it starts with.
 * @returns A hint, unless it is a keyword or not like any.
 */
export function suggestDeclaration(word: string): string | undefined {
  return DECLARATIONS.includes(word) ? undefined : suggest(word, DECLARATIONS);
}

function either(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} or ${items.at(-1)}`;
}

/**
 * Quotes a piece of the text, not too much of it.
 *
 * @param text The piece.
 * @returns It, in backquotes.
 */
export function show(text: string): string {
  return text.length > 40 ? `\`${text.slice(0, 40).toWellFormed()}…\`` : `\`${text}\``;
}
