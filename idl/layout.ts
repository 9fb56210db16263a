/**
 * A small pretty printer: what fits stays on one line, what does not is broken at its outermost group first.
 *
 * The algorithm is Wadler's ("A prettier printer"), in the iterative form that Prettier uses: documents of any depth
 * need no stack, and the time is linear, since looking ahead ends at the line's width.
 *
 * @module
 */

/** Something to print. A `string` must not hold line ends. */
export type Doc = string | readonly Doc[] | Group | Indent | Line | IfBroken | Lazy | Aside;

/** Either wholly on one line, or broken at each of its own {@link Line}s. */
export interface Group {
  readonly kind: "group";
  readonly content: Doc;
  /** Broken even if it would fit. */
  readonly broken: boolean;
}

/** Lines in `content` start one step further right. */
export interface Indent {
  readonly kind: "indent";
  readonly content: Doc;
}

/** Where a line may end. */
export interface Line {
  readonly kind: "line";
  /** What stands here if the line does not end. */
  readonly flat: string;
  /** What stands before the end of the line if it does. */
  readonly before?: string;
  /** What the next line then starts with. */
  readonly after?: string;
  /** It always ends. */
  readonly hard?: true;
}

/** What stands only where the group around it is broken. */
export interface IfBroken {
  readonly kind: "ifBroken";
  readonly text: string;
}

/** Text that is written as it is, line ends included, and counted as if it took no room: a comment, say. */
export interface Aside {
  readonly kind: "aside";
  readonly text: string;
}

/** A part that is made when it is printed, and thrown away then: the parts of a large whole need not be there at once. */
export interface Lazy {
  readonly kind: "lazy";
  readonly make: () => Doc;
}

/** How wide a line may be: `dprint.json` says the same. */
export const LINE_WIDTH = 120;
/** How much further right each step of {@link indent} goes. */
export const INDENT = "  ";

/** A space, or the end of a line. */
export const line: Line = { kind: "line", flat: " " };

/** Nothing, or the end of a line. */
export const softline: Line = { kind: "line", flat: "" };

/** The end of a line, always. What holds one can't stay on a line: see {@link mustBreak}. */
export const hardline: Line = { kind: "line", flat: "", hard: true };

/**
 * Keeps things together on a line if they fit.
 *
 * @param content What to keep together.
 * @param broken Whether to break it even if it fits.
 */
export function group(content: Doc, broken = false): Group {
  return { kind: "group", content, broken };
}

/**
 * Indents the lines that start within.
 *
 * @param content What to indent.
 */
export function indent(content: Doc): Indent {
  return { kind: "indent", content };
}

/**
 * Whether a document can't stay on a line: then a group that it is part of must be broken too.
 *
 * @param doc The document, without {@link Lazy} parts.
 */
export function mustBreak(doc: Doc): boolean {
  if (typeof doc === "string") return false;
  if (isSequence(doc)) return doc.some(mustBreak);
  switch (doc.kind) {
    case "group":
      return doc.broken;
    case "indent":
      return mustBreak(doc.content);
    case "line":
      return doc.hard === true;
    case "aside":
      return doc.text.includes("\n");
    default:
      return false;
  }
}

/**
 * Whether a document takes no more than so much room on one line.
 *
 * @param doc The document.
 * @param room How many characters there is room for.
 */
export function fits(doc: Doc, room: number): boolean {
  return isWithin(room, doc, new Rest(""));
}

/**
 * Prints a document.
 *
 * @param doc What to print.
 * @returns The text, without a line end behind it.
 */
export function print(doc: Doc): string {
  const lines: string[] = [];
  let current = "";
  const rest = new Rest(doc);
  for (let doc = rest.take(); doc !== undefined; doc = rest.take()) {
    const { depth, isFlat } = rest;
    if (typeof doc === "string") {
      current += doc;
    } else if (isSequence(doc)) {
      for (let i = doc.length - 1; i >= 0; i--) rest.put(doc[i] ?? "", depth, isFlat);
    } else if (doc.kind === "lazy") {
      rest.put(doc.make(), depth, isFlat);
    } else if (doc.kind === "indent") {
      rest.put(doc.content, depth + 1, isFlat);
    } else if (doc.kind === "group") {
      const fits = isFlat || (!doc.broken && isWithin(LINE_WIDTH - current.length, doc.content, rest));
      rest.put(doc.content, depth, fits);
    } else if (doc.kind === "ifBroken") {
      if (!isFlat) current += doc.text;
    } else if (doc.kind === "aside") {
      const [first = "", ...others] = doc.text.split("\n");
      current += first;
      for (const other of others) {
        lines.push(current);
        current = other;
      }
    } else if (isFlat) {
      current += doc.flat;
    } else {
      lines.push((current + (doc.before ?? "")).trimEnd());
      current = INDENT.repeat(depth) + (doc.after ?? "");
    }
  }
  return [...lines, current.trimEnd()].join("\n");
}

/** What is still to be printed, the next one last; in three arrays, since an object for each would be most of the work. */
class Rest {
  /** How far the lines of the one taken last are indented. */
  depth = 0;
  /** Whether the one taken last stays on one line. */
  isFlat = false;
  readonly #docs: Doc[];
  readonly #depths: number[] = [0];
  readonly #areFlat: boolean[] = [false];

  constructor(doc: Doc) {
    this.#docs = [doc];
  }

  get length(): number {
    return this.#docs.length;
  }

  put(doc: Doc, depth: number, isFlat: boolean): void {
    this.#docs.push(doc);
    this.#depths.push(depth);
    this.#areFlat.push(isFlat);
  }

  take(): Doc | undefined {
    this.depth = this.#depths.pop() ?? 0;
    this.isFlat = this.#areFlat.pop() ?? false;
    return this.#docs.pop();
  }

  docAt(index: number): Doc {
    return this.#docs[index] ?? "";
  }

  isFlatAt(index: number): boolean {
    return this.#areFlat[index] ?? false;
  }
}

/** Whether `doc`, on one line, and what follows it up to the next end of a line take no more than `room` characters. */
function isWithin(room: number, doc: Doc, following: Rest): boolean {
  const ahead: Doc[] = [doc];
  let isFlat = true;
  let next = following.length;
  while (room >= 0) {
    let doc = ahead.pop();
    if (doc === undefined) {
      if (next === 0) return true;
      doc = following.docAt(--next);
      isFlat = following.isFlatAt(next);
    }
    if (typeof doc === "string") {
      room -= doc.length;
    } else if (isSequence(doc)) {
      for (let i = doc.length - 1; i >= 0; i--) ahead.push(doc[i] ?? "");
    } else if (doc.kind === "line") {
      if (!isFlat) return room >= (doc.before ?? "").length;
      room -= doc.flat.length;
    } else if (doc.kind === "ifBroken") {
      if (!isFlat) room -= doc.text.length;
    } else if (doc.kind === "group" && doc.broken && isFlat) {
      return false;
    } else if (doc.kind !== "aside") {
      ahead.push(doc.kind === "lazy" ? doc.make() : doc.content);
    }
  }
  return false;
}

/** Whether a document is a sequence of others. */
export function isSequence(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}
