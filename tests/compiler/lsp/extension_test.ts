import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { EXTENSION } from "./textmate.ts";

const manifest = JSON.parse(readFileSync(join(EXTENSION, "package.json"), "utf8"));

describe("the extension for VS Code", () => {
  test("names files that are there, and the grammar as it calls itself", () => {
    const { contributes: { languages: [language], grammars: [grammar] }, main } = manifest;
    for (const path of [main, language.configuration, grammar.path]) assert.ok(existsSync(join(EXTENSION, path)), path);
    const { scopeName, fileTypes } = JSON.parse(readFileSync(join(EXTENSION, grammar.path), "utf8"));
    assert.equal(grammar.scopeName, scopeName);
    assert.deepEqual(fileTypes.map((name: string) => `.${name}`), language.extensions);
    assert.equal(grammar.language, language.id);
  });

  test("starts the command that is configured, for .msg files, and stops it", async () => {
    const calls: unknown[] = [];
    class LanguageClient {
      constructor(...args: readonly unknown[]) {
        calls.push(args.slice(2));
      }
      start = () => calls.push("start");
      stop = () => calls.push("stop");
    }
    const { default: command } = manifest.contributes.configuration.properties["holdfast.command"];
    const modules: { readonly [name: string]: unknown } = {
      vscode: { workspace: { getConfiguration: () => ({ get: () => command }) } },
      "vscode-languageclient/node": { LanguageClient },
    };
    assert.deepEqual(Object.keys(manifest.dependencies), ["vscode-languageclient"]);
    const exports: { activate?: () => Promise<void>; deactivate?: () => void } = {};
    const text = readFileSync(join(EXTENSION, manifest.main), "utf8");
    new Function("require", "exports", text)((name: string) => modules[name], exports);
    await exports.activate?.();
    exports.deactivate?.();
    const server = { command: "holdfast", args: ["lsp"] };
    assert.deepEqual(calls, [[server, { documentSelector: [{ language: "msg" }] }], "start", "stop"]);
  });
});
