/**
 * What a service is told, and how it is stopped.
 *
 * @module
 */

import type { ServiceTypes } from "../idl/definition.ts";
import type { RuleOverrides } from "./authorization.ts";
import type { ClientTrust } from "./certificates/client_verifier.ts";
import type { Clock } from "./clock.ts";
import type { DisetOptions } from "./diset/options.ts";
import type { Call } from "./dispatch.ts";
import type { HoldfastError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { Log } from "./log.ts";
import type { MonitorOptions } from "./monitoring/monitor.ts";
import type { Registry } from "./principal.ts";
import type { Connection } from "./server_connection.ts";
import type { Outcome } from "./session/outgoing.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";
import type { VerifyToken } from "./tokens.ts";
import type { Network } from "./transport/transport.ts";
import type { Answer, Names, Read } from "./types.ts";

/**
 * What a service does with each message that it receives. What a request's handler returns is the reply. A handler that
 * throws ends the connection, or, for a request, answers it with the error: the text of a `Failure` is shown to the
 * client, that of any other error is not.
 */
export type Handlers<T extends ServiceTypes> = {
  readonly [N in Names<T["receives"]>]: (
    message: Read<T["receives"], N>,
    connection: Connection<T>,
    call: Call,
  ) => Answer<T["receives"], N>;
};

/** How to serve. */
export interface ServeOptions<T extends ServiceTypes> {
  /** The address to listen on; "localhost" unless said otherwise, which only this machine reaches. */
  readonly hostname?: string;
  /** The port to listen on; 0, the default, for any that is free: `server.port` tells which. */
  readonly port?: number;
  /**
   * Whether other processes may serve on the same port, each with one processor: the system spreads the connections over
   * them. Off unless turned on. Sessions stay where they began: a client that comes to another process begins a new one,
   * and is told so (`reset`). Needs Linux; on Node, 22.12 or 23.1.
   */
  readonly reusePort?: boolean;
  /** The service's certificate, its chain behind it: PEM. */
  readonly cert: string;
  /** The certificate's private key: PEM. */
  readonly key: string;
  /**
   * Whether `server.renew` will replace the certificate while clients are connected; off unless turned on. On Bun, whose
   * own TLS can't do that, the service uses `node:tls` then, which takes up to 1.7 times as much of a processor where
   * each client says little at a time.
   */
  readonly renewable?: boolean;
  /**
   * Whether a service on Deno uses `Deno.listenTls`; off unless turned on. It takes half the memory for a client that is
   * silent, and less of a processor where each says little at a time. But Nagle's algorithm can't be switched off there:
   * some answers come 40 ms later, and so do connections. It can neither be `renewable` nor ask for certificates.
   */
  readonly listenTls?: boolean;
  /** Whose certificates of clients are believed: then clients are asked for one. */
  readonly clientCertificates?: ClientTrust;
  /** Checks the tokens of clients; `jwtVerifier` makes one for JWTs. */
  readonly tokens?: VerifyToken;
  /**
   * Knows who belongs here, and in which group; `fileRegistry` makes one. Without it, whoever has shown who it is counts
   * as `authenticated`, and nobody has a group or a property.
   */
  readonly registry?: Registry | Registry["find"];
  /** Rules that stand instead of those in the `.msg` file. */
  readonly rules?: RuleOverrides;
  /**
   * Whether clients that speak DISET, the protocol of DIRAC's stable connections, are served too: `dips://` on the same
   * port, and `dip://`, without TLS, where that is asked for by name. Off unless turned on.
   */
  readonly diset?: boolean | DisetOptions;
  /**
   * Who may watch the service, as `holdfast top` does: whoever this rule lets in is offered the service
   * `Holdfast/Monitor` on the same port. Nobody, unless turned on.
   */
  readonly monitor?: MonitorOptions;
  /**
   * What to do with each message. What has no handler is named in the log when the service starts, and no client can
   * use it; a handler for what the service does not receive is an error.
   */
  readonly messages: Handlers<T>;
  /**
   * Called for each client that wants to connect. Throw a `Failure` to refuse it, and it is told why. What is sent
   * here arrives first; but nothing arrives from the client before it has returned, so wait for nothing of its here.
   */
  readonly onConnect?: (connection: Connection<T>, args: T["connect"]["read"]) => void | Promise<void>;
  /** Called when a client is gone, exactly once for each that `onConnect` let in. */
  readonly onDrop?: (connection: Connection<T>, reason: HoldfastError, outcome: Outcome) => void | Promise<void>;
  /**
   * Whether a connection goes on after its line has broken, if the client comes back in time: on unless turned off. Then
   * every break is a drop.
   */
  readonly resume?: boolean;
  /**
   * What to do about a client that does not read what it is sent: let whoever sends wait for it, which is the default, or
   * end its connection when more waits for it than the limit `backlog`.
   */
  readonly slowClients?: "wait" | "disconnect";
  /** Bounds other than `DEFAULT_LIMITS`. */
  readonly limits?: Partial<Limits>;
  /** Takes what goes wrong; the console, unless said otherwise. */
  readonly log?: Log;
  /** Watches the service; `openTelemetry` makes one. Nobody does, unless told otherwise. */
  readonly telemetry?: Telemetry;
  /** Stops the service when it is aborted. */
  readonly signal?: AbortSignal;
  /** Another transport than the runtime's own TLS. */
  readonly network?: Network;
  /** Another clock than the runtime's. */
  readonly clock?: Clock;
}

/** How to stop. Times are in milliseconds. */
export interface CloseOptions {
  /** Over how long clients spread their leaving, so that they do not all come to the next service at once; 0. */
  readonly spread?: number;
  /** How long to wait, beyond `spread`, for those who do not leave by themselves; 10,000. */
  readonly timeout?: number;
}
