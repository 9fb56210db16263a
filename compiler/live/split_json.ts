/**
 * A stream of JSON texts, one behind the other, taken apart: NDJSON is one such stream, and so is a single text over
 * many lines. No more is held than one text.
 *
 * @module
 */

/** A JSON text of a stream, which may have mistakes. */
export interface JsonText {
  readonly text: string;
  /** Where it begins: the line and the column, from 1, in characters (Unicode code points). */
  readonly line: number;
  readonly column: number;
}

/** A text that gets longer is given as it is, and is no JSON then: a closing brace is missing. In UTF-16 code units. */
const MAX_LENGTH = 32 * 1024 * 1024;

const [SPACE, LINE_FEED, QUOTE, BACKSLASH] = [0x20, 0x0a, 0x22, 0x5c];
const [BRACE, CLOSING_BRACE, BRACKET, CLOSING_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Takes a stream apart.
 *
 * @param chunks The stream, in pieces of any size.
 * @returns The texts, in order: each is an object or a list with all that it holds, or the rest of a line that begins
 * with anything else.
 */
export async function* splitJson(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<JsonText> {
  const splitter = new Splitter();
  for await (const chunk of chunks) yield* splitter.push(chunk);
  yield* splitter.end();
}

class Splitter {
  #line = 1;
  #column = 1;
  /** The text that has begun, in pieces; `undefined` between texts. */
  #parts: string[] | undefined;
  #length = 0;
  #start = { line: 1, column: 1 };
  #depth = 0;
  #inString = false;
  #escaped = false;

  *push(chunk: string): Generator<JsonText> {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const character = chunk.charCodeAt(at);
      if (this.#parts === undefined && character > SPACE) {
        this.#parts = [];
        this.#start = { line: this.#line, column: this.#column };
        from = at;
      }
      // No text of JSON's goes over the end of a line; what is not in brackets is no message, and ends there too.
      const isOver = this.#parts !== undefined && (this.#step(character) || this.#length + at - from >= MAX_LENGTH);
      this.#move(character);
      if (!isOver) continue;
      this.#keep(chunk.slice(from, at + 1));
      yield this.#take();
    }
    if (this.#parts !== undefined) this.#keep(chunk.slice(from));
  }

  *end(): Generator<JsonText> {
    if (this.#parts !== undefined) yield this.#take();
  }

  /** Whether the text that has begun ends with this character. */
  #step(character: number): boolean {
    if (character === LINE_FEED) return this.#inString || this.#depth === 0;
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (character === BACKSLASH) this.#escaped = true;
      else if (character === QUOTE) this.#inString = false;
      return false;
    }
    if (character === QUOTE) this.#inString = true;
    else if (character === BRACE || character === BRACKET) this.#depth++;
    else if (character === CLOSING_BRACE || character === CLOSING_BRACKET) return --this.#depth <= 0;
    return false;
  }

  #move(character: number): void {
    if (character === LINE_FEED) {
      this.#line++;
      this.#column = 1;
    } else if ((character & 0xfc00) !== 0xdc00) this.#column++;
  }

  #keep(part: string): void {
    this.#parts!.push(part);
    this.#length += part.length;
  }

  #take(): JsonText {
    const text = this.#parts!.join("").trimEnd();
    this.#parts = undefined;
    this.#length = 0;
    this.#depth = 0;
    this.#inString = this.#escaped = false;
    return { text, ...this.#start };
  }
}
