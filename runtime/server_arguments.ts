/**
 * What is given to `serve`, looked at: not everybody has TypeScript to say what is wrong with it.
 *
 * @module
 */

import type { Definition, ServiceTypes } from "../idl/definition.ts";
import { HoldfastError } from "./errors.ts";
import { suggestion } from "./names.ts";
import type { ServiceHandler } from "./server_core.ts";
import type { Handlers, ServeOptions } from "./server_options.ts";

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
  for (const name of ["cert", "key"] as const) {
    if (typeof options[name] !== "string") throw invalid(`The option "${name}" is missing: the text of a PEM file.`);
  }
  if (typeof options.messages !== "object" || options.messages === null) {
    throw invalid('The option "messages" is missing: an object with a handler for each message.');
  }
  const { port = 0 } = options;
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
