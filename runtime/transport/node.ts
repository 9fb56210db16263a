/**
 * TLS by `node:tls`: for Node, and for Deno and Bun where their own TLS lacks something.
 *
 * `node:tls` does not tell a stream that its peer ended from one whose end was cut off: both are a regular end.
 *
 * @module
 */

import { isIP, type Socket } from "node:net";
import process from "node:process";
import { connect, createSecureContext, createServer, type Server, type TLSSocket } from "node:tls";
import { HoldfastError } from "../errors.ts";
import { ClientTrusts, readTrust } from "./client_trust.ts";
import { Inlet } from "./inlet.ts";
import { listening } from "./listening.ts";
import {
  certificatesOf,
  checkRevocationOnDeno,
  checkService,
  IS_DENO,
  refuseProxyOnDeno,
  serviceOptions,
} from "./node_certificates.ts";
import { NodeStream } from "./node_stream.ts";
import { opening } from "./opening.ts";
import { readIdentity } from "./pem.ts";
import { cancelled, certificateError, noCommonProtocol, noProxies, onlyOnDeno, startError } from "./tls_errors.ts";
import type {
  ConnectOptions,
  Listener,
  ListenOptions,
  Network,
  ServerCertificate,
  Stream,
  StreamEvents,
} from "./transport.ts";

/**
 * The network as `node:tls` gives it.
 *
 * @returns The network; it holds nothing until it is used.
 */
export function nodeNetwork(): Network {
  return { listen, connect: open };
}

const NO_CERTIFICATES: readonly Uint8Array[] = [];

/** A socket whose handshake is not done. */
interface Shaking {
  readonly socket: Socket;
  /** Hears of its end. */
  readonly gone: () => void;
}

async function listen(options: ListenOptions, accept: (stream: Stream) => StreamEvents): Promise<Listener> {
  const { handshakes = Infinity, clientCertificates = false } = options;
  if (options.listenTls === true) throw onlyOnDeno();
  if (options.reusePort === true) checkReusePort();
  if (options.proxies === true && IS_DENO) throw noProxies();
  /** All that has to do with certificates, since a renewed one comes without anything of the one before. */
  const showing = (certificate: ServerCertificate) => {
    const { cert, key, chain } = readIdentity(certificate.cert, certificate.key);
    refuseProxyOnDeno(chain[0]!);
    return { cert, key, ...serviceOptions(clientCertificates) };
  };
  const shown = showing(options);
  let server: Server;
  try {
    server = createServer({
      ...shown,
      ALPNProtocols: [...options.alpn],
      handshakeTimeout: options.handshakeTimeout,
      noDelay: true,
    });
  } catch (error) {
    throw certificateError(error);
  }
  /** Sockets whose handshake is not done, by their peer: nobody else knows them, so they end with the listener. */
  const shaking = new Map<string, Shaking>();
  let isListening = true;

  server.on("connection", (socket: Socket) => {
    if (shaking.size >= handshakes) return void socket.destroy();
    const peer = name(socket);
    const gone = () => {
      if (shaking.get(peer)?.socket === socket) shaking.delete(peer);
    };
    shaking.set(peer, { socket, gone });
    socket.once("close", gone);
  });
  server.on("tlsClientError", (_error: Error, socket: TLSSocket) => void socket.destroy());
  server.on("secureConnection", (socket: TLSSocket) => {
    const peer = name(socket);
    const shaken = shaking.get(peer);
    if (shaken !== undefined) {
      shaking.delete(peer);
      // It lives as long as the connection does, and would hold what is known of the handshake.
      shaken.socket.off("close", shaken.gone);
    }
    const certificates = clientCertificates ? certificatesOf(socket) : NO_CERTIFICATES;
    if (!isListening || certificates === undefined) return void socket.destroy();
    const source = IS_DENO ? shaken?.socket : undefined;
    const stream = new NodeStream(socket, socket.alpnProtocol || undefined, certificates, source);
    stream.start(accept(stream));
  });

  const where = { host: options.hostname, port: options.port, reusePort: options.reusePort === true };
  const listener = await listening(server, where, () => {
    isListening = false;
    for (const { socket } of shaking.values()) socket.destroy();
  });
  return { ...listener, renew: (certificate) => server.setSecureContext(showing(certificate)) };
}

/** Node would pass over an option that it does not know. */
function checkReusePort(): void {
  if ("Deno" in globalThis || "Bun" in globalThis) return;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 23 || major === 23 && minor >= 1 || major === 22 && minor >= 12) return;
  throw new HoldfastError(
    "invalid-argument",
    `Node ${process.versions.node} can't share a port among processes: use Node 22.12, 23.1 or later, Deno or Bun, or `
      + "serve without 'reusePort'.",
  );
}

function name(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}

/** Nothing of a connection is kept in a context: none goes on with the TLS session of another. */
const contexts = new ClientTrusts((trust) => createSecureContext({ ...readTrust(trust) }));

async function open(options: ConnectOptions, events: StreamEvents): Promise<Stream> {
  const { hostname, port, ca, crl, signal } = options;
  if (signal?.aborted) throw cancelled(signal);
  // The others have it, but their sockets may be reading while another one's bytes are in the buffer.
  const inlet = "Deno" in globalThis || "Bun" in globalThis ? undefined : new Inlet();
  let socket: TLSSocket;
  try {
    socket = connect({
      host: hostname,
      port,
      // Only names may be asked for; an address is checked against the certificate all the same.
      ...(isIP(hostname) === 0 && { servername: hostname }),
      secureContext: contexts.of(options),
      checkServerIdentity: checkService,
      ALPNProtocols: [...options.alpn],
      // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED can't take it back.
      rejectUnauthorized: true,
      ...(inlet !== undefined && { onread: inlet.onread }),
    });
  } catch (error) {
    throw startError(error, options);
  }
  socket.setNoDelay(true);
  const check = () => {
    if (options.alpn.length > 0 && !socket.alpnProtocol) throw noCommonProtocol(options);
    if (IS_DENO && crl !== undefined) checkRevocationOnDeno(socket, ca!, crl);
    return socket.alpnProtocol || undefined;
  };
  return await opening(socket, { to: options, event: "secureConnect", check, inlet }, events);
}
