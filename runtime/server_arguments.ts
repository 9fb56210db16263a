/**
 * What is given to `serve`, looked at: not everybody has TypeScript to say what is wrong with it.
 *
 * @module
 */

import type { Definition, ServiceTypes } from "../idl/definition.ts";
import { HoldfastError } from "./errors.ts";
import type { Log } from "./log.ts";
import { checkFunctions, checkNames, suggestion } from "./names.ts";
import type { ServiceHandler } from "./server_core.ts";
import type { Handlers, ServeOptions } from "./server_options.ts";
import { checkTelemetry } from "./telemetry/check.ts";

const KNOWN: Readonly<Record<keyof ServeOptions<ServiceTypes>, true>> = {
  hostname: true,
  port: true,
  reusePort: true,
  cert: true,
  key: true,
  listenTls: true,
  renewable: true,
  clientCertificates: true,
  tokens: true,
  registry: true,
  rules: true,
  messages: true,
  monitor: true,
  onConnect: true,
  onDrop: true,
  resume: true,
  slowClients: true,
  limits: true,
  log: true,
  telemetry: true,
  signal: true,
  network: true,
  clock: true,
  diset: true,
};

/**
 * Checks what can be checked before anything is done with it.
 *
 * @throws {HoldfastError} `invalid-argument`
 */
export function checkArguments<T extends ServiceTypes>(definition: Definition<T>, options: ServeOptions<T>): void {
  const invalid = (text: string) => new HoldfastError("invalid-argument", text);
  if (typeof definition !== "object" || typeof definition?.shape?.service !== "string") {
    throw invalid("serve() takes a definition first: one from a compiled .msg file, or from parse(text).");
  }
  if (typeof options !== "object" || options === null) {
    throw invalid("serve() takes options after the definition: { cert, key, messages } at the least.");
  }
  checkNames("serve()", options, Object.keys(KNOWN));
  for (const name of ["cert", "key"] as const) {
    if (typeof options[name] !== "string") throw invalid(`The option "${name}" is missing: the text of a PEM file.`);
  }
  if (typeof options.messages !== "object" || options.messages === null) {
    throw invalid('The option "messages" is missing: an object with a handler for each message.');
  }
  const { clientCertificates, monitor, port = 0, registry, rules, tokens } = options;
  if (clientCertificates !== undefined && typeof clientCertificates?.ca !== "string") {
    throw invalid(
      'The option "clientCertificates" needs "ca": the certificates of authorities, the text of a PEM file.',
    );
  }
  if (tokens !== undefined && typeof tokens !== "function") {
    throw invalid('The option "tokens" must be a function that checks a token: jwtVerifier makes one.');
  }
  if (registry !== undefined && typeof registry !== "function" && typeof registry?.find !== "function") {
    throw invalid(
      'The option "registry" must be a function, or an object with one called "find": fileRegistry makes one.',
    );
  }
  checkFunctions(options, ["log", "onConnect", "onDrop"]);
  checkTelemetry(options.telemetry);
  if (rules !== undefined && (typeof rules !== "object" || rules === null)) {
    throw invalid('The option "rules" must be an object: { "receives Job": "group:production" }.');
  }
  if (monitor !== undefined && typeof monitor?.auth !== "string" && !Array.isArray(monitor?.auth)) {
    throw invalid('The option "monitor" needs "auth", which says who may watch: { "auth": "group:operator" }.');
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw invalid(`The port is ${JSON.stringify(port)}: it must be a whole number from 0 to 65535.`);
  }
}

/** Looks up handlers by name, and refuses names that the service does not receive. */
export function readHandlers<T extends ServiceTypes>(
  definition: Definition<T>,
  handlers: Handlers<T>,
): Map<string, ServiceHandler> {
  const received = definition.shape.messages.filter(({ receives }) => receives !== undefined).map(({ name }) => name);
  const found = new Map<string, ServiceHandler>();
  for (const [name, handler] of Object.entries(handlers)) {
    if (!received.includes(name)) {
      throw new HoldfastError(
        "invalid-argument",
        `There is a handler for ${JSON.stringify(name)}, which ${definition.shape.service} does not receive.`
          + suggestion(name, received),
      );
    }
    if (typeof handler !== "function") {
      throw new HoldfastError("invalid-argument", `The handler for ${name} is no function.`);
    }
    found.set(name, handler as ServiceHandler);
  }
  return found;
}

/**
 * Says for which messages nobody has given a handler. TypeScript says so where it knows the definition; who reads it
 * while running may mean to serve a part of it, so that this is no error.
 */
export function warnOfUnhandled({ shape }: Definition, handlers: ReadonlyMap<string, unknown>, log: Log): void {
  const unhandled = shape.messages.filter(({ name, receives }) => receives !== undefined && !handlers.has(name));
  if (unhandled.length === 0) return;
  const names = unhandled.map(({ name }) => name).join(", ");
  log({
    level: "warning",
    message:
      `${shape.service} has no handler for ${names}: a client that sends a message of these is disconnected, and a `
      + 'request of these fails, both with "no-handler". Give the option "messages" a function for each.',
  });
}
