/**
 * The runtime's own TLS.
 *
 * @module
 */

import { bunTransport } from "./bun.ts";
import { denoTransport } from "./deno.ts";
import { nodeTransport } from "./node.ts";
import type { Transport } from "./transport.ts";

/** See the module's text. */
export const nativeTransport: Transport = "Deno" in globalThis
  ? denoTransport
  : "Bun" in globalThis
  ? bunTransport
  : nodeTransport;
