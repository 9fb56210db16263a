/**
 * The definitions that services have told this process. A client without a definition of its own begins with what it
 * knows, and names it by its hash: a service that has another one by now, or for this client, tells that instead.
 *
 * @module
 */

import type { Definition } from "../idl/definition.ts";
import type { Address } from "./address.ts";
import type { Shown } from "./client_credentials.ts";
import type { Network } from "./transport/transport.ts";

/** How many are remembered. */
const MOST = 64;

/** Longer ones are not remembered, in bytes on the wire. */
const LONGEST = 64 * 1024;

/** A definition, and how long it was on the wire. */
export interface Known {
  readonly definition: Definition;
  readonly size: number;
}

/** Remembers which definition a service has told last, to whom: what it tells depends on who asks. */
export class KnownDefinitions {
  /** By address and client; the oldest first. */
  readonly #known = new Map<string, Known>();

  /**
   * Finds what a service has told.
   *
   * @param address Where the service is.
   * @param shown What the client shows of itself.
   * @param longest How many bytes a definition may take on the wire.
   */
  of(address: Address, shown: Shown, longest: number): Definition | undefined {
    const known = this.#known.get(keyOf(address, shown));
    return known !== undefined && known.size <= longest ? known.definition : undefined;
  }

  /**
   * Remembers what a service has told. Not what it has told to a client with a token: tokens are not to be kept.
   *
   * @param address Where the service is.
   * @param shown What the client shows of itself.
   * @param told What it has told.
   */
  remember(address: Address, shown: Shown, told: Known): void {
    if (shown.token !== undefined) return;
    const key = keyOf(address, shown);
    this.#known.delete(key);
    if (told.size > LONGEST) return;
    this.#known.set(key, told);
    if (this.#known.size > MOST) this.#known.delete(this.#known.keys().next().value!);
  }
}

/** No client with a token is found by this. */
function keyOf({ hostname, port, service }: Address, { certificate, token, wanted = "" }: Shown): string {
  return token === undefined ? [hostname, port, service, wanted, certificate?.cert].join("\n") : "";
}

const overNative = new KnownDefinitions();
const overOthers = new WeakMap<Network, KnownDefinitions>();

/**
 * What is known of the services that are reached over a network.
 *
 * @param network The network; `undefined` for the runtime's own.
 */
export function knownDefinitions(network: Network | undefined): KnownDefinitions {
  if (network === undefined) return overNative;
  let known = overOthers.get(network);
  if (known === undefined) overOthers.set(network, known = new KnownDefinitions());
  return known;
}
