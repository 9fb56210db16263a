/**
 * Serving.
 *
 * @module
 */

import type { Definition, ServiceTypes } from "../idl/definition.ts";
import { Authorization } from "./authorization.ts";
import { createClientVerifier } from "./certificates/client_verifier.ts";
import { systemClock } from "./clock.ts";
import { Authenticator } from "./credentials.ts";
import { type DisetOptions, readDisetOptions } from "./diset/options.ts";
import { DisetService } from "./diset/service.ts";
import { completeLimits } from "./limits.ts";
import { consoleLog } from "./log.ts";
import { createMonitor } from "./monitoring/monitor.ts";
import { type Accepting, acceptPlain, acceptTls } from "./server_accept.ts";
import { checkArguments, readHandlers, warnOfUnhandled } from "./server_arguments.ts";
import { ServerCore } from "./server_core.ts";
import type { ServeOptions } from "./server_options.ts";
import { type Listeners, RunningServer, type Server } from "./server_running.ts";
import type { ServiceSession } from "./service_session.ts";
import { SessionStore } from "./session_store.ts";
import { watchedNetwork } from "./telemetry/watched_network.ts";
import { plainNetwork } from "./transport/plain.ts";
import { nativeNetwork } from "./transport/runtime.ts";
import { ALPN, type Listener } from "./transport/transport.ts";
import { MessageTable } from "./wire/native/table.ts";

/**
 * Serves a definition over TLS.
 *
 * @param definition The service's definition: from a compiled `.msg` file, or from `parse`.
 * @param options Where, with which certificate, and what to do with each message.
 * @returns When it listens.
 * @throws {HoldfastError} `invalid-argument` when an option can't be used, or the address is not to be had.
 *
 * @example
 * ```ts
 * import { connect, parse, serve } from "holdfast";
 * import { readFileSync } from "node:fs";
 *
 * const PingPong = parse(`
 *   Ping < id: int|long >
 *   Pong < id: int|long >
 *   service Framework/PingPong { auth all  receives Ping  sends Pong }
 * `);
 * await using server = await serve(PingPong, {
 *   cert: readFileSync("cert.pem", "utf8"),
 *   key: readFileSync("key.pem", "utf8"),
 *   messages: {
 *     Ping: ({ id }, connection) => connection.send("Pong", { id }),
 *   },
 * });
 *
 * await using client = await connect(server.url, { ca: readFileSync("ca.pem", "utf8") });
 * const pongs = client.messages("Pong");
 * await client.send("Ping", { id: 1 });
 * for await (const { id } of pongs) {
 *   console.log(id);
 *   break;
 * }
 * ```
 */
export async function serve<T extends ServiceTypes>(
  definition: Definition<T>,
  options: ServeOptions<T>,
): Promise<Server<T>> {
  checkArguments(definition, options);
  const { hostname = "localhost", port = 0, cert, key, renewable = false, signal } = options;
  const { clock = systemClock, log = consoleLog, telemetry } = options;
  signal?.throwIfAborted();
  const limits = completeLimits(options.limits);
  const handlers = readHandlers(definition, options.messages);
  const disetOptions = readDisetOptions(options.diset);
  const diset = disetOptions && new DisetService(definition as Definition, limits, disetOptions.encoding ?? "json");
  const registry = typeof options.registry === "function" ? { find: options.registry } : options.registry;
  const core = new ServerCore({
    authorization: new Authorization(definition as Definition, options.rules),
    authenticator: new Authenticator({
      certificates: options.clientCertificates && createClientVerifier(options.clientCertificates),
      tokens: options.tokens,
      registry,
    }),
    table: new MessageTable(definition as Definition, limits),
    limits,
    clock,
    log,
    telemetry,
    find: (name) => handlers.get(name),
    // The types of the definition hold for whoever serves it; within, all services are alike.
    onConnect: options.onConnect as ServerCore["onConnect"],
    onDrop: options.onDrop as ServerCore["onDrop"],
    resumable: options.resume ?? true,
    disconnectSlow: options.slowClients === "disconnect",
  });
  const sessions = new SessionStore<ServiceSession>(limits, clock);
  let server: RunningServer<T> | undefined;
  const monitor = options.monitor && createMonitor({ core, sessions }, options.monitor);
  const services = monitor === undefined ? [{ core, sessions }] : [{ core, sessions }, monitor];
  warnOfUnhandled(definition as Definition, handlers, log);
  const accepting: Accepting = {
    core,
    sessions,
    monitor,
    diset,
    url: (protocol) => server?.disetUrls.find((url) => url.startsWith(`${protocol}:`)) ?? "",
  };
  const listener = await watchedNetwork(options.network ?? nativeNetwork(), telemetry).listen(
    {
      hostname,
      port,
      reusePort: options.reusePort === true,
      cert,
      key,
      renewable,
      listenTls: options.listenTls ?? false,
      clientCertificates: options.clientCertificates !== undefined,
      proxies: (options.clientCertificates?.proxies ?? "none") !== "none",
      alpn: [ALPN],
      handshakeTimeout: limits.handshakeTimeout,
      handshakes: limits.handshakes,
    },
    (stream) => acceptTls(accepting, stream),
  );
  const listeners: Listeners = {
    tls: { listener, hostname },
    diset: diset !== undefined,
    ...(diset !== undefined && disetOptions?.plain !== undefined && {
      plain: await listenBeside(listener, { ...accepting, diset }, disetOptions.plain),
    }),
  };
  const stopWatching = registry?.watch?.(() => {
    for (const service of services) {
      service.core.changes++;
      for (const session of service.sessions.all()) void session.credentials.lookUpAgain();
    }
  });
  const running = server = new RunningServer<T>(
    { core, sessions },
    monitor,
    listeners,
    stopWatching,
    options.clientCertificates,
  );
  const stop = () => void running.close();
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted === true) stop();
  return running;
}

/** Listens without TLS too, or not at all. */
async function listenBeside(
  tls: Listener,
  accepting: Accepting & { readonly diset: DisetService },
  { hostname = "localhost", port = 0 }: NonNullable<DisetOptions["plain"]>,
): Promise<NonNullable<Listeners["plain"]>> {
  try {
    const network = watchedNetwork(plainNetwork(), accepting.core.telemetry);
    const listener = await network.listen({ hostname, port }, (stream) => acceptPlain(accepting, stream));
    return { hostname, listener };
  } catch (error) {
    await tls.close();
    throw error;
  }
}
