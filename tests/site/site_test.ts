import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import type { BrowserContext } from "playwright-core";
import { installPackages, NotInstalled } from "../../.ci/packages.ts";
import { ROOT } from "../runtimes.ts";
import { findBrowser, startBrowser } from "./browser.ts";
import { look, type Seen } from "./look.ts";
import { serveSite, type WebServer } from "./web_server.ts";

const DOCS = join(ROOT, "docs");
const SITE = join(ROOT, "dist/site");
/** Pages that are looked at at once. */
const TABS = 4;

/** Why the site can't be made here, or `false`. */
function whyNoSite(): string | false {
  if (!("deno" in process.versions)) return "the site is made by Deno";
  try {
    installPackages(DOCS);
    return false;
  } catch (error) {
    if (error instanceof NotInstalled && error.isOffline) return error.message;
    throw error;
  }
}

const noSite = whyNoSite();
const command = noSite === false ? findBrowser() : undefined;
const noBrowser = noSite
  || (command === undefined && "there is no chromium (apt-get install chromium, or CHROME_PATH)");

describe("the site of the documents", () => {
  let pages: readonly string[];

  before(() => {
    if (noSite !== false) return;
    const { status, stdout, stderr } = spawnSync(process.execPath, ["task", "site"], { cwd: ROOT, encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
    pages = readdirSync(SITE, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html")).sort();
  });

  test("site: has a page for each document, and for each public name", { skip: noSite }, () => {
    const documents = readdirSync(DOCS).filter((name) => name.endsWith(".md")).map((name) =>
      name.replace("md", "html")
    );
    const measured = ["index", "RESULTS", "MISSED", "DIRAC"].map((name) => `bench/${name}.html`);
    assert.deepEqual([...documents, ...measured].filter((name) => !pages.includes(name)), []);
    const lists = readFileSync(join(ROOT, "mod.ts"), "utf8")
      .matchAll(/^export (?:type )?(?:\{([^}]*)\}|\* as (\w+)) from "\.\//gm);
    const names = [...lists].flatMap(([, list = "", space = ""]) => [...list.split(","), space])
      .map((name) => name.replace(/^[^]* as /, "").trim()).filter((name) => name !== "");
    assert.ok(names.length > 90, `${names}`);
    assert.deepEqual(names.filter((name) => !pages.some((page) => page.endsWith(`/${name}.html`))), []);
  });

  describe("in a browser", () => {
    const opened = new AsyncDisposableStack();
    let server: WebServer;
    let context: BrowserContext;
    let seen: readonly Seen[];

    before(async () => {
      if (noBrowser !== false) return;
      server = opened.use(await serveSite(SITE));
      const browser = opened.adopt(await startBrowser(command!), (browser) => browser.close());
      context = await browser.newContext();
      for (const script of ["docs/node_modules/axe-core/axe.min.js", "tests/site/in_page.js"]) {
        await context.addInitScript({ path: join(ROOT, script) });
      }
      const waiting = pages.filter((path) => path !== "404.html");
      const all: Seen[] = [];
      await Promise.all(Array.from({ length: TABS }, async () => {
        const page = await context.newPage();
        for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
          // What is made of doc comments looks the same everywhere.
          all.push(await look(page, server.origin, path, !/^api\/.+\//.test(path) || path.endsWith("/serve.html")));
        }
      }));
      seen = all;
    });

    after(() => opened.disposeAsync());

    test("site: nothing fails in a page, and none asks another site for anything", { skip: noBrowser }, () => {
      assert.deepEqual(seen.flatMap(({ complaints }) => complaints), []);
    });

    test("site: every link leads to a page that there is, and to a place in it", { skip: noBrowser }, () => {
      const anchors = new Map(seen.map((page) => [page.path, page.anchors]));
      const broken = (link: string) => {
        const { origin, pathname, hash } = new URL(link);
        if (origin !== server.origin) return !link.startsWith("https://");
        const target = anchors.get(pathname.slice(1).replace(/^$|\/$/, "$&index.html"));
        return target === undefined || hash !== "" && !target.has(decodeURIComponent(hash.slice(1)));
      };
      const from = new Map(seen.flatMap(({ path, links }) => links.map((link) => [link, path])));
      assert.deepEqual([...from].filter(([link]) => broken(link)).map(([link, path]) => `${path}: ${link}`), []);
      assert.ok(from.size > 300, `${from.size}`);
    });

    test("site: every page can be read on a phone and on a desk, by day and by night", { skip: noBrowser }, () => {
      assert.deepEqual(seen.flatMap(({ unreadable }) => unreadable), []);
    });

    test("site: .msg files have colours, and blocks of code their files' names", { skip: noBrowser }, async () => {
      const page = await context.newPage();
      await page.goto(`${server.origin}/language.html`);
      const html = await page.locator(".language-msg code").first().innerHTML();
      const colours = new Set([...html.matchAll(/--shiki-light:(#\w+)/g)].map(([, colour]) => colour));
      assert.ok(colours.size >= 4, `${[...colours]}`);
      await page.goto(`${server.origin}/registry.html`);
      assert.equal(await page.locator("figure.file figcaption").first().textContent(), "registry.jsonc");
      await page.close();
    });

    test("site: finds what somebody searches, and goes there", { skip: noBrowser }, async () => {
      const page = await context.newPage();
      await page.goto(`${server.origin}/index.html`);
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByRole("searchbox").fill("handshakeTimeout");
      await page.locator("#localsearch-list a").first().click();
      await page.locator(".VPDoc", { hasText: "handshakeTimeout" }).waitFor();
      assert.notEqual(new URL(page.url()).pathname, "/index.html");
      await page.close();
    });
  });
});
