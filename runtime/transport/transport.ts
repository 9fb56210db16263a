/**
 * What a transport is: a TLS stream of bytes in both directions. It knows no frames and no messages.
 *
 * An adapter implements {@link Network} for one runtime. Everything above is the same on all of them, and the same
 * suite of cases (`tests/runtime/transport/cases.ts`) runs on every adapter.
 *
 * Whatever is called back is called in a turn of its own, never from within a call of a stream's, a listener's or a
 * network's. It must not throw: nobody is there to catch it.
 *
 * @module
 */

/** The name by which the two sides agree, inside TLS, on the native protocol. */
export const ALPN = "holdfast/1";

/** A way to listen and to connect. */
export interface Network {
  /**
   * Starts to listen.
   *
   * @param options Where, and with which certificate.
   * @param accept Called for every stream whose TLS handshake is done; gives back who hears of it. A peer whose TLS
   * handshake fails is never heard of, and one that takes longer than `handshakeTimeout` is dropped. May end the stream
   * at once.
   * @returns When it listens.
   * @throws {HoldfastError} `invalid-argument` when the address is taken or not to be had, when certificate and key
   * can't be used, or when this runtime's TLS can't do what is asked for; `cause` has the runtime's own error, if it is
   * not about a key.
   */
  listen(options: ListenOptions, accept: (stream: Stream) => StreamEvents): Promise<Listener>;

  /**
   * Opens a stream, through the TLS handshake and the check of the peer's certificate.
   *
   * @param options Where to, and whom to trust.
   * @param events Who hears of what arrives; nothing arrives before the promise has been resolved.
   * @returns When the stream is open.
   * @throws {HoldfastError} `unreachable` when there is no connection to be had; `certificate` when the peer's is not
   * to be trusted; `protocol` when the other side does not speak TLS, or none of `alpn`; `invalid-argument` when `ca`,
   * `crl` or `certificate` can't be read or used, or the address can't be one; `cancelled` when the signal was aborted
   * first (then nothing is left open). `cause` has the runtime's own error, if it is not about a key, or the signal's
   * reason.
   */
  connect(options: ConnectOptions, events: StreamEvents): Promise<Stream>;
}

/** What a service shows its clients. */
export interface ServerCertificate {
  /** The service's certificate, its chain behind it: PEM. */
  readonly cert: string;
  /** The certificate's private key: PEM. */
  readonly key: string;
}

/** What a client shows its service. */
export interface ClientCertificate {
  /** The certificate, its chain behind it: PEM. Other PEM blocks among them are passed over. */
  readonly cert: string;
  /** The certificate's private key: PEM. Other PEM blocks around it are passed over. */
  readonly key: string;
}

/** Where and how to listen. */
export interface ListenOptions extends ServerCertificate {
  /** The address to listen on. */
  readonly hostname: string;
  /** The port, or 0 for any that is free. */
  readonly port: number;
  /** Protocols to agree on inside TLS; the first that the client has, too, is taken. */
  readonly alpn: readonly string[];
  /** How long a TLS handshake may take, in milliseconds. */
  readonly handshakeTimeout: number;
  /** How many TLS handshakes may be under way; who comes then is cut off. Any number unless told otherwise. */
  readonly handshakes?: number;
  /**
   * Whether other processes may listen on the same port: the system spreads the streams over them. Needs Linux; on Node,
   * 22.12 or 23.1.
   */
  readonly reusePort?: boolean;
  /** Whether to use `Deno.listenTls`. */
  readonly listenTls?: boolean;
  /** Whether {@link Listener.renew} will be called; it may cost speed. */
  readonly renewable?: boolean;
  /**
   * Whether clients are asked for a certificate. One that has none is let through, and so is any certificate whose
   * private key the client has: {@link Stream.certificates} has what came, and whoever accepts the stream decides.
   */
  readonly clientCertificates?: boolean;
  /** Whether X.509 proxies (RFC 3820) are expected among them: not every runtime's TLS lets one through. */
  readonly proxies?: boolean;
}

/** Where to connect to, and how. */
export interface ConnectOptions {
  /** The name or address of the service; its certificate must be for this name. */
  readonly hostname: string;
  /** The service's port. */
  readonly port: number;
  /**
   * Certificates of the authorities to trust: PEM, one or more. Instead of those that the runtime trusts by itself,
   * though Deno's own TLS takes them beside those.
   */
  readonly ca?: string;
  /**
   * Lists of certificates that their authorities have taken back: PEM, one or more, with `ca` beside them. Every
   * authority between the service and the one that is trusted must have one that is still good: without it, whether a
   * certificate was taken back is not known, and it is not trusted.
   */
  readonly crl?: string;
  /** What to show a service that asks for a certificate: PEM, the chain behind it; an X.509 proxy is one, too. */
  readonly certificate?: ClientCertificate;
  /** Protocols to agree on inside TLS; if there are any, the service must have one of them. */
  readonly alpn: readonly string[];
  /** Ends the attempt. Not looked at once the stream is open. */
  readonly signal?: AbortSignal;
}

/** A listening socket. */
export interface Listener {
  /** The address it listens on. */
  readonly hostname: string;
  /** The port it listens on: never 0. */
  readonly port: number;
  /**
   * Shows another certificate from now on. Open streams go on, and no attempt to come in is lost.
   *
   * @param certificate The certificate and its key.
   * @throws {HoldfastError} `invalid-argument` when they can't be used, or where this runtime's own TLS can't do it and
   * the listener was not asked to be `renewable`; the one that was shown until now stays.
   */
  renew(certificate: ServerCertificate): void;
  /** Stops listening: nothing is accepted any more. Open streams stay. Safe to call again. */
  close(): Promise<void>;
}

/** One open stream. */
export interface Stream {
  /** The peer's address. */
  readonly remote: { readonly hostname: string; readonly port: number };
  /** The protocol agreed on inside TLS; `undefined` if none, or if the runtime does not tell. */
  readonly alpn: string | undefined;
  /**
   * The certificates that a client has shown: its own first, then the rest of its chain, as they came; DER. Empty if it
   * has none, or was not asked. The client has proven that it holds the key of the first; nothing else was checked.
   */
  readonly certificates: readonly Uint8Array[];

  /**
   * Hands bytes over. They leave in the order of the calls, and must not be changed until they have left.
   *
   * @param bytes What to send, not empty.
   * @param left Called when they have been handed to the system, for whoever writes nothing before that, so that what
   * is written leaves by itself: in TLS records of its own. It is not called any more when the stream has ended.
   * @returns `undefined` if more may be written at once. Otherwise the system's buffers are full: a promise that is
   * resolved when they have room again, and also when the stream ends (`closed` then tells why). It never rejects.
   * Writing before that is allowed, and is buffered. After the stream's end, the bytes are dropped.
   */
  write(bytes: Uint8Array, left?: () => void): Promise<void> | undefined;

  /**
   * Takes no more from the system, so that the peer, whose own buffers fill up, is slowed down. What the runtime has taken
   * already may still arrive, and so may the stream's end. Safe to call again.
   */
  pause(): void;

  /** Goes on after {@link Stream.pause}. Safe to call again. */
  resume(): void;

  /**
   * Ends the stream politely: what was written still leaves, then the peer is told. `closed` is called when the peer
   * has ended it, too, which one that is dead or hostile never does: whoever closes must `destroy` after a while.
   * Nothing arrives any more from here on. Safe to call again.
   */
  close(): void;

  /**
   * Ends the stream at once, whatever is still unsent, without waiting for the peer; to this side, that is a regular
   * end. Safe to call again.
   */
  destroy(): void;
}

/** Who hears what happens to a stream. */
export interface StreamEvents {
  /**
   * Bytes arrived.
   *
   * @param chunk The bytes; never empty. Their memory is the transport's again once the call has returned.
   */
  data(chunk: Uint8Array): void;

  /**
   * The stream has ended; called exactly once for every stream, never before `accept` or `connect` has given it out,
   * and nothing is called afterwards. A peer that ends its half ends the stream.
   *
   * @param cause What broke it, a HoldfastError `disconnected`; `undefined` after a regular end, by either side. Not
   * every runtime tells a stream that the peer ended from one that the peer's system cut off.
   */
  closed(cause?: unknown): void;
}
