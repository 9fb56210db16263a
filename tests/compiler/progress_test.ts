import assert from "node:assert/strict";
import { test } from "node:test";
import { Progress } from "../../compiler/progress.ts";

/** A terminal, or something else, that keeps what is written to it. */
function stream(isTTY: boolean): { readonly isTTY: boolean; readonly texts: string[]; write(text: string): void } {
  const texts: string[] = [];
  return { isTTY, texts, write: (text) => void texts.push(text) };
}

test("Progress says nothing of short work, and counts files on one line of a terminal after half a second", () => {
  const terminal = stream(true);
  let now = 0;
  const progress = new Progress("formatting", terminal, () => now);
  for (now of [0, 499, 500, 550, 599, 600]) progress.step();
  assert.deepEqual(terminal.texts, ["\r\x1b[Kformatting 3 files", "\r\x1b[Kformatting 6 files"]);
  progress.clear();
  progress.clear();
  assert.deepEqual(terminal.texts.slice(2), ["\r\x1b[K"]);
});

test("Progress says nothing where there is no terminal, and clears nothing where it said nothing", () => {
  const file = stream(false);
  let now = 0;
  const progress = new Progress("formatting", file, () => now);
  now = 10_000;
  progress.step();
  progress.clear();
  assert.deepEqual(file.texts, []);
});
