/**
 * Whether a client may go on with a session that is there.
 *
 * @module
 */

import type { Access } from "./access.ts";
import type { Principal } from "./principal.ts";
import type { ServiceSession } from "./service_session.ts";
import type { Gap } from "./wire/wire.ts";

/** Where a client stands that does not know of its session. */
export const FROM_THE_START: Gap = { received: 0, oldest: 1 };

/** Whether a session can go on for somebody who may do what `access` says, and stands where `gap` says. */
export function canGoOn(session: ServiceSession, { identified, rights, view }: Access, gap: Gap): boolean {
  const { access, carrier } = session;
  // What it was sent, and what it has sent, was judged by what it might do then.
  if (view !== access.view || !access.rights.isWithin(rights)) return false;
  if (!isWithin(access.principal, identified.principal)) return false;
  return carrier.resumable && carrier.session.canResume(gap);
}

/**
 * Whether the client of a session may not know of it: it was let in, and has sent no counted frame since, nor said that
 * it has received one.
 */
export function isUnanswered({ carrier: { session }, connection }: ServiceSession): boolean {
  return connection.status.state !== "connecting" && session.gap.received === 0 && !session.isLate(FROM_THE_START);
}

/** Whether somebody who comes back acts as `onConnect` has seen it: in the same group, and by no lesser proxy. */
function isWithin(former: Principal, now: Principal): boolean {
  return former.group === now.group && (former.limited || !now.limited);
}
