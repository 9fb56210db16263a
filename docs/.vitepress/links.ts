/**
 * Shows links as they are meant here, not as they are written where the sources are shown: one whose text is a
 * document's file name with the document's title; one to the README, which is not among the documents, as one to the
 * first page, and one to that of `bench/` as one to the first of those; the map of the house, which is not here, as text.
 *
 * @module
 */

import type { MarkdownRenderer } from "vitepress";
import { titleOf } from "./pages.ts";

/** For Markdown's renderer; comes before what looks at links. */
export function links(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("links", ({ tokens }) => {
    for (const { children } of tokens) {
      for (const [index, token] of children?.entries() ?? []) {
        if (token.type !== "link_open") continue;
        const href = token.attrGet("href");
        if (href === "../ARCHITECTURE.md") children!.splice(index, 3, children![index + 1]!);
        else if (/^(\.\.\/)?README\.md/.test(href ?? "")) token.attrSet("href", "index.md");
        const text = children?.[index + 1];
        const [, name = ""] = /^([\w-]+)\.md$/.exec(text?.content ?? "") ?? [];
        if (text !== undefined && name !== "") text.content = titleOf(name) ?? titleOf(`bench/${name}`) ?? text.content;
      }
    }
  });
}
