/**
 * Declarations as they are to stand.
 *
 * @module
 */

import { type Doc, group, indent, line, mustBreak, softline } from "../layout.ts";
import type {
  AliasNode,
  AuthNode,
  ClauseNode,
  EnumNode,
  FieldNode,
  ImportNode,
  NameNode,
  RangeNode,
  RecordNode,
  ServiceNode,
  TypeNode,
  UnionNode,
  UseNode,
} from "../syntax.ts";
import type { Cursor } from "./cursor.ts";
import { bracketed, type ItemStyle } from "./items.ts";

// How much room fields may take between their brackets on one line. What takes more is easier to read with a line each.
const FIELDS: ItemStyle = { open: "<", close: ">", separator: ",", room: 60 };
const VALUES: ItemStyle = { open: "{", close: "}", separator: ",", room: Infinity };
const CLAUSES: ItemStyle = { open: "{", close: "}", separator: "", room: 1 };

/** What can be formatted: a declaration that could be read, wholly. */
export type WholeNode = ImportNode | RecordNode | EnumNode | AliasNode | ServiceNode;

/**
 * Reads a declaration.
 *
 * @param cursor Where it begins; goes to its end.
 * @param node The declaration.
 */
export function declaration(cursor: Cursor, node: WholeNode): Doc {
  switch (node.kind) {
    case "import":
      return [cursor.take("import"), cursor.between(" "), cursor.takeNode(node.specifier)];
    case "record":
      return [cursor.takeNode(node.name), cursor.between(" "), fields(cursor, node.fields)];
    case "enum":
      return [
        ...[cursor.take("enum"), cursor.between(" "), cursor.takeNode(node.name), cursor.between(" ")],
        bracketed(cursor, VALUES, node.values.map((value) => () => cursor.takeNode(value))),
      ];
    case "alias":
      return [
        ...[cursor.take("type"), cursor.between(" "), cursor.takeNode(node.name)],
        ...[cursor.between(" "), cursor.take("="), value(cursor, node.type)],
      ];
    case "service":
      return service(cursor, node);
  }
}

function fields(cursor: Cursor, nodes: readonly FieldNode[]): Doc {
  return bracketed(cursor, FIELDS, nodes.map((node) => () => field(cursor, node)));
}

function field(cursor: Cursor, node: FieldNode): Doc {
  const head: Doc[] = [cursor.takeNode(node.name)];
  if (node.optional) head.push(cursor.between(""), cursor.take("?"));
  head.push(cursor.between(""), cursor.take(":"), value(cursor, node.type));
  if (node.default === undefined) return head;
  const equals = [cursor.between(" "), cursor.take("=")];
  return [head, equals, together(indent([cursor.between(line), cursor.takeNode(node.default)]))];
}

/** A type behind a colon or an equals sign. What has brackets can break there; all else begins a new line. */
function value(cursor: Cursor, node: TypeNode): Doc {
  if (hasBrackets(node)) return [cursor.between(" "), type(cursor, node)];
  return together(indent([cursor.between(line), type(cursor, node)]));
}

function hasBrackets(node: TypeNode): boolean {
  return node.kind === "inline" || node.kind === "applied"
    || (node.kind === "name" && node.range?.pattern !== undefined);
}

function type(cursor: Cursor, node: TypeNode): Doc {
  switch (node.kind) {
    case "inline":
      return fields(cursor, node.fields);
    case "union":
      return union(cursor, node);
    case "applied": {
      // What has brackets itself stands directly in these.
      const gap = hasBrackets(node.item) ? "" : softline;
      const head = [cursor.takeNode(node.name), cursor.between(""), cursor.take("<")];
      const item = [cursor.between(gap), type(cursor, node.item)];
      const close = [cursor.between(gap), cursor.take(">"), range(cursor, node.range)];
      return gap === "" ? [head, item, close] : together([head, indent(item), close]);
    }
    case "name":
      return [cursor.takeNode(node.name), range(cursor, node.range)];
    default:
      return cursor.takeNode(node);
  }
}

function union(cursor: Cursor, { branches }: UnionNode): Doc {
  return branches.map((branch, index) => {
    const before = branches[index - 1];
    if (before === undefined) return type(cursor, branch);
    // `int|long` is one type.
    const isOne = isInteger(before) && isInteger(branch) && !before.range && before.name.text !== branch.name.text;
    const bar = [cursor.between(isOne ? "" : line), cursor.take("|"), cursor.between(isOne ? "" : " ")];
    return [bar, type(cursor, branch)];
  });
}

function isInteger(node: TypeNode): node is NameNode {
  return node.kind === "name" && (node.name.text === "int" || node.name.text === "long");
}

function range(cursor: Cursor, node: RangeNode | undefined): Doc {
  if (node === undefined) return "";
  const { min, max, pattern } = node;
  const open = [cursor.between(""), cursor.take("(")];
  const bounds: Doc[] = [cursor.between(softline)];
  if (cursor.next !== "/") {
    if (min !== undefined) bounds.push(cursor.takeNode(min), cursor.between(""));
    bounds.push(cursor.take(".."));
    if (max !== undefined) bounds.push(cursor.between(""), cursor.takeNode(max));
    if (pattern !== undefined) bounds.push(cursor.between(""), cursor.take(","), cursor.between(line));
  }
  if (pattern !== undefined) bounds.push(cursor.takeNode(pattern));
  const close = [cursor.between(softline), cursor.take(")")];
  return together([open, indent(bounds), close]);
}

function service(cursor: Cursor, { name, base, auth: own, clauses }: ServiceNode): Doc {
  const head: Doc[] = [cursor.take("service"), cursor.between(" "), cursor.takeNode(name)];
  if (base !== undefined) {
    const gap = cursor.between(line);
    head.push(together(indent([gap, cursor.take("extends"), cursor.between(" "), cursor.takeNode(base)])));
  }
  const items = clauses.map((node) => () => clause(cursor, node));
  if (own !== undefined) items.unshift(() => auth(cursor, own));
  return [head, cursor.between(" "), bracketed(cursor, CLAUSES, items)];
}

function clause(cursor: Cursor, node: ClauseNode): Doc {
  const parts: Doc[] = [cursor.take(node.kind)];
  if (node.kind !== "connect") parts.push(words(cursor, node.uses, use));
  else if (cursor.nextToken() === "<") parts.push(cursor.between(" "), fields(cursor, node.fields));
  if (node.auth !== undefined) parts.push(together(indent([cursor.between(line), auth(cursor, node.auth)])));
  return parts;
}

function use(cursor: Cursor, { message, reply }: UseNode): Doc {
  const request = cursor.takeNode(message);
  if (reply === undefined) return request;
  const arrow = [cursor.between(" "), cursor.take("->")];
  return [request, arrow, together(indent([cursor.between(line), cursor.takeNode(reply)]))];
}

function auth(cursor: Cursor, node: AuthNode): Doc {
  return [cursor.take("auth"), words(cursor, node.words, (cursor, word) => cursor.takeNode(word))];
}

/** A list without brackets, behind a keyword. */
function words<T>(cursor: Cursor, nodes: readonly T[], word: (cursor: Cursor, node: T) => Doc): Doc {
  const parts = nodes.map((node, index) => [
    index === 0 ? [] : [cursor.between(""), cursor.take(",")],
    cursor.between(line),
    word(cursor, node),
  ]);
  return together(indent(parts));
}

function together(content: Doc): Doc {
  return group(content, mustBreak(content));
}
