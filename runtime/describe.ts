/**
 * Asking a service for its definition, and no more.
 *
 * @module
 */

import type { Definition } from "../idl/definition.ts";
import { type Address, parseAddress } from "./address.ts";
import { checkOptions } from "./client_arguments.ts";
import { ClientCredentials } from "./client_credentials.ts";
import { openLink } from "./client_link.ts";
import type { ClientOptions } from "./client_options.ts";
import { systemClock } from "./clock.ts";
import { HoldfastError } from "./errors.ts";
import { completeLimits } from "./limits.ts";
import { consoleLog } from "./log.ts";
import { checkNames } from "./names.ts";
import { nativeNetwork } from "./transport/runtime.ts";

/** How to ask: what of a client's options matters before there is a session. */
export type DescribeOptions = Pick<
  ClientOptions,
  "ca" | "crl" | "certificate" | "token" | "group" | "limits" | "signal" | "network" | "clock"
>;

const KNOWN: Readonly<Record<keyof DescribeOptions, true>> = {
  ca: true,
  crl: true,
  certificate: true,
  token: true,
  group: true,
  limits: true,
  signal: true,
  network: true,
  clock: true,
};

/**
 * Asks a service for its definition. No session begins, and nothing of the service's runs: it takes no connect arguments,
 * and leaves no trace but a line that was there for a moment.
 *
 * @param url `tls://HOST:PORT/System/Component`; several are tried in turn.
 * @param options Whom to trust, and what to show of oneself: a service tells a client of what it may use.
 * @returns The definition, deeply frozen, without rules. `print` makes `.msg` text of it.
 * @throws {HoldfastError} `invalid-argument` where the URL or an option can't be used; `unreachable`, `certificate`,
 * `unauthorized`, `unknown-service`, `no-credentials`, `protocol`, `limit`, `timeout`, `disconnected`, `cancelled`.
 *
 * @example
 * ```ts
 * import { describe, memoryNetwork, parse, print, serve } from "holdfast";
 *
 * const network = memoryNetwork();
 * const definition = parse("Ping < id: int > service Test/Ping { auth all receives Ping }");
 * await using server = await serve(definition, { cert: "", key: "", network, messages: { Ping: () => {} } });
 * console.log(print(await describe(server.url, { network })));
 * ```
 */
export async function describe(url: string | readonly string[], options: DescribeOptions = {}): Promise<Definition> {
  checkNames("describe", options, Object.keys(KNOWN));
  checkOptions(options);
  const addresses = (typeof url === "string" ? [url] : url).map((one) => parseAddress(one));
  let failure = new HoldfastError("invalid-argument", "There is no address to ask at.");
  for (const address of addresses) {
    try {
      return await ask(address, options);
    } catch (error) {
      failure = HoldfastError.from(error);
      if (options.signal?.aborted === true) break;
    }
  }
  throw failure;
}

/** Goes through the handshake up to the definition, and calls it off there. */
async function ask(address: Address, options: DescribeOptions): Promise<Definition> {
  let told: Definition | undefined;
  const link = {
    network: options.network ?? nativeNetwork(),
    clock: options.clock ?? systemClock,
    limits: completeLimits(options.limits),
    log: consoleLog,
    ca: options.ca,
    crl: options.crl,
    credentials: new ClientCredentials(options.certificate, options.token, options.group),
    known: undefined,
    args: {},
    resumable: false,
    find: () => undefined,
    translate: (definition: Definition) => {
      told = definition;
      // Whoever can't use the definition leaves before it asks for a session.
      throw new HoldfastError("closed", "The service has told its definition.");
    },
  };
  try {
    await openLink(link, {
      address,
      translation: undefined,
      identity: "",
      former: undefined,
      signal: options.signal ?? new AbortController().signal,
      resumes: false,
      events: { goingAway: () => {}, ended: () => {} },
      stale: () => {},
      broken: () => {},
    });
  } catch (error) {
    if (told === undefined) throw error;
  }
  // A service lets nobody in who holds no definition, without telling its own: `openLink` sees to that.
  return told!;
}
