/**
 * What is used of Bun. Its own types are not: this is also checked, and loaded, where there is no Bun.
 *
 * @module
 */

import type { PeerCertificate } from "node:tls";
import type { TlsTrust } from "./client_trust.ts";

/** `Bun`, as far as it is used. */
export interface BunTls {
  listen(options: {
    hostname: string;
    port: number;
    reusePort: boolean;
    tls: { cert: string; key: string; ALPNProtocols: Uint8Array; secureOptions: number };
    socket: Handlers;
  }): { readonly hostname: string; readonly port: number; stop(): void };
  connect(options: {
    hostname: string;
    port: number;
    tls: TlsTrust & { rejectUnauthorized: true; ALPNProtocols: Uint8Array; serverName?: string };
    socket: Handlers;
    /** The socket's, before it is open. */
    data: Role;
  }): Promise<unknown>;
}

/** A socket at either end. */
export interface BunSocket {
  data: Role;
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  readonly alpnProtocol: string | false | null;
  /** The peer's own. */
  getPeerCertificate(): PeerCertificate;
  getPeerX509Certificate(): { readonly raw: Uint8Array };
  /** Gives back how many bytes were taken; a negative number when the socket is closed. */
  write(bytes: Uint8Array): number;
  /** Stops reading. */
  pause(): void;
  resume(): void;
  shutdown(): void;
  terminate(): void;
}

/** What Bun calls, for all sockets of a listener, or of clients. */
export interface Handlers {
  open(socket: BunSocket): void;
  handshake(socket: BunSocket, success: boolean, error: Error | null): void;
  data(socket: BunSocket, chunk: Uint8Array): void;
  drain(socket: BunSocket): void;
  close(socket: BunSocket, error?: Error): void;
  error(socket: BunSocket, error: Error): void;
}

/** What a socket stands for: an attempt, until its handshake is done, and then a stream. */
export interface Role {
  open?(socket: BunSocket): void;
  handshake?(success: boolean, error: Error | null): void;
  data?(chunk: Uint8Array): void;
  drain?(): void;
  closed(error?: Error): void;
}
