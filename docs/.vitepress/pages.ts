/**
 * What stands in the margin: every document, in the order in which it is to be read.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DefaultTheme } from "vitepress";

const FOLDER = fileURLToPath(new URL("..", import.meta.url));

/** This section takes what none of them names. */
const GUIDES = "Guides";

const SECTIONS: readonly { readonly text: string; readonly pages: readonly string[] }[] = [
  { text: "Start", pages: ["tutorial"] },
  { text: GUIDES, pages: ["sessions", "security", "registry", "evolution", "deploying", "operating", "observing"] },
  { text: "Tools", pages: ["cli", "builds", "editors"] },
  { text: "Reference", pages: ["language", "protocol", "wire_values"] },
  { text: "DIRAC", pages: ["from-diset", "diset", "diset_values"] },
  { text: "Measured", pages: ["bench/index", "bench/RESULTS", "bench/MISSED", "bench/DIRAC"] },
];

/** The title of a document: its first heading. */
export function titleOf(name: string): string | undefined {
  const path = `${FOLDER}${name}.md`;
  return existsSync(path) ? /^# (.+)$/m.exec(readFileSync(path, "utf8"))?.[1]?.replaceAll("`", "") : undefined;
}

/** The margin beside the documents. */
export function sidebar(): DefaultTheme.SidebarItem[] {
  const named = new Set(["index", ...SECTIONS.flatMap(({ pages }) => pages)]);
  const documents = readdirSync(FOLDER).flatMap((file) => /^(.+)\.md$/.exec(file)?.[1] ?? []);
  const others = documents.filter((name) => !named.has(name)).sort();
  const sections = SECTIONS.map(({ text, pages }) => {
    const items = [...pages, ...text === GUIDES ? others : []].flatMap((name) => {
      const title = titleOf(name);
      return title === undefined ? [] : [{ text: title, link: `/${name}` }];
    });
    return { text, items };
  });
  return [...sections, { text: "API", items: [{ text: "Every public name", link: "/api/" }] }];
}

/** The margin beside what is made of the doc comments; the names are those that TypeDoc has put in order. */
export function apiSidebar(): DefaultTheme.SidebarItem[] {
  const path = `${FOLDER}api/typedoc-sidebar.json`;
  if (!existsSync(path)) return [];
  const groups: DefaultTheme.SidebarItem[] = JSON.parse(readFileSync(path, "utf8"));
  return [{ text: "All documents", link: "/tutorial" }, ...groups];
}
