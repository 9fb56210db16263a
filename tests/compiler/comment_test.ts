import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { commentText, docComment } from "../../compiler/comment.ts";
import { group, print } from "../../idl/layout.ts";

const written = (text: string | undefined): string => print(group([docComment(text), "x"], true));

describe("docComment", () => {
  test("one line stays on one line", () => {
    assert.equal(written("Asks for a Pong."), "/** Asks for a Pong. */\nx");
  });

  test("several lines get a star each, of every kind of line end", () => {
    for (const end of ["\n", "\r\n", "\r", "\u2028", "\u2029"]) {
      assert.equal(written(`a${end}${end}b`), "/**\n * a\n *\n * b\n */\nx");
    }
  });

  test("empty lines around the text are dropped, and spaces behind a line", () => {
    assert.equal(written("\n\n a  \n"), "/**  a */\nx");
  });

  test("nothing gives no comment", () => {
    for (const text of [undefined, "", " \n "]) assert.equal(written(text), "x");
  });

  test("a comment can't be ended from within", () => {
    for (const text of ["*/ evil()", "a\n*/ evil()\n/*", "**//", "*\u200b/", "*/*/"]) {
      assert.equal(written(text).split("*/").length, 2, JSON.stringify(text));
    }
  });

  test("letters of every script stay", () => {
    assert.equal(written("Größe in 字符 🙂"), "/** Größe in 字符 🙂 */\nx");
  });
});

describe("commentText", () => {
  test("what can't be seen is written as an escape", () => {
    assert.equal(commentText("a\u202eb\u0007c\u200bd\nexport"), "a\\u{202e}b\\u{7}c\\u{200b}d\\u{a}export");
    assert.equal(commentText("\ud800"), "\\u{d800}");
  });

  test("tools take no orders from it", () => {
    for (const order of ["@ts-ignore", "@ts-nocheck", "@ts-expect-error", "@deno-types", "@jsxImportSource"]) {
      assert.equal(commentText(order), `\\${order}`);
    }
    assert.equal(commentText("@deprecated"), "@deprecated");
  });
});
