/**
 * All candidates.
 *
 * @module
 */

import type { RuntimeName } from "./runtimes.ts";

/** What the bench knows of a candidate. */
export interface CandidateInfo {
  /** As it stands in the results. */
  readonly name: string;
  /** What it is, for readers. */
  readonly title: string;
  /** Its module, from `bench/`. */
  readonly file: string;
  /** Where it can't run, and why. */
  readonly cannot?: { readonly [N in RuntimeName]?: string };
}

const NATIVE_ONLY = { node: "node:tls is Node's own TLS" };

/** See the module's text. The first peers are the fastest: `--quick` takes two. */
export const CANDIDATES: readonly CandidateInfo[] = [
  { name: "holdfast", title: "Holdfast", file: "candidates/holdfast.ts" },
  { name: "holdfast-request", title: "Holdfast, requests", file: "candidates/holdfast_request.ts" },
  {
    name: "holdfast-node-tls",
    title: "Holdfast, service on node:tls",
    file: "candidates/holdfast_node_tls.ts",
    cannot: NATIVE_ONLY,
  },
  { name: "bare", title: "bare frames", file: "candidates/bare.ts" },
  { name: "bare-promise", title: "bare frames, a promise each", file: "candidates/bare_promise.ts" },
  {
    name: "bare-node-tls",
    title: "bare frames, service on node:tls",
    file: "candidates/bare_node_tls.ts",
    cannot: { ...NATIVE_ONLY, bun: "measured on Bun's own TLS" },
  },
  {
    name: "bare-node-tls-promise",
    title: "bare frames, service on node:tls, a promise each",
    file: "candidates/bare_node_tls_promise.ts",
    cannot: { ...NATIVE_ONLY, bun: "measured on Bun's own TLS" },
  },
  { name: "ws-msgpackr", title: "ws + msgpackr", file: "peers/ws_msgpackr.ts" },
  { name: "rsocket", title: "rsocket-js", file: "peers/rsocket.ts" },
  { name: "ws-json", title: "ws + JSON", file: "peers/ws_json.ts" },
  {
    name: "websocket-json",
    title: "built-in WebSocket + JSON",
    file: "peers/websocket_json.ts",
    cannot: { node: "Node 20 has no WebSocket" },
  },
  { name: "socket-io", title: "Socket.IO", file: "peers/socket_io.ts" },
  {
    name: "grpc-js",
    title: "grpc-js, bidi stream",
    file: "peers/grpc_js.ts",
    cannot: { deno: "a grpc-js service does not work on Deno" },
  },
  { name: "connect-es", title: "Connect-ES, bidi stream", file: "peers/connect_es.ts" },
  { name: "capnweb", title: "Cap'n Web", file: "peers/capnweb.ts" },
];

/** Whether it is somebody else's, and no limit either. */
export function isPeerName(name: string): boolean {
  return !/^(holdfast|bare)\b/.test(name);
}
