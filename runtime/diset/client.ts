/**
 * What makes a client one of the original's services.
 *
 * @module
 */

import type { Definition } from "../../idl/definition.ts";
import type { Address } from "../address.ts";
import type { ClientOptions } from "../client_options.ts";
import { HoldfastError } from "../errors.ts";
import type { ValueLimits } from "../limits.ts";
import type { Network } from "../transport/transport.ts";
import { MessageTable } from "../wire/diset/table.ts";
import type { DisetClient } from "./client_link.ts";
import { readDisetClientOptions } from "./client_options.ts";

/**
 * What a client needs for services of the original's.
 *
 * @param plain Streams without TLS.
 * @returns `undefined` if it has none of their addresses.
 * @throws {HoldfastError} `invalid-argument` where it can't be one of theirs.
 */
export function disetClient(
  addresses: readonly Address[],
  own: Definition | undefined,
  { certificate, diset, group, token }: ClientOptions,
  limits: ValueLimits,
  plain: Pick<Network, "connect">,
): DisetClient | undefined {
  const isDiset = addresses.map(({ protocol }) => protocol !== "tls");
  const isMeant = isDiset.includes(true);
  if (diset === undefined && !isMeant) return undefined;
  // Looked at wherever it is given: what is wrong is not to come to light with another address.
  const spoken = readDisetClientOptions(diset === undefined ? {} : diset, group);
  if (!isMeant) return undefined;
  const invalid = (text: string) => new HoldfastError("invalid-argument", text);
  if (isDiset.includes(false)) throw invalid("Addresses that are tried in turn must all be tls://, or none of them.");
  if (token !== undefined) throw invalid("DIRAC's protocol has no tokens: show a certificate or a proxy.");
  if (own === undefined) {
    throw invalid(
      "A service of DIRAC's does not tell its messages: give the definition compiled from a .msg file, as in "
        + "connect(url, definition, options).",
    );
  }
  if (addresses.some(({ protocol }) => protocol === "dip") && certificate !== undefined) {
    throw invalid(
      "dip:// has no TLS, by which a certificate could be shown: use dips://, or leave the certificate out.",
    );
  }
  return { ...spoken, table: new MessageTable(own, limits), plain };
}
