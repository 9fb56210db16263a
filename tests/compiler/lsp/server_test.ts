import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { inFolder, put } from "../process.ts";
import { Editor } from "./editor.ts";

const COMMON = `/// How much it matters.
enum Level { debug, info }
type JobId = long
`;
const MAIN = `import "./common.msg"
/// What is to be done.
Job < id: JobId, level: Level = info >
service Test/Jobs {
  auth   all
  receives Job
}
`;

describe("holdfast lsp", () => {
  test("serves an editor from initialize to exit", () =>
    inFolder({ "common.msg": COMMON, "main.msg": MAIN }, async (folder) => {
      await using editor = new Editor(folder);
      const { capabilities } = await editor.initialize();
      assert.equal(capabilities.textDocumentSync, 2);
      assert.deepEqual(await editor.open("main.msg", MAIN), []);

      const [problem] = await editor.change("main.msg", 2, 10, 15, "JobIt");
      assert.equal(problem.message, "There is no type `JobIt`.\nDid you mean `JobId`?");
      assert.deepEqual(problem.range, { start: { line: 2, character: 10 }, end: { line: 2, character: 15 } });
      const textDocument = { uri: editor.uri("main.msg") };
      const [fix] = await editor.request("textDocument/codeAction", {
        textDocument,
        range: problem.range,
        context: { diagnostics: [problem] },
      });
      assert.deepEqual(fix.edit.changes[textDocument.uri], [{ range: problem.range, newText: "JobId" }]);
      assert.deepEqual(await editor.change("main.msg", 2, 10, 15, "JobId"), []);

      const hover = await editor.ask("hover", "main.msg", 2, 12);
      assert.match(hover.contents.value, /type JobId = long[^]*`JobId` is `long`/);
      const definition = await editor.ask("definition", "main.msg", 2, 12);
      assert.deepEqual(definition, {
        uri: editor.uri("common.msg"),
        range: { start: { line: 2, character: 5 }, end: { line: 2, character: 10 } },
      });
      const references = await editor.ask("references", "main.msg", 2, 12, { context: { includeDeclaration: true } });
      assert.equal(references.length, 2);
      const symbols = await editor.request("textDocument/documentSymbol", { textDocument });
      assert.deepEqual(symbols.map(({ name }: { name: string }) => name), ["Job", "Test/Jobs"]);

      await editor.ask("prepareRename", "main.msg", 2, 24);
      const { changes } = await editor.ask("rename", "main.msg", 2, 24, { newName: "Weight" });
      assert.deepEqual(Object.keys(changes).sort(), [editor.uri("common.msg"), textDocument.uri].sort());
      await assert.rejects(editor.ask("rename", "main.msg", 2, 24, { newName: "Job" }), /`Job` is declared twice/);
      const items = await editor.ask("completion", "main.msg", 2, 32);
      assert.deepEqual(items.map(({ label }: { label: string }) => label), ["debug", "info"]);
      const edits = await editor.request("textDocument/formatting", {
        textDocument,
        options: { tabSize: 2, insertSpaces: true },
      });
      const end = { line: 4, character: 9 };
      assert.deepEqual(edits, [{ range: { start: { line: 4, character: 7 }, end }, newText: "" }]);

      assert.equal(await editor.request("shutdown"), null);
      editor.notify("exit");
      assert.equal(await editor.ended, 0);
    }));

  test("ends with 1 where an editor leaves without a word", () =>
    inFolder({}, async (folder) => {
      await using editor = new Editor(folder);
      await editor.initialize();
      editor.notify("exit");
      assert.equal(await editor.ended, 1);
    }));

  test("takes what is open before what is on the disk, and tells what that does to other files", () =>
    inFolder({ "common.msg": COMMON, "main.msg": MAIN }, async (folder) => {
      await using editor = new Editor(folder);
      await editor.initialize();
      await editor.open("main.msg", MAIN);
      const told = editor.problems("main.msg");
      await editor.open("common.msg", "type JobId = lon\n");
      const [imported, missing] = await told;
      assert.equal(imported.message, "What is imported here has 1 problem.");
      assert.match(imported.relatedInformation[0].message, /There is no type `lon`/);
      assert.match(missing.message, /There is no type `Level`/);
      const mended = editor.problems("main.msg");
      editor.notify("textDocument/didClose", { textDocument: { uri: editor.uri("common.msg") } });
      assert.deepEqual(await mended, []);
    }));

  test("looks again when a file changes on the disk", () =>
    inFolder({ "common.msg": COMMON, "main.msg": MAIN }, async (folder) => {
      await using editor = new Editor(folder);
      await editor.initialize();
      assert.deepEqual(await editor.open("main.msg", MAIN), []);
      put(join(folder, "common.msg"), "enum Level { info }\n");
      const told = editor.problems("main.msg");
      editor.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: editor.uri("common.msg"), type: 2 }] });
      assert.match((await told)[0].message, /There is no type `JobId`/);
    }));

  test("ends where the editor is gone", () =>
    inFolder({}, async (folder) => {
      await using editor = new Editor(folder);
      await editor.initialize();
      editor.hangUp();
      assert.equal(await editor.ended, 1);
    }));

  test("asks to be told of changed files, and goes on where an editor won't tell", () =>
    inFolder({ "main.msg": MAIN }, async (folder) => {
      await using editor = new Editor(folder);
      const asked = editor.refuse();
      await editor.initialize({ workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } });
      const { params: { registrations: [{ method, registerOptions }] } } = await asked;
      assert.equal(method, "workspace/didChangeWatchedFiles");
      assert.deepEqual(registerOptions, { watchers: [{ globPattern: "**/*.msg" }] });
      assert.equal((await editor.open("main.msg", "A < >")).length, 0);
      await editor.request("shutdown");
      editor.notify("exit");
      assert.equal(await editor.ended, 0);
    }));

  test("looks for references in the folders that an editor has just now", () =>
    inFolder({ "own/a.msg": "", "other/b.msg": 'import "../own/a.msg"\nB < a: A >\n' }, async (folder) => {
      await using editor = new Editor(join(folder, "own"));
      await editor.initialize({ workspace: { workspaceFolders: true } });
      await editor.open("a.msg", "A < >\n");
      const found = async () =>
        (await editor.ask("references", "a.msg", 0, 0, { context: { includeDeclaration: false } })).length;
      assert.equal(await found(), 0);
      const other = [{ uri: editor.uri("../other"), name: "other" }];
      const change = (event: object) => editor.notify("workspace/didChangeWorkspaceFolders", { event });
      change({ added: other, removed: [] });
      assert.equal(await found(), 1);
      change({ added: [], removed: other });
      assert.equal(await found(), 0);
    }));
});
