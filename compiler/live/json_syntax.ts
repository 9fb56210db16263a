/**
 * What is wrong with a text that should be JSON.
 *
 * @module
 */

import { printParseErrorCode, visit } from "jsonc-parser";

/** Something that is wrong, at a place of the text. */
export interface Mistake {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly hint?: string;
}

/** Deeper than any value that is sent; the parser would exhaust the stack. */
const MAX_DEPTH = 100;

const WORDS: Readonly<Record<string, string>> = {
  InvalidSymbol: "This is no JSON. Texts and names stand in double quotes.",
  InvalidNumberFormat: "This is no number.",
  PropertyNameExpected: "A name in double quotes is missing here.",
  ValueExpected: "A value is missing here.",
  ColonExpected: "A colon is missing before this.",
  CommaExpected: "A comma is missing before this.",
  CloseBraceExpected: "A closing brace `}` is missing here.",
  CloseBracketExpected: "A closing bracket `]` is missing here.",
  EndOfFileExpected: "The message should end before this.",
  InvalidCommentToken: "There are no comments in JSON.",
  UnexpectedEndOfString: "This text never ends: its closing quote is missing.",
  UnexpectedEndOfNumber: "This number is not complete.",
  InvalidUnicode: "There is a `\\u` without four hex digits in this text.",
  InvalidEscapeCharacter: "There is a backslash in this text with nothing behind it that it could stand for.",
  InvalidCharacter: "There is a control character in this text. Write it as `\\n`, `\\t` or `\\u…`.",
};

/** The only way out of the parser. */
class Stop extends Error {
  readonly mistake: Mistake;

  constructor(offset: number, length: number, message: string) {
    super();
    this.mistake = { start: offset, end: offset + length, message };
  }
}

/**
 * Finds the first mistake of a text that should be JSON; what comes behind it mostly follows from it.
 *
 * @param text The text.
 * @returns None, or one.
 */
export function syntaxMistakes(text: string): readonly Mistake[] {
  let depth = 0;
  const open = (offset: number): void => {
    if (++depth > MAX_DEPTH) throw new Stop(offset, 1, `Brackets are nested more than ${MAX_DEPTH} deep.`);
  };
  const close = (): void => void depth--;
  try {
    visit(text, {
      onObjectBegin: open,
      onArrayBegin: open,
      onObjectEnd: close,
      onArrayEnd: close,
      onError: (error, offset, length) => {
        throw new Stop(offset, length, WORDS[printParseErrorCode(error)] ?? "This is no JSON.");
      },
    }, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
    return [];
  } catch (thrown) {
    if (thrown instanceof Stop) return [thrown.mistake];
    throw thrown;
  }
}
