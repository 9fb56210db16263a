/**
 * Where a service is.
 *
 * @module
 */

import { HoldfastError } from "./errors.ts";

/** Our own protocol; or the original's, with TLS or without. */
export type Protocol = "tls" | "dips" | "dip";

/** What a URL such as `tls://localhost:9145/Framework/PingPong` says. */
export interface Address {
  readonly url: string;
  readonly protocol: Protocol;
  readonly hostname: string;
  readonly port: number;
  /** The service's name, as `System/Component`. */
  readonly service: string;
}

const FORM = "://HOST:PORT/System/Component";

/**
 * Reads a service's URL.
 *
 * @param text `tls://HOST:PORT/System/Component`, or another protocol in the place of `tls`.
 * @param protocols Those that may be spoken.
 * @throws {HoldfastError} `invalid-argument`, which says what is wrong with it.
 */
export function parseAddress(text: string, protocols: readonly Protocol[] = ["tls"]): Address {
  const invalid = (why: string) => notAddress(text, why, protocols);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid("it is no URL");
  }
  const protocol = protocols.find((one) => url.protocol === `${one}:`);
  if (protocol === undefined) throw invalid(`it does not begin with ${protocols[0]}://`);
  if (url.hostname === "") throw invalid("it has no host");
  if (url.port === "") throw invalid("it has no port");
  if (url.port === "0") throw invalid("nobody listens on port 0");
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw invalid("it has a user, a query or a fragment");
  }
  const service = url.pathname.slice(1);
  if (!/^[A-Za-z_]\w*\/[A-Za-z_]\w*$/.test(service)) throw invalid("its path is no name of a service");
  return { url: text, protocol, hostname: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port), service };
}

function notAddress(text: string, why: string, [first, ...others]: readonly Protocol[]): HoldfastError {
  // What does not belong into an address may be a password, or a token.
  const shown = JSON.stringify(text.replace(/\/\/.*@/, "//…@").replace(/[?#].*/s, "…"));
  const instead = others.length === 0 ? "" : `, or the same with ${others.map((one) => `${one}://`).join(" or ")}`;
  return new HoldfastError(
    "invalid-argument",
    `${shown} is no address of a service: ${why}. It is ${first}${FORM}${instead}.`,
  );
}

/** Writes an address: `127.0.0.1:9145`, `[::1]:9145`. */
export function formatAddress({ hostname, port }: { readonly hostname: string; readonly port: number }): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
