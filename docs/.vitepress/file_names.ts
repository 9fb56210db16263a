/**
 * Shows the name of the file above a block of code that has one: a fence that says ` ```ts service.ts `.
 *
 * @module
 */

import type { MarkdownRenderer } from "vitepress";

/** Whether what a fence says after its language is a file's path. */
const FILE = /^[\w./]+\.\w+$/;

/** For Markdown's renderer. */
export function fileNames(markdown: MarkdownRenderer): void {
  const { fence } = markdown.renderer.rules;
  markdown.renderer.rules.fence = (tokens, index, ...others) => {
    const block = fence?.(tokens, index, ...others) ?? "";
    const [, name = ""] = tokens[index]?.info.trim().split(/\s+/) ?? [];
    if (!FILE.test(name)) return block;
    return `<figure class="file"><figcaption>${markdown.utils.escapeHtml(name)}</figcaption>${block}</figure>`;
  };
}
