/**
 * What is used of Deno: this is also loaded where there is none.
 *
 * @module
 */

/** How Deno listens and connects. */
export interface DenoTls {
  listenTls(options: {
    hostname: string;
    port: number;
    cert: string;
    key: string;
    alpnProtocols: string[];
    reusePort: boolean;
  }): DenoListener;
  connect(options: { hostname: string; port: number; signal?: AbortSignal }): Promise<DenoTcp>;
  startTls(
    tcp: DenoTcp,
    options: { hostname: string; alpnProtocols: string[]; caCerts?: string[] },
  ): Promise<DenoConnection>;
}

/** Where an end of a connection is. */
export interface DenoAddress {
  readonly hostname: string;
  readonly port: number;
}

/** A listening socket. */
export interface DenoListener {
  readonly addr: DenoAddress;
  accept(): Promise<DenoConnection>;
  close(): void;
}

/** A TCP connection, before TLS. */
export interface DenoTcp {
  setNoDelay(on: boolean): void;
  close(): void;
}

/** A connection through TLS. */
export interface DenoConnection {
  readonly remoteAddr: DenoAddress;
  handshake(): Promise<{ readonly alpnProtocol: string | null }>;
  read(into: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
  close(): void;
}
