/**
 * Colours texts by the grammar, with the code that does it in VS Code.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";
import { ROOT } from "../../runtimes.ts";

/** Where the extension for VS Code is. */
export const EXTENSION: string = join(ROOT, "compiler/lsp/editors/vscode");

/** Says which scopes the characters of a text have. */
export interface Colours {
  /** The scopes of the character at an offset, the innermost last. */
  at(offset: number): readonly string[];
}

/** Loads the grammar. */
export async function loadGrammar(): Promise<(text: string) => Colours> {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  await oniguruma.loadWASM(readFileSync(wasm));
  const path = join(EXTENSION, "msg.tmLanguage.json");
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text: string) => new oniguruma.OnigString(text),
    }),
    loadGrammar: () => Promise.resolve(textmate.parseRawGrammar(readFileSync(path, "utf8"), path)),
  });
  const grammar = await registry.loadGrammar("source.msg");
  if (grammar === null) throw new Error("the grammar was not found");
  return (text) => {
    const scopes: (readonly string[])[] = [];
    let state = textmate.INITIAL;
    let start = 0;
    for (const line of text.split("\n")) {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      for (const { startIndex, endIndex, scopes: names } of tokens) {
        for (let at = startIndex; at < endIndex; at++) scopes[start + at] = names;
      }
      start += line.length + 1;
    }
    return { at: (offset) => scopes[offset] ?? [] };
  };
}
