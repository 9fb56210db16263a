/**
 * What each runtime throws when listening, connecting or a stream fails, in Holdfast's own words.
 *
 * Node and Bun give codes. Deno gives classes, and where the class says too little, rustls's sentence.
 *
 * @module
 */

import { HoldfastError } from "../errors.ts";

/** Where something went wrong. */
export interface Address {
  /** The name or address. */
  readonly hostname: string;
  /** The port. */
  readonly port: number;
}

/** OpenSSL's reasons not to trust a certificate, by Node's and Bun's codes; others contain the word. */
const DISTRUST =
  /^(?!ERR_SSL_|ERR_OSSL_)(?:.*CERT.*|.*SIGNATURE|.*CRL.*|HOSTNAME_MISMATCH|EMAIL_MISMATCH|IP_ADDRESS_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|SUBTREE_MINMAX|PERMITTED_VIOLATION|EXCLUDED_VIOLATION|UNSPECIFIED)$/;

/**
 * Says why no stream could be opened.
 *
 * @param error What the runtime threw; `undefined` if it only closed the socket.
 * @param to Where to.
 * @returns `certificate`, `protocol`, `invalid-argument` or `unreachable`.
 */
export function connectError(error: unknown, to: Address): HoldfastError {
  if (error instanceof HoldfastError) return error;
  const { code, name, message } = describe(error);
  const options = error === undefined ? {} : { cause: error };
  const address = format(to);

  const isDistrust = DISTRUST.test(code) || message.startsWith("invalid peer certificate")
    // Bun's TLS looks at this one before it looks at the rest.
    || /KEY_USAGE_BIT_INCORRECT/.test(code + message);
  if (isDistrust) {
    return new HoldfastError(
      "certificate",
      `The certificate of ${address} is not to be trusted: ${reason(message)}. ${remedy(`${code} ${message}`, to)}`,
      options,
    );
  }
  if (/no_?application_?protocol/i.test(code + message)) return noCommonProtocol(to, options);
  if (/^ERR_SSL_|^EPROTO$/.test(code) || name === "InvalidData") {
    return new HoldfastError(
      "protocol",
      `${address} does not speak TLS as this client does: ${reason(message)}. Check that the port is that of a `
        + "Holdfast service.",
      options,
    );
  }
  if (isMistake(code, name)) {
    return new HoldfastError(
      "invalid-argument",
      `${address} is not an address to connect to. Give a host's name or address, and a port from 1 to 65535.`,
      options,
    );
  }
  if (code === "ECONNREFUSED") {
    return new HoldfastError(
      "unreachable",
      `Nobody listens at ${address}. Start the service, or check the address.`,
      options,
    );
  }
  if (/^ENOTFOUND$|^EAI_/.test(code) || message.includes("failed to lookup address")) {
    return new HoldfastError("unreachable", `There is no host '${to.hostname}'. Check the name.`, options);
  }
  if (error === undefined || /^(ECONNRESET|EPIPE)$/.test(code) || name === "UnexpectedEof") {
    return new HoldfastError(
      "unreachable",
      `${address} closed the connection before TLS was ready. Check that the port is that of a Holdfast service, and `
        + "that it is up.",
      options,
    );
  }
  return new HoldfastError(
    "unreachable",
    `There is no connection to be had to ${address}: ${reason(message)}. Check the address and the network.`,
    options,
  );
}

/**
 * Says why an attempt could not even begin.
 *
 * @param error What the runtime threw.
 * @param to Where to.
 * @returns `invalid-argument`, as a rule; without a cause where that may be about a key.
 */
export function startError(error: unknown, to: Address): HoldfastError {
  const { code, message } = describe(error);
  if (!/^ERR_(SSL|OSSL)_/.test(code)) return connectError(error, to);
  return unusable("The certificate to be shown ('certificate')", "clients", message);
}

/**
 * Says why a service can't begin to listen with its certificate.
 *
 * @param error What the runtime threw.
 * @returns `invalid-argument`.
 */
export function certificateError(error: unknown): HoldfastError {
  return unusable("The certificate ('cert')", "services", describe(error).message);
}

/** Without a cause: a runtime's own error may have the key in it. */
function unusable(what: string, whom: string, message: string): HoldfastError {
  return new HoldfastError(
    "invalid-argument",
    `${what} can't be used: ${reason(message)}. Give one that is for ${whom}, with a key for signatures.`,
  );
}

/**
 * The other side speaks TLS, and none of this client's protocols inside it.
 *
 * @param to Where to.
 * @param options What led to it.
 * @returns `protocol`.
 */
export function noCommonProtocol(to: Address, options: { readonly cause?: unknown } = {}): HoldfastError {
  return new HoldfastError(
    "protocol",
    `${format(to)} speaks TLS, but none of this client's protocols. Check that the port is that of a Holdfast service.`,
    options,
  );
}

/**
 * An attempt to connect was called off.
 *
 * @param signal The signal that did so.
 * @returns `cancelled`.
 */
export function cancelled(signal: AbortSignal): HoldfastError {
  return new HoldfastError("cancelled", "Connecting was called off.", { cause: signal.reason });
}

/**
 * Says why it can't be listened there.
 *
 * @param error What the runtime threw.
 * @param at Where.
 * @returns `invalid-argument`.
 */
export function listenError(error: unknown, at: Address): HoldfastError {
  if (error instanceof HoldfastError) return error;
  const { code, name, message } = describe(error);
  const address = format(at);
  let text: string;
  if (isMistake(code, name)) {
    text = `${address} is not an address to listen on. Give an address of this machine, and a port from 0 to 65535.`;
  } else if (code === "EADDRINUSE") {
    text = `${address} is taken. Stop who listens there, or choose another port (0 for any).`;
  } else if (code === "EACCES") text = `${address} is not allowed to this process. Choose a port from 1024 on.`;
  else if (/^(EADDRNOTAVAIL|EINVAL|ENOTFOUND)$|^EAI_/.test(code) || message.includes("failed to lookup address")) {
    text = `This machine has no address '${at.hostname}'. Listen on one that it has, or on '0.0.0.0' for all.`;
  } else text = `Can't listen on ${address}: ${reason(message)}. Choose another address or port.`;
  return new HoldfastError("invalid-argument", text, { cause: error });
}

/**
 * Says what broke an open stream.
 *
 * @param error What the runtime told.
 * @returns `disconnected`, with the runtime's own words.
 */
export function streamError(error: unknown): HoldfastError {
  return new HoldfastError("disconnected", reason(describe(error).message), { cause: error });
}

function describe(error: unknown): { readonly code: string; readonly name: string; readonly message: string } {
  const { code, name, message } = (error ?? {}) as { code?: unknown; name?: unknown; message?: unknown };
  return { code: String(code ?? ""), name: String(name ?? ""), message: String(message ?? "") };
}

function format({ hostname, port }: Address): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

/** The runtime's own words, without what only its makers understand. */
function reason(message: string): string {
  const openssl = /error:[0-9A-F]+:[^:]*:[^:]*:([^:\n]+)/i.exec(message)?.[1];
  const words = openssl?.toLowerCase().replaceAll("_", " ") ?? message.replace(/^invalid peer certificate: /, "");
  return words.trim().replace(/\.$/, "") || "the runtime does not say why";
}

function remedy(why: string, to: Address): string {
  if (/expired/i.test(why)) return "Renew the service's certificate, or set this machine's clock.";
  if (/not valid yet|not yet valid|NOT_YET_VALID/i.test(why)) {
    return "Set this machine's clock, or wait until the certificate is valid.";
  }
  if (/ALTNAME|MISMATCH|not valid for name/i.test(why)) {
    return `Connect by a name that the certificate has, or give the service a certificate for '${to.hostname}'.`;
  }
  return "Tell the client which authority to trust ('ca'), or give the service a certificate of one that it trusts.";
}

function isMistake(code: string, name: string): boolean {
  return /^ERR_(OUT_OF_RANGE|SOCKET_BAD_PORT|INVALID_ARG)/.test(code) || name === "RangeError" || name === "TypeError";
}

/** The error of a listener that was not asked to be renewable. */
export function notRenewable(runtime: string): HoldfastError {
  return new HoldfastError(
    "invalid-argument",
    `${runtime}'s own TLS can't replace a certificate while it is in use. Serve with 'renewable: true'.`,
  );
}

/** The error where an X.509 proxy is to be shown or taken, on Deno. */
export function noProxies(): HoldfastError {
  return new HoldfastError(
    "invalid-argument",
    "Deno's TLS can neither show nor take an X.509 proxy: it refuses what it does not know. Use Bun or Node for this "
      + "program, or a certificate that is no proxy.",
  );
}

/** The error of a service that is to use `Deno.listenTls` for what that can't do. */
export function onlyByNode(): HoldfastError {
  return new HoldfastError(
    "invalid-argument",
    "Deno.listenTls can neither replace a certificate while it is in use nor ask clients for theirs. Leave 'listenTls' out.",
  );
}

/** The error of a service that is to use `Deno.listenTls` where there is none. */
export function onlyOnDeno(): HoldfastError {
  return new HoldfastError("invalid-argument", "There is no Deno.listenTls here. Leave 'listenTls' out.");
}
