import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { list } from "../../compiler/printer.ts";
import { type Doc, group, indent, line, LINE_WIDTH, print } from "../../idl/layout.ts";

const word = (length: number): string => "x".repeat(length);

describe("print", () => {
  test("keeps what fits on one line", () => {
    assert.equal(print(list("{", ["a", "b"], "}", { padding: " " })), "{ a, b }");
    assert.equal(print(list("[", ["a", "b"], "]")), "[a, b]");
  });

  test("leaves no space between empty brackets", () => {
    assert.equal(print(list("{", [], "}", { padding: " ", broken: true })), "{}");
  });

  test("breaks at the line's width and not before", () => {
    const fitting = LINE_WIDTH - "[, 1]".length;
    assert.equal(print(list("[", [word(fitting), "1"], "]")).split("\n").length, 1);
    assert.equal(print(list("[", [word(fitting + 1), "1"], "]")), `[\n  ${word(fitting + 1)},\n  1,\n]`);
  });

  test("counts what follows on the same line", () => {
    const fitting = LINE_WIDTH - "[, 1];".length;
    assert.equal(print([list("[", [word(fitting), "1"], "]"), ";"]).split("\n").length, 1);
    assert.equal(print([list("[", [word(fitting + 1), "1"], "]"), ";"]).split("\n").length, 4);
  });

  test("counts the separator that a broken list puts behind the last item", () => {
    const item = (length: number): Doc => list("[", [word(length - "[, 1]".length), "1"], "]");
    const outer = (length: number): string => print(list("{", [word(LINE_WIDTH), item(length)], "}"));
    // Two columns of indentation, the item with its brackets, a comma.
    assert.match(outer(LINE_WIDTH - 2 - 1), /^ {2}\[x+, 1\],$/m);
    assert.match(outer(LINE_WIDTH - 2), /^ {2}\[\n {4}x+,\n {4}1,\n {2}\],$/m);
  });

  test("breaks the outermost group first", () => {
    const inner = list("[", ["a", "b"], "]");
    assert.equal(print(list("{", [inner, word(LINE_WIDTH)], "}")), `{\n  [a, b],\n  ${word(LINE_WIDTH)},\n}`);
  });

  test("a broken group breaks those around it", () => {
    assert.equal(
      print(list("(", [list("{", ["a;"], "}", { separator: "", broken: true })], ")")),
      "(\n  {\n    a;\n  },\n)",
    );
  });

  test("starts continued lines with what the line says", () => {
    const union = group(indent([{ kind: "line", flat: "", after: "| " }, "a", line, "b"]), true);
    assert.equal(print(["type X =", union, ";"]), "type X =\n  | a\n  b;");
  });

  test("leaves no space at the end of a line", () => {
    assert.equal(print(group(["a ", line, " "], true)), "a\n");
  });

  test("needs no stack for deep documents", () => {
    let deep: Doc = "x";
    for (let i = 0; i < 100_000; i++) deep = [deep];
    assert.equal(print(deep), "x");
  });
});
