/**
 * A service that speaks DISET, for the tests of this folder.
 *
 * @module
 */

import {
  type Connection,
  type Definition,
  type HoldfastError,
  type LogRecord,
  parse,
  serve,
  type ServeOptions,
  type Server,
  type UnknownService,
} from "../../../mod.ts";
import { nativeNetwork } from "../../../runtime/transport/runtime.ts";
import { type Scope, testCertificate } from "../../harness.ts";
import { DisetPeer, json } from "./peer.ts";

/** What is served. */
export const PING_PONG: Definition<UnknownService> = parse(`
  Ping < id: int|long >
  Pong < id: int|long >
  service Framework/PingPong { auth all  connect < a?: any, name?: string >  receives Ping  sends Pong }
`);

/** A success without a value, as the original writes it. */
export const SUCCESS = '27:{"OK": true, "Value": null}';

/** An error, as the original writes it, but for the call stack. */
export function refused(text: string, number = 0): string {
  return json(`{"OK": false, "Errno": ${number}, "Message": "${text}"}`);
}

export const UNAUTHORIZED: string = refused("Unauthorized query ( 1111 : Unauthorized query)", 1111);

/** A service, and ways to it. */
export interface Lab {
  readonly server: Server<UnknownService>;
  readonly log: LogRecord[];
  readonly drops: { readonly connection: Connection<UnknownService>; readonly reason: HoldfastError }[];
  readonly ca: string;
  /** A client that has said nothing yet; its line ends with the test. */
  join(way: "dip" | "dips", encoding?: "json" | "dencode"): Promise<DisetPeer>;
}

/** Starts a service; Pings are answered by Pongs unless told otherwise. */
export async function lab(
  scope: Scope,
  options: Partial<ServeOptions<UnknownService>> = {},
  definition: Definition<UnknownService> = PING_PONG,
): Promise<Lab> {
  const { cert, key, ca } = await testCertificate();
  const log: LogRecord[] = [];
  const drops: { readonly connection: Connection<UnknownService>; readonly reason: HoldfastError }[] = [];
  const server = await serve(definition, {
    cert,
    key,
    network: scope.network(nativeNetwork()),
    diset: { plain: {} },
    log: (record) => log.push(record),
    messages: { Ping: ({ id }, connection) => connection.send("Pong", { id }) },
    onDrop: (connection, reason) => void drops.push({ connection, reason }),
    ...options,
  });
  scope.cleanup(() => server.close({ timeout: 0 }));
  const join = async (way: "dip" | "dips", encoding?: "json" | "dencode"): Promise<DisetPeer> => {
    const port = Number(new URL(server.disetUrls[way === "dips" ? 0 : 1]!.replace(/^dips?/, "http")).port);
    const peer = way === "dip" ? await DisetPeer.plain(port, encoding) : await DisetPeer.tls(port, { ca }, encoding);
    scope.cleanup(() => peer[Symbol.dispose]());
    return peer;
  };
  return { server, log, drops, ca, join };
}
