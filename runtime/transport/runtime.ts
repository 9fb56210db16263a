/**
 * Picks the network of the runtime that this runs on.
 *
 * @module
 */

import { bunNetwork } from "./bun.ts";
import { denoNetwork } from "./deno.ts";
import { nodeNetwork } from "./node.ts";
import type { Network } from "./transport.ts";

/**
 * The network of this runtime.
 *
 * @returns Deno's or Bun's own; `node:tls` anywhere else.
 */
export function nativeNetwork(): Network {
  if ("Deno" in globalThis) return denoNetwork();
  if ("Bun" in globalThis) return bunNetwork();
  return nodeNetwork();
}
