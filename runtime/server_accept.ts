/**
 * What becomes of a stream that a service accepts: a line of the native protocol, or one that speaks DISET.
 *
 * @module
 */

import { Doorstep, type OpenLink } from "./diset/doorstep.ts";
import { full as fullForDiset } from "./diset/refusals.ts";
import type { DisetService } from "./diset/service.ts";
import { DisetServiceLink } from "./diset/service_link.ts";
import { HoldfastError } from "./errors.ts";
import type { Service } from "./monitoring/snapshot.ts";
import type { ServerCore } from "./server_core.ts";
import { ServiceLink } from "./service_link.ts";
import { ALPN, type Stream, type StreamEvents } from "./transport/transport.ts";

/**
 * How many lines there may be beside `connections`, of those who watch: a service that is full is one to look at. Until
 * it is known whom it serves, a line may take such a place whatever it is for, monitor or not: so nobody learns of one.
 */
const PLACES_TO_WATCH = 16;

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
  const { connections, handshakes } = accepting.core.limits;
  const { links, shaking } = accepting.core;
  if (links.size > connections + PLACES_TO_WATCH || shaking.size > handshakes) link.end(full());
  else if (isFull(accepting)) link.onlyToWatch(full());
  return link;
}

function full(): HoldfastError {
  return new HoldfastError("limit", "The service has as many connections as it takes: try again later.");
}

function original(
  accepting: Accepting,
  diset: DisetService,
  stream: Stream,
  since: number,
  plain: boolean,
): OpenLink {
  const { core, sessions, url } = accepting;
  const options = { server: core, diset, store: sessions, stream, plain, since, url: url(plain ? "dip" : "dips") };
  const link = new DisetServiceLink(options);
  if (isFull(accepting)) link.end(fullForDiset());
  return link;
}

/** Whether there are more than may be, the newest among them. */
function isFull({ core: { limits: { connections, handshakes }, links, shaking }, monitor }: Accepting): boolean {
  const watching = Math.min(monitor?.core.links.size ?? 0, PLACES_TO_WATCH);
  return links.size - watching > connections || shaking.size > handshakes;
}

/** To say that all is full takes a while: not even that is done for any number of them. */
function isOverfull({ limits: { connections, handshakes }, links }: ServerCore): boolean {
  return links.size >= connections + handshakes;
}

function turnAway(stream: Stream): StreamEvents {
  stream.destroy();
  return { data() {}, closed() {} };
}
