/**
 * Parses a file: cuts it into declarations, has each parsed, and goes on after whatever could not be.
 *
 * The parser, which Peggy made, stops at the first problem. So what has the problem is blanked out (the field, the value
 * or the clause, or failing that the declaration) and the declaration is parsed again. How much is parsed again is
 * bounded, so that time grows with the length of the text and not with the number of its problems.
 *
 * @module
 */

import { explain, suggestDeclaration } from "./expectation.ts";
// @ts-types="./parser.d.ts"
import { parse, SyntaxError as ParserError } from "./parser.js";
import type { Problems, Source } from "./problem.ts";
import { faultyItem, openBracket, type Remains } from "./recovery.ts";
import { isWord, MAX_DEPTH, type Piece, split } from "./split.ts";
import type { BrokenNode, DeclarationNode, Name, Span, Tree } from "./syntax.ts";
import { tokenize, type Tokens } from "./tokens.ts";

/** How long a file may be: as many bytes, or characters of a text. */
export const MAX_SIZE: number = 4 * 1024 * 1024;

/** How much may be parsed again in a file because of its problems, in characters. */
const MAX_AGAIN = 1024 * 1024;

/** What no text file has: half characters, and control characters that are neither tabs nor line ends. */
// deno-lint-ignore no-control-regex
const NO_TEXT = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]/u;

/**
 * Parses a file.
 *
 * @param source The file.
 * @param problems Where problems go.
 * @returns What could be parsed; `undefined` if it is no text, or too long.
 */
export function parseFile(source: Source, problems: Problems): Tree | undefined {
  const { file, text } = source;
  if (text.length > MAX_SIZE) {
    problems.addFile(
      file,
      `The file is too long: ${text.length} characters, and ${MAX_SIZE} are the most.`,
      SPLIT_HINT,
    );
    return undefined;
  }
  const control = NO_TEXT.exec(text);
  if (control !== null) {
    const code = text.charCodeAt(control.index).toString(16).toUpperCase().padStart(4, "0");
    const place = { start: control.index, end: control.index + 1 };
    problems.add(source, place, `The character U+${code} has no place in a text.`, () => "Is this a .msg file?");
    return undefined;
  }
  const tokens = tokenize(text);
  const reader = { source, tokens, problems, again: MAX_AGAIN };
  const declarations = parsePieces(reader, split(text, tokens));
  const { comments, docs, openComment } = tokens;
  if (openComment) problems.add(source, openComment, "This comment is never closed.", () => "It ends with `*/`.");
  for (const doc of tokens.strayDocs) problems.add(source, doc, "This doc comment describes nothing.", () => DOC_HINT);
  return { declarations, comments, docs };
}

const SPLIT_HINT = "Divide it into several files that import each other's declarations.";

/** What to do about a doc comment in the wrong place. */
export const DOC_HINT: string =
  "A doc comment stands on a line of its own, before the declaration, field or value that it describes. "
  + "A plain comment starts with `//`.";

interface Reader {
  readonly source: Source;
  readonly tokens: Tokens;
  readonly problems: Problems;
  /** How many characters may still be parsed again. */
  again: number;
}

/** How many declarations are parsed at once: starting the parser costs as much as a small one of them. */
const BATCH = 64;

function parsePieces(reader: Reader, pieces: readonly Piece[]): DeclarationNode[] {
  const declarations: DeclarationNode[] = [];
  for (let next = 0; next < pieces.length; next += BATCH) {
    const batch = pieces.slice(next, next + BATCH);
    for (const node of parseBatch(reader, batch) ?? batch.map((piece) => parsePiece(reader, piece))) {
      declarations.push(node);
    }
  }
  return declarations;
}

/** Parses declarations that have no problems; `undefined` if one has. */
function parseBatch({ source, tokens }: Reader, pieces: readonly Piece[]): DeclarationNode[] | undefined {
  if (pieces.some(({ tooDeep }) => tooDeep !== undefined)) return undefined;
  const start = tokens.starts[pieces[0]!.from]!;
  try {
    return parse(source.text.slice(start, tokens.ends[pieces.at(-1)!.to - 1]), { base: start });
  } catch (error) {
    if (error instanceof ParserError) return undefined;
    throw error;
  }
}

function parsePiece(reader: Reader, piece: Piece): DeclarationNode {
  const { source, tokens, problems } = reader;
  const start = tokens.starts[piece.from]!;
  const end = tokens.ends[piece.to - 1]!;
  if (piece.tooDeep !== undefined) {
    const message = `Brackets are nested more than ${MAX_DEPTH} deep.`;
    problems.add(source, tokenSpan(tokens, piece.tooDeep), message, () => "Give the inner types names of their own.");
    return broken(reader, piece);
  }
  if (problems.full) {
    problems.add(source, { start, end }, "");
    return broken(reader, piece);
  }
  let text = source.text.slice(start, end);
  for (let incomplete = false;; incomplete = true) {
    try {
      const node = parse(text, { base: start, startRule: "Single" });
      return incomplete ? { ...node, incomplete } as DeclarationNode : node;
    } catch (error) {
      if (!(error instanceof ParserError)) throw error;
      const offset = start + error.location.start.offset;
      const remains = { tokens, piece, base: start, text };
      reportSyntax(reader, remains, error, offset);
      const item = faultyItem(remains, offset);
      if (item === undefined || (reader.again -= text.length) < 0) return broken(reader, piece);
      const [from, to] = [item.start - start, item.end - start];
      const blanked = text.slice(0, from) + " ".repeat(to - from) + text.slice(to);
      if (blanked === text) return broken(reader, piece);
      text = blanked;
    }
  }
}

function reportSyntax(reader: Reader, remains: Remains, error: ParserError, offset: number): void {
  const { piece } = remains;
  const { source, tokens, problems } = reader;
  const at = tokenAt(tokens, piece, offset);
  if (!Array.isArray(error.expected)) {
    problems.add(source, { start: offset, end: offset + 1 }, error.message);
    return;
  }
  const place = at === undefined ? { start: offset, end: offset } : tokenSpan(tokens, at);
  const found = at === undefined ? undefined : source.text.slice(place.start, place.end);
  const { message, hint } = explain(error.expected, found);
  problems.add(source, place, message, () => {
    // A word that is no keyword, and then a name: perhaps the word should have been one.
    const isSecond = at === undefined
      ? piece.to === piece.from + 1
      : at === piece.from + 1 && tokens.kinds[at] === "word";
    const isMisspelt = isSecond && message.startsWith("Expected `<`");
    if (isMisspelt) return suggestDeclaration(wordAt(reader, piece.from).text) ?? DECLARATION_HINT;
    return hint ?? bracketHint(reader, remains, error, offset);
  });
}

const DECLARATION_HINT = "A declaration is `Name < … >`, or starts with `enum`, `type`, `service` or `import`.";

/** Where brackets do not match and a closing one is expected, the one that it would close. */
function bracketHint(reader: Reader, remains: Remains, error: ParserError, offset: number): string | undefined {
  const isClosing = (text: string) => text === ">" || text === "}" || text === ")";
  const isExpected = error.expected.some((item) => item.type === "literal" && isClosing(item.text));
  const bracket = remains.piece.unmatched === undefined || !isExpected ? undefined : openBracket(remains, offset);
  if (bracket === undefined) return undefined;
  const place = tokenSpan(reader.tokens, bracket);
  return `The \`${reader.tokens.kinds[bracket]}\` at ${reader.source.at(place)} is not closed.`;
}

/** A declaration that could not be parsed, with the name that it seems to declare. */
function broken(reader: Reader, { from, to }: Piece): BrokenNode {
  const { source: { text }, tokens } = reader;
  const { kinds, starts, ends } = tokens;
  const span = { start: starts[from]!, end: ends[to - 1]! };
  // Behind a word stands the name, unless the word itself is the name.
  const at = kinds[from] !== "word" ? undefined : kinds[from + 1] === "word" && from + 1 < to ? from + 1 : from;
  if (at === undefined) return { kind: "broken", ...span };
  const first = wordAt(reader, at);
  const isService = isWord(text, tokens, from, "service") && kinds[at + 1] === "/" && at + 2 < to;
  const name = isService
    ? { start: first.start, end: ends[at + 2]!, text: text.slice(first.start, ends[at + 2]) }
    : first;
  return { kind: "broken", name, ...span };
}

function wordAt({ source, tokens }: Reader, at: number): Name {
  const span = tokenSpan(tokens, at);
  return { ...span, text: source.text.slice(span.start, span.end) };
}

function tokenSpan({ starts, ends }: Tokens, at: number): Span {
  return { start: starts[at]!, end: ends[at]! };
}

/** The token of a declaration that holds an offset; `undefined` behind the last. */
function tokenAt({ ends }: Tokens, { from, to }: Piece, offset: number): number | undefined {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  return low < to ? low : undefined;
}
