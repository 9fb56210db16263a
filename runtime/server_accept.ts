/**
 * What becomes of a stream that a service accepts: a line of the native protocol, or one that speaks DISET.
 *
 * @module
 */

import { Doorstep, type OpenLink } from "./diset/doorstep.ts";
import { full } from "./diset/refusals.ts";
import type { DisetService } from "./diset/service.ts";
import { DisetServiceLink } from "./diset/service_link.ts";
import { HoldfastError } from "./errors.ts";
import type { Service } from "./monitoring/snapshot.ts";
import type { ServerCore } from "./server_core.ts";
import { ServiceLink } from "./service_link.ts";
import { ALPN, type Stream, type StreamEvents } from "./transport/transport.ts";

/** Who accepts. */
export interface Accepting extends Service {
  /** What is offered beside it, to whoever may watch it. */
  readonly monitor: Service | undefined;
  /** For clients that speak DISET; `undefined` where it is not spoken. */
  readonly diset: DisetService | undefined;
  /** Where they reach the service. */
  readonly url: (protocol: "dip" | "dips") => string;
}

/** Accepts a stream over TLS. */
export function acceptTls(accepting: Accepting, stream: Stream): StreamEvents {
  const { core, diset } = accepting;
  if (isOverfull(core)) return turnAway(stream);
  const since = core.clock.now();
  if (diset === undefined || stream.alpn === ALPN) return native(accepting, stream, since);
  return new Doorstep(core, stream, (isDiset) => {
    return isDiset ? original(accepting, diset, stream, since, false) : native(accepting, stream, since);
  });
}

/** Accepts a stream without TLS, over which only DISET is spoken. */
export function acceptPlain(accepting: Accepting & { readonly diset: DisetService }, stream: Stream): StreamEvents {
  if (isOverfull(accepting.core)) return turnAway(stream);
  return original(accepting, accepting.diset, stream, accepting.core.clock.now(), true);
}

function native(accepting: Accepting, stream: Stream, since: number): OpenLink {
  const link = new ServiceLink(accepting, accepting.monitor, stream, since);
  if (isFull(accepting.core)) {
    link.end(new HoldfastError("limit", "The service has as many connections as it takes: try again later."));
  }
  return link;
}

function original(
  { core, sessions, url }: Accepting,
  diset: DisetService,
  stream: Stream,
  since: number,
  plain: boolean,
): OpenLink {
  const options = { server: core, diset, store: sessions, stream, plain, since, url: url(plain ? "dip" : "dips") };
  const link = new DisetServiceLink(options);
  if (isFull(core)) link.end(full());
  return link;
}

/** Whether there are more than may be, the newest among them. */
function isFull({ limits: { connections, handshakes }, links, shaking }: ServerCore): boolean {
  return links.size > connections || shaking.size > handshakes;
}

/** To say that all is full takes a while: not even that is done for any number of them. */
function isOverfull({ limits: { connections, handshakes }, links }: ServerCore): boolean {
  return links.size >= connections + handshakes;
}

function turnAway(stream: Stream): StreamEvents {
  stream.destroy();
  return { data() {}, closed() {} };
}
