/**
 * The browser in which the site is looked at: one that the machine has, never one that a test brings.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import process from "node:process";
import type { Browser } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** The browser's command: that of `CHROME_PATH`, or one on the `PATH`; `undefined` where there is none. */
export function findBrowser(): string | undefined {
  const names = [process.env["CHROME_PATH"] ?? "", ...NAMES].filter((name) => name !== "");
  return names.find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);
}

/**
 * Starts a browser without a window.
 *
 * @param command Its command, as {@link findBrowser} gives it.
 * @returns The browser.
 */
export async function startBrowser(command: string): Promise<Browser> {
  const { chromium } = await import("playwright-core");
  const path = spawnSync("sh", ["-c", 'command -v "$0"', command], { encoding: "utf8" }).stdout.trim();
  // Chromium's sandbox does not start for root, as in most containers; the pages are our own.
  return await chromium.launch({ executablePath: path, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}
