import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { type Meaning, mentionsIn } from "../../../compiler/lsp/names.ts";
import { Workspace } from "../../../compiler/lsp/workspace.ts";
import { tokenize } from "../../../idl/tokens.ts";
import { blocksOf } from "../../docs/blocks.ts";
import { ROOT } from "../../runtimes.ts";
import { pathOf } from "./cursor.ts";
import { type Colours, loadGrammar } from "./textmate.ts";

/** How each meaning of a name is coloured. */
const SCOPES: { readonly [kind in Meaning["kind"]]: RegExp } = {
  type: /^entity\.name\.type\./,
  service: /^entity\.name\.class\.service\./,
  field: /^variable\.other\.property\./,
  value: /^(variable\.other\.enummember|string\.quoted)\./,
  file: /^string\.quoted\./,
  builtin: /^(support\.type|constant\.language)\./,
  rule: /^(constant|keyword)\.(language|other)\.rule\./,
};

/** Whether one of the scopes of a character matches. */
function has(colours: Colours, offset: number, scope: RegExp): boolean {
  return colours.at(offset).some((name) => scope.test(name));
}

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const documents = ["README.md", ...readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`)]
  .filter((path) => path.endsWith(".md"));
const examples = [
  ...documents.flatMap((path) => blocksOf(path, read(path))).filter(({ language }) => language === "msg"),
  ...["examples/pingpong/pingpong.msg", "tests/idl/testdata/language.msg", "tests/idl/testdata/format/style.msg"]
    .map((path) => ({ place: path, text: read(path) })),
];

describe("the grammar", () => {
  let colour: (text: string) => Colours;
  before(async () => {
    colour = await loadGrammar();
  });

  for (const { place, text } of examples) {
    test(`sees in ${place} what the compiler sees`, () => {
      const workspace = new Workspace();
      workspace.setText(pathOf("a.msg"), text);
      const { program, file } = workspace.readable(pathOf("a.msg"))!;
      const colours = colour(text);
      const wrong = (place: number) => {
        const line = text.slice(text.lastIndexOf("\n", place - 1) + 1).split("\n")[0];
        return `${line}: ${text.slice(place, place + 10)} is ${colours.at(place).join(" ")}`;
      };
      for (const { place: { start, end }, meaning } of mentionsIn(program, file)) {
        for (const at of [start, end - 1]) assert.ok(has(colours, at, SCOPES[meaning.kind]), wrong(at));
      }
      for (const { start, end } of file.tree.comments) {
        for (const at of [start, end - 1]) assert.ok(has(colours, at, /^comment\./), wrong(at));
      }
      for (const { start } of file.tree.docs.values()) {
        assert.ok(has(colours, start, /^comment\.line\.documentation\./), wrong(start));
      }
      const { kinds, starts, ends } = tokenize(text);
      for (const [index, kind] of kinds.entries()) {
        const at = starts[index]!;
        assert.ok(!has(colours, at, /^comment\./), wrong(at));
        const word = text.slice(at, ends[index]);
        if (kind === "text") assert.ok(has(colours, at, /^string\.quoted\./), wrong(at));
        else if (kind === "pattern") assert.ok(has(colours, at, /^string\.regexp\./), wrong(at));
        else if (/^[0-9]+$/.test(word)) assert.ok(has(colours, at, /^constant\.numeric\./), wrong(at));
        else if (kind === "word") assert.ok(colours.at(at).length > 1, wrong(at));
      }
    });
  }

  for (
    const [text, word, scope] of [
      ['import "./a.msg"', "import", /^keyword\.control\.import/],
      ["enum Level { a }", "enum", /^keyword\.declaration\.enum/],
      ["type A = int", "type", /^keyword\.declaration\.type/],
      ["service A/B { }", "service", /^keyword\.declaration\.service/],
      ["service A/B extends A/C { }", "extends", /^keyword\.other\.extends/],
      ["service A/B {\n  receives A -> B\n}", "receives", /^keyword\.other\.clause/],
      ["service A/B {\n  receives A -> B\n}", "->", /^keyword\.operator\.reply/],
      ["service A/B {\n  auth all\n}", "auth", /^keyword\.other\.auth/],
      ["service A/B {\n  auth all\n}", "all", /^constant\.language\.rule/],
      ["A < type: int >", "type", /^variable\.other\.property/],
      ["A < s: string(1..64, /[a-z]+\\/ > /) >", "> /", /^string\.regexp/],
      ["A < s: string(1..64, /[a-z]+\\/ > /), next: int >", "next", /^variable\.other\.property/],
      ['A < s: string = "a\\n > b", next: int >', "\\n", /^constant\.character\.escape/],
      ["A < n: float = -1.5e9 >", "-1.5e9", /^constant\.numeric/],
      ["type A =\n  | int\n  | list<B>\nB < a: int >", "a:", /^variable\.other\.property/],
      ["type A = < b: int >\nservice C/D { }", "service", /^keyword\.declaration\.service/],
      ["A < /* > */ a: list<int>(..5), // >\n  b: int >\nC < d: int >", "d:", /^variable\.other\.property/],
      ["/// Doc.\nA < >", "Doc", /^comment\.line\.documentation/],
      ["//// No doc.\nA < >", "No doc", /^comment\.line\.double-slash/],
    ] as const
  ) {
    test(`gives ${JSON.stringify(word)} in ${JSON.stringify(text)} the scope ${scope.source}`, () => {
      const colours = colour(text);
      const at = text.indexOf(word);
      assert.ok(has(colours, at, scope), colours.at(at).join(" "));
    });
  }
});
