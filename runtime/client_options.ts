/**
 * How a client connects, whatever its service.
 *
 * @module
 */

import type { Backoff } from "./backoff.ts";
import type { Given } from "./client_credentials.ts";
import type { Clock } from "./clock.ts";
import type { DisetClientOptions } from "./diset/client_options.ts";
import type { Limits } from "./limits.ts";
import type { Log } from "./log.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";
import type { ClientCertificate, Network } from "./transport/transport.ts";

/** How a client connects, whatever its service. */
export interface ClientOptions {
  /**
   * Certificates of the authorities to trust, instead of those that the system trusts: PEM. A development certificate
   * is trusted by nobody else. Those that the system trusts are read once in a process, with its first connection at the
   * latest.
   */
  readonly ca?: string;
  /**
   * Lists of certificates that those authorities have taken back: PEM, one or more. Each authority between the service
   * and one in `ca`, and that one, must have a current list.
   */
  readonly crl?: string;
  /**
   * Shows a service that asks for it who this client is. An X.509 proxy is one, too. A function is asked at every attempt
   * to connect; before what it gave last ends, it is asked again, and the session goes on over a new line.
   */
  readonly certificate?: Given<ClientCertificate>;
  /**
   * Shows the service who this client is, where a certificate does not. A function is asked at every attempt to connect,
   * and again before the service says that the last token ends.
   */
  readonly token?: Given<string>;
  /** The group to act in; the service's registry must say that this client is in it. */
  readonly group?: string;
  /** The name by which the service knows this client, on every connection; else one at random. */
  readonly identity?: string;
  /** How to speak with services of DIRAC's, at `dips://` and `dip://`. */
  readonly diset?: DisetClientOptions;
  /**
   * What to do about messages of which this side's definition and the service's do not fit: with "skip", the default,
   * sending one throws, and the service does not send one; with "refuse", the client does not connect.
   */
  readonly misfits?: "skip" | "refuse";
  /** Whether, and with which delays, to connect again when the connection has ended; on unless turned off. */
  readonly reconnect?: Backoff | false;
  /**
   * Whether the connection goes on after its line has broken: on unless turned off. Then every break ends it, and a new
   * one begins.
   */
  readonly resume?: boolean;
  /** Bounds other than `DEFAULT_LIMITS`. */
  readonly limits?: Partial<Limits>;
  /** Takes what goes wrong; the console, unless said otherwise. */
  readonly log?: Log;
  /** Watches the client; `openTelemetry` makes one. Nobody does, unless told otherwise. */
  readonly telemetry?: Telemetry;
  /** Closes the client when it is aborted. */
  readonly signal?: AbortSignal;
  /** Another transport than the runtime's own TLS. */
  readonly network?: Network;
  /** Another clock than the runtime's. */
  readonly clock?: Clock;
  /** Where the jitter comes from; `Math.random`, unless said otherwise. */
  readonly random?: () => number;
}
