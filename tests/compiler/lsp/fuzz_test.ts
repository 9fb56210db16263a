import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Position, SymbolKind } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { completionsAt } from "../../../compiler/lsp/completion.ts";
import { diagnosticsOf, fixesIn } from "../../../compiler/lsp/diagnostics.ts";
import { formatEdits } from "../../../compiler/lsp/formatting.ts";
import { hoverAt } from "../../../compiler/lsp/hover.ts";
import { definitionAt, referencesAt, symbolsOf } from "../../../compiler/lsp/navigation.ts";
import { uriOf } from "../../../compiler/lsp/places.ts";
import { renamableAt, rename, RenameError } from "../../../compiler/lsp/rename.ts";
import { Workspace } from "../../../compiler/lsp/workspace.ts";
import { format } from "../../../idl/format.ts";
import { mutated, soup } from "../../idl/accidents.ts";
import { edited, pathOf } from "./cursor.ts";

const PATH = pathOf("a.msg");
const COMMON = pathOf("imports/common.msg");

/** Asks for everything at a place; throws what should not have been thrown. */
function askAll(workspace: Workspace, text: string, place: number): void {
  const offset = place % (text.length + 1);
  const position = TextDocument.create("", "msg", 0, text).positionAt(offset);
  const problems = diagnosticsOf(workspace, PATH);
  fixesIn(workspace, PATH, { start: 0, end: text.length }, uriOf(PATH));
  const formatted = edited(text, formatEdits(TextDocument.create("", "msg", 0, text)));
  assert.equal(formatted, format(text).text);
  const readable = workspace.readable(PATH);
  if (readable === undefined) return;
  for (const { range, selectionRange, name } of symbolsOf(workspace, readable)) {
    assert.ok(name !== "" && isBefore(range.start, selectionRange.start) && isBefore(selectionRange.end, range.end));
  }
  hoverAt(workspace, readable, position);
  definitionAt(readable, position);
  referencesAt(workspace, readable, position, true);
  completionsAt(workspace, readable, position);
  if (renamableAt(readable, position) === undefined) return;
  try {
    const { changes = {} } = rename(workspace, readable, position, "Fresh_1", uriOf);
    const after = new Workspace();
    for (const path of workspace.openFiles) {
      after.setText(path, edited(workspace.source(path).text, changes[uriOf(path)] ?? []));
    }
    // There may be fewer: another name can be the solution.
    assert.ok(diagnosticsOf(after, PATH).length <= problems.length);
  } catch (error) {
    assert.ok(error instanceof RenameError, error as Error);
  }
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character <= b.character);
}

for (
  const [name, texts, numRuns] of [["after any accident", mutated, 400], ["in any soup of words", soup, 400]] as const
) {
  test(`every request is answered ${name}, anywhere`, () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), (text, places) => {
        const workspace = new Workspace();
        workspace.setText(COMMON, "Shared < >\nenum Mode { on, off }");
        workspace.setText(PATH, text);
        for (const place of places) askAll(workspace, text, place);
      }),
      { numRuns },
    );
  });
}

test("every request is answered well within a minute in a large file that is broken all over", () => {
  const part = `Job < id: long, level: Level = info, at: list<Job>(..3) >\nenm Level { a, b }\nservice A/B { receives ${
    "Job, ".repeat(50)
  } -> }\n`;
  const text = part.repeat(2_000);
  const workspace = new Workspace();
  workspace.setText(PATH, text);
  const begin = performance.now();
  for (const place of [5, text.length >> 1, text.length - 3]) askAll(workspace, text, place);
  assert.ok(performance.now() - begin < 60_000);
});

test("a text that can't be read at all keeps the symbols of the last that could", () => {
  const workspace = new Workspace();
  workspace.setText(PATH, "Ping < id: int >\nenum Level { a }");
  diagnosticsOf(workspace, PATH);
  workspace.setText(PATH, "Ping < id: int >\0\nenum Level { a }");
  const [problem] = diagnosticsOf(workspace, PATH);
  assert.match(String(problem?.message), /U\+0000/);
  const symbols = symbolsOf(workspace, workspace.readable(PATH)!);
  assert.deepEqual(symbols.map(({ name, kind }) => [name, kind]), [["Ping", SymbolKind.Struct], [
    "Level",
    SymbolKind.Enum,
  ]]);
});
