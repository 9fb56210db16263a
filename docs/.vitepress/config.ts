/**
 * The site of the documents: `deno task site`.
 *
 * @module
 */

import { slug } from "github-slugger";
import { readFileSync } from "node:fs";
import { defineConfig } from "vitepress";
import { fileNames } from "./file_names.ts";
import { links } from "./links.ts";
import { apiSidebar, sidebar } from "./pages.ts";

const grammar = JSON.parse(
  readFileSync(new URL("../../compiler/lsp/editors/vscode/msg.tmLanguage.json", import.meta.url), "utf8"),
);

export default defineConfig({
  title: "Holdfast",
  description: "One TLS connection, kept open, talked over both ways: typed messages for Deno, Bun and Node.",
  lang: "en",
  outDir: "../dist/site",
  cacheDir: "../dist/site-cache",
  srcExclude: ["node_modules/**"],
  // A page of the API has links to a hundred others: nobody goes to all of them.
  router: { prefetchLinks: false },
  // Nothing is asked of other sites: neither fonts nor icons.
  head: [["link", { rel: "icon", href: "data:," }]],
  // What is searched in is one file, fetched when somebody searches.
  vite: { build: { chunkSizeWarningLimit: 4_000 } },
  markdown: {
    languages: [{ ...grammar, name: "msg" }],
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    // Links to headings are the same here as where the sources are shown.
    anchor: { slugify: slug },
    config: (markdown) => {
      markdown.use(fileNames);
      markdown.use(links);
    },
  },
  themeConfig: {
    nav: [
      { text: "Tutorial", link: "/tutorial" },
      { text: "Guides", link: "/sessions" },
      { text: "Command", link: "/cli" },
      { text: "API", link: "/api/", activeMatch: "^/api/" },
    ],
    sidebar: { "/": sidebar(), "/api/": apiSidebar() },
    outline: { level: [2, 3] },
    search: { provider: "local" },
  },
});
