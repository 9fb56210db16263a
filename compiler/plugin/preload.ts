/**
 * Lets programs that Bun runs import `.msg` files: `preload = ["holdfast/preload"]` in `bunfig.toml`.
 *
 * @module
 */

import { holdfast, type Plugin } from "./plugin.ts";

const { Bun: bun } = globalThis as { readonly Bun?: { plugin(plugin: Plugin): unknown } };
if (bun === undefined) throw new Error("holdfast/preload is for Bun: with esbuild, use the plugin of holdfast/plugin.");
bun.plugin(holdfast());
