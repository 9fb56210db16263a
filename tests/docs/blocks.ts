/**
 * Finds the code in the documentation: ` ```ts ` blocks in the examples of doc comments, and fenced blocks of Markdown.
 *
 * What a fence says after its language:
 *
 * | fence | meaning |
 * | --- | --- |
 * | ` ```ts ` | runs by itself, on Deno and on Bun, where `ca.pem`, `cert.pem` and `key.pem` are |
 * | ` ```msg ` | compiles by itself |
 * | ` ```msg pingpong.msg ` | is a file of that name, compiled, for what runs |
 * | ` ```ts examples/pingpong/client.ts ` | stands in that file, letter by letter |
 * | ` ```python ` | is read by Python, where there is one |
 * | ` ```sh run ` | is run in the project's folder |
 * | ` ```sh ` | names tasks that there are |
 * | ` ```ts ignore `, ` ```msg ignore ` | a fragment; not in the README |
 *
 * @module
 */

/** A fenced block. */
export interface Block {
  /** Where it begins: the file, relative to the root, and the line. */
  readonly place: string;
  readonly language: string;
  /** What the fence says after the language; empty if nothing. */
  readonly info: string;
  readonly text: string;
}

/**
 * Finds the fenced blocks of a Markdown text.
 *
 * @param path What to call the text.
 * @param text The text.
 * @param firstLine The line on which the text begins in its file.
 * @returns Its blocks, in order.
 * @throws {Error} When a fence is left open.
 */
export function blocksOf(path: string, text: string, firstLine = 1): readonly Block[] {
  const blocks: Block[] = [];
  let open: { readonly fence: string; readonly start: number; readonly words: readonly string[] } | undefined;
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    const [, fence = "", rest = ""] = /^\s*(`{3,})(.*)$/.exec(line) ?? [];
    if (open === undefined && fence !== "") {
      open = { fence, start: index, words: rest.trim().split(/\s+/) };
    } else if (open !== undefined && fence === open.fence && rest.trim() === "") {
      const [language = "", ...info] = open.words;
      const inside = lines.slice(open.start + 1, index);
      blocks.push({
        place: `${path}:${firstLine + open.start}`,
        language,
        info: info.join(" "),
        text: inside.map((inner) => `${inner}\n`).join(""),
      });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`${path}:${firstLine + open.start}: this fence is never closed.`);
  return blocks;
}

/**
 * Finds the blocks in the examples of a source file's doc comments.
 *
 * @param path What to call the file.
 * @param source The file's text.
 * @returns The blocks that come after an `@example`, in order.
 */
export function examplesOf(path: string, source: string): readonly Block[] {
  return [...source.matchAll(/^[ \t]*\/\*\*.*\n(?:[ \t]*\*.*\n)+/gm)].flatMap(({ 0: comment, index }) => {
    const before = comment.split("@example")[0] ?? "";
    if (before.length === comment.length) return [];
    const text = comment.slice(before.length).replaceAll(/^[ \t]*\* ?/gm, "");
    return blocksOf(path, text, source.slice(0, index + before.length).split("\n").length);
  });
}
