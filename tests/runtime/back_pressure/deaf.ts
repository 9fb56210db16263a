/**
 * Peers that let themselves in, or others, and then read nothing more. They use `node:tls`, which can stop reading.
 *
 * @module
 */

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type TLSSocket } from "node:tls";
import { hashShape } from "../../../idl/canonical.ts";
import { parse } from "../../../mod.ts";
import { DEFAULT_LIMITS } from "../../../runtime/limits.ts";
import { ALPN } from "../../../runtime/transport/transport.ts";
import { NativeEncoder } from "../../../runtime/wire/native/encoder.ts";
import { encodeHello, encodeOpen, encodeWelcome, TOKEN_SIZE, VERSION } from "../../../runtime/wire/native/handshake.ts";
import { MessageTable } from "../../../runtime/wire/native/table.ts";
import type { Scope } from "../../harness.ts";
import { LAB } from "./lab.ts";

const TABLE = new MessageTable(parse(LAB), DEFAULT_LIMITS);
/** It says that it takes any amount. */
const limits = { frame: DEFAULT_LIMITS.frame, window: 2 ** 40, requests: 1_024 };

/** A client that is let in, asks for the gigabyte, and then reads nothing. */
export async function deafClient(scope: Scope, port: number, ca: string): Promise<void> {
  const socket = connect({ host: "localhost", port, ca, ALPNProtocols: [ALPN] });
  forget(scope, socket);
  await once(socket, "secureConnect");
  const { shape } = TABLE.definition;
  socket.write(encodeHello({ versions: [VERSION], service: shape.service, hash: hashShape(shape) }));
  socket.write(encodeOpen({ limits, resumable: true, identity: "", declined: [] }, TABLE.connect, {}));
  await once(socket, "data");
  socket.pause();
  const encoder = new NativeEncoder(TABLE, limits.frame, false);
  encoder.message(TABLE.name("Begin")!, {});
  socket.write(encoder.take(1)!);
}

/** A service that lets everybody in, and then reads nothing; gives back its port. */
export async function deafService(scope: Scope, identity: { cert: string; key: string }): Promise<number> {
  const server = createServer({ ...identity, ALPNProtocols: [ALPN] }, (socket) => {
    forget(scope, socket);
    socket.once("data", () => {
      socket.pause();
      const token = new Uint8Array(TOKEN_SIZE);
      socket.write(
        encodeWelcome({ limits, transportId: "deaf", identity: "deaf", token, expiresIn: 0, forbidden: [] }),
      );
    });
  });
  scope.cleanup(() => server.close());
  server.listen(0, "localhost");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function forget(scope: Scope, socket: TLSSocket): void {
  socket.on("error", () => {});
  scope.cleanup(() => socket.destroy());
}
