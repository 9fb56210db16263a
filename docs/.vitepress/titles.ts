/**
 * Shows a link whose text is a document's file name, as is usual in the sources, with the document's title.
 *
 * @module
 */

import type { MarkdownRenderer } from "vitepress";
import { titleOf } from "./pages.ts";

/** For Markdown's renderer. */
export function titles(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("titles", ({ tokens }) => {
    for (const { children } of tokens) {
      for (const [index, token] of children?.entries() ?? []) {
        if (token.type !== "link_open") continue;
        const text = children?.[index + 1];
        const [, name = ""] = /^([\w-]+)\.md$/.exec(text?.content ?? "") ?? [];
        if (text !== undefined && name !== "") text.content = titleOf(name) ?? text.content;
      }
    }
  });
}
