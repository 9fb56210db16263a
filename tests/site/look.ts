/**
 * What a browser sees of a page: `in_page.js` must be in it.
 *
 * @module
 */

import type { Page } from "playwright-core";

/** A page as it was seen. */
export interface Seen {
  /** Its path, from the root of the site. */
  readonly path: string;
  /** What the browser complained of: scripts' errors, what could not be had, what was asked of other sites. */
  readonly complaints: readonly string[];
  /** Where it can be jumped to. */
  readonly anchors: ReadonlySet<string>;
  /** Where its links lead, complete. */
  readonly links: readonly string[];
  /** What is too wide or too small on a phone, or not to be told from what is behind it. */
  readonly unreadable: readonly string[];
}

/** How large a phone's window is, and a desk's. */
const WINDOWS = { phone: { width: 375, height: 740 }, desk: { width: 1280, height: 900 } } as const;

/** Letters smaller than that are hard to read, in pixels. */
const SMALLEST = 12;

/**
 * Looks at a page: on a phone and on a desk, by day and by night.
 *
 * @param page Where to show it.
 * @param origin The site's.
 * @param path The page's path.
 * @param contrast Whether to measure the contrast of its texts, too: axe-core must be in the page for that.
 * @returns What was seen.
 */
export async function look(page: Page, origin: string, path: string, contrast: boolean): Promise<Seen> {
  const complaints: string[] = [];
  page.removeAllListeners();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`${path}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${path}: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:")) complaints.push(`${path} asks for ${url}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${path}: ${response.status()} for ${response.url()}`);
  });

  await page.goto(`${origin}/${path}`);
  const ask = (question: string) => page.evaluate<string[]>(`inPage.${question}`);
  const anchors = new Set(await ask("anchors()"));
  const links = await ask("links()");
  const unreadable: string[] = [];
  const note = (where: string, faults: readonly string[]) =>
    unreadable.push(...faults.map((fault) => `${path}, ${where}: ${fault}`));
  for (const [name, size] of Object.entries(WINDOWS)) {
    await page.setViewportSize(size);
    note(name, await ask(`faultsOfLayout(${SMALLEST})`));
  }
  for (const colorScheme of contrast ? ["light", "dark"] as const : []) {
    await page.emulateMedia({ colorScheme });
    await page.waitForFunction(`inPage.isDark() === ${colorScheme === "dark"}`);
    note(colorScheme, await ask("faultsOfContrast()"));
  }
  return { path, complaints, anchors, links, unreadable };
}
