/**
 * What stands in brackets, one item after the other: fields, values, clauses.
 *
 * @module
 */

import { type Doc, fits, group, hardline, indent, line, mustBreak } from "../layout.ts";
import {
  ahead,
  behind,
  type Comment,
  divide,
  type Gap,
  isDocComment,
  last,
  type Seam,
  startsApart,
} from "./comments.ts";
import type { Cursor } from "./cursor.ts";

/** How items stand in their brackets. */
export interface ItemStyle {
  readonly open: string;
  readonly close: string;
  /** What stands between two of them. */
  readonly separator: "," | "";
  /** What fits into so much room may stay on one line. */
  readonly room: number;
}

/** Reads items in brackets. */
export function bracketed(cursor: Cursor, style: ItemStyle, items: readonly (() => Doc)[]): Doc {
  const { open, close, separator, room } = style;
  const opened = cursor.take(open);
  const content: Doc[] = [];
  let seam = noted(cursor, divide(cursor.gap(), items.length === 0));
  const head = [opened, behind(seam.behind)];
  let isBroken = seam.behind.length > 0 && items.length > 0 || seam.behind.some(({ isLine }) => isLine);
  for (const [index, item] of items.entries()) {
    if (index > 0 && startsApart(seam)) {
      content.push(hardline);
      isBroken = true;
    }
    content.push(line, ahead(seam), item());
    const isLast = index === items.length - 1;
    const end = separate(cursor, style, isLast);
    // A comma behind the last item asks for a line for each.
    isBroken ||= end.hasComma && isLast || end.seam.behind.length > 0;
    seam = end.seam;
    const comma: Doc = isLast && separator !== "" ? { kind: "ifBroken", text: separator } : separator;
    content.push(behind(end.inside), comma, behind(seam.behind));
  }
  if (seam.ahead.length > 0) content.push(items.length > 0 && startsApart(seam) ? hardline : [], line, last(seam));
  isBroken ||= seam.ahead.length > 0 || mustBreak(content) || !fits([content, line], room);
  return group([head, indent(content), line, cursor.take(close)], isBroken);
}

/** Reads from the end of an item to the next, or to the closing bracket. */
function separate(
  cursor: Cursor,
  { separator }: ItemStyle,
  isLast: boolean,
): { readonly inside: readonly Comment[]; readonly seam: Seam; readonly hasComma: boolean } {
  const before = cursor.gap();
  const hasComma = separator !== "" && cursor.next === separator;
  if (separator === "" || before.comments.length === 0 && !hasComma) {
    return { inside: [], seam: noted(cursor, divide(before, isLast)), hasComma };
  }
  // A block comment may stay before the comma. A line comment can't, nor what follows it.
  const isOut = ({ isLine, newlines }: Comment) => isLine || (!hasComma && newlines > 0);
  const out = before.comments.findIndex(isOut);
  const inside = out < 0 ? before.comments : before.comments.slice(0, out);
  const outside = out < 0 ? [] : before.comments.slice(out);
  if (!hasComma) return { inside, seam: noted(cursor, divide({ ...before, comments: outside }, isLast)), hasComma };
  if (outside.some(isDocComment)) cursor.hasStrayDoc = true;
  cursor.take(separator);
  return { inside, seam: noted(cursor, divide(join(outside, before.newlines, cursor.gap()), isLast)), hasComma };
}

/** Comments before a comma and behind it, as if all stood behind it. */
function join(comments: readonly Comment[], newlines: number, { comments: [first, ...others], ...after }: Gap): Gap {
  if (comments.length === 0) return { comments: first === undefined ? [] : [first, ...others], ...after };
  if (first === undefined) return { comments, newlines: newlines + after.newlines };
  return { comments: [...comments, { ...first, newlines: newlines + first.newlines }, ...others], ...after };
}

/** Takes note of a doc comment on the line of what stands before it. */
function noted(cursor: Cursor, seam: Seam): Seam {
  if (seam.behind.some(isDocComment)) cursor.hasStrayDoc = true;
  return seam;
}
