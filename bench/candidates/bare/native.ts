/**
 * The runtime's own TLS, at both ends or at the client's.
 *
 * @module
 */

import { bunTransport } from "./bun.ts";
import { denoTransport } from "./deno.ts";
import { nodeTransport } from "./node.ts";
import type { Transport } from "./transport.ts";

/** The runtime's own TLS at both ends. */
export const nativeTransport: Transport = "Deno" in globalThis
  ? denoTransport
  : "Bun" in globalThis
  ? bunTransport
  : nodeTransport;

/** A service on `node:tls`, and clients on the runtime's own TLS: as Holdfast has them unless told otherwise. */
export const mixedTransport: Transport = { listen: nodeTransport.listen, connect: nativeTransport.connect };
