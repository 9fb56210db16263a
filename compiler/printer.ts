/**
 * How code is laid out, on top of `idl/layout.ts`: lists in brackets, and what is assigned to something.
 *
 * @module
 */

import { type Doc, group, INDENT, indent, isSequence, type Line, line } from "../idl/layout.ts";

/** How {@link list} sets its items apart. */
export interface ListStyle {
  /** What stands between two items; `","` unless given. */
  readonly separator?: string;
  /** Whether the separator follows the last item too where each has a line of its own; it does unless given. */
  readonly trailing?: boolean;
  /** What stands inside the brackets on one line: `" "` for braces, nothing unless given. */
  readonly padding?: string;
  /** Whether to break the list even if it fits. */
  readonly broken?: boolean;
}

/**
 * Items in brackets, on one line or on a line each.
 *
 * @param open The opening bracket.
 * @param items What stands inside.
 * @param close The closing bracket.
 * @param style How to set the items apart.
 */
export function list(open: Doc, items: readonly Doc[], close: Doc, style: ListStyle = {}): Doc {
  if (items.length === 0) return [open, close];
  const { separator = ",", trailing = true, padding = "", broken = false } = style;
  const between: Line = { kind: "line", flat: `${separator} `, before: separator };
  const content: Doc[] = [{ kind: "line", flat: padding }];
  for (const item of items) content.push(item, between);
  content.pop();
  const end: Line = { kind: "line", flat: padding, before: trailing ? separator : "" };
  return group([open, indent(content), end, close], broken);
}

/**
 * Something and its value, which starts a line of its own if it neither fits nor can be broken.
 *
 * @param head What stands before, its colon or equals sign included.
 * @param value What stands behind.
 */
export function assigned(head: string, value: Doc): Doc {
  // Behind a head as short as the indentation, a new line would gain nothing.
  const stays = head.length <= INDENT.length || opening(value).canBreak;
  return stays ? [head, " ", value] : [head, group(indent([line, value]))];
}

/**
 * How a document begins if it is broken wherever it can be.
 *
 * @param doc The document.
 * @returns How many characters stand on its first line, and whether there is another.
 */
export function opening(doc: Doc): { readonly length: number; readonly canBreak: boolean } {
  if (typeof doc === "string") return { length: doc.length, canBreak: false };
  if (!isSequence(doc)) {
    if (doc.kind === "line") return { length: 0, canBreak: true };
    if (doc.kind === "ifBroken" || doc.kind === "aside") return { length: doc.text.length, canBreak: false };
    return opening(doc.kind === "lazy" ? doc.make() : doc.content);
  }
  let length = 0;
  for (const part of doc) {
    const begun = opening(part);
    length += begun.length;
    if (begun.canBreak) return { length, canBreak: true };
  }
  return { length, canBreak: false };
}
