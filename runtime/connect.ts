/**
 * Connecting in one call.
 *
 * @module
 */

import type { Definition, ServiceTypes, UnknownService } from "../idl/definition.ts";
import { Client, type ConnectOptions } from "./client.ts";

/**
 * Connects to a service.
 *
 * @param url `tls://HOST:PORT/System/Component`; several are tried in turn.
 * @param options Whom to trust, what to tell the service, what to do with messages.
 * @returns A client that is connected, and has learned the service's definition.
 * @throws {HoldfastError} As the constructor of {@link Client} and its `connect`.
 *
 * @example See `serve`.
 */
export function connect(
  url: string | readonly string[],
  options?: ConnectOptions<UnknownService>,
): Promise<Client<UnknownService>>;
/**
 * Connects to a service whose definition this client was compiled from, or an older or newer one.
 *
 * @param url `tls://HOST:PORT/System/Component`; several are tried in turn.
 * @param definition What this client was compiled from.
 * @param options Whom to trust, what to tell the service, what to do with messages.
 * @returns A client that is connected.
 * @throws {HoldfastError} As the constructor of {@link Client} and its `connect`.
 */
export function connect<T extends ServiceTypes>(
  url: string | readonly string[],
  definition: Definition<T>,
  options?: ConnectOptions<T>,
): Promise<Client<T>>;
export async function connect(
  url: string | readonly string[],
  ...rest: readonly (Definition | ConnectOptions<UnknownService> | undefined)[]
): Promise<Client<UnknownService>> {
  const [first, second] = rest;
  const [definition, options] = first !== undefined && "shape" in first
    ? [first, second as ConnectOptions<UnknownService> | undefined]
    : [undefined, (first ?? second) as ConnectOptions<UnknownService> | undefined];
  const client = new Client<UnknownService>(url, definition, options);
  await client.connect();
  return client;
}
