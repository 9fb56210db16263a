/**
 * How a session stands, in numbers. They are taken from what the session keeps anyway, when somebody asks.
 *
 * @module
 */

import type { Incoming } from "./incoming.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Requests } from "./requests.ts";
import type { Traffic } from "./traffic.ts";

/** See the module's text. Frames are messages, requests and answers. */
export interface Measures {
  readonly framesSent: number;
  readonly framesReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Frames sent of which the peer has not said that they have arrived. */
  readonly unacknowledged: number;
  /** Frames sent of which the peer has not said that they were handled. */
  readonly unhandled: number;
  /** Bytes that the peer takes before it has started them. */
  readonly window: number;
  /** Bytes of these that are taken. */
  readonly windowUsed: number;
  /** Frames that wait at this side until they may go. */
  readonly waiting: number;
  /** Bytes of these, and of those that the stream has no room for. */
  readonly waitingBytes: number;
  /** Messages that have given way to newer ones. */
  readonly dropped: number;
  /** Bytes held for the peer: to be sent, or to be sent again after a break. */
  readonly held: number;
  /** Handlers that run for what the peer has sent. */
  readonly running: number;
  /** Frames of the peer's whose handlers have not begun. */
  readonly parked: number;
  readonly parkedBytes: number;
  /** Requests of this side without an answer. */
  readonly requestsSent: number;
  /** Requests of the peer's without an answer. */
  readonly requestsReceived: number;
  /** How long the peer took to answer the last PING, in milliseconds. */
  readonly roundTrip: number | undefined;
  /** When something came last, by the clock of whoever carries the session. */
  readonly heardAt: number;
}

/** Where the numbers are. */
export interface Measured {
  readonly outgoing: Outgoing;
  readonly incoming: Incoming;
  readonly requests: Requests;
  readonly traffic: Traffic;
  /** How many bytes the peer takes before it has started them. */
  readonly window: number;
  /** How many bytes are held for the peer. */
  readonly held: number;
  /** How many of them wait for the stream to have room. */
  readonly pending: number;
}

/** Takes the numbers. */
export function measure({ held, incoming, outgoing, pending, requests, traffic, window }: Measured): Measures {
  const { bytesReceived, bytesSent, heardAt, roundTrip } = traffic;
  return {
    framesSent: outgoing.sent,
    framesReceived: incoming.received,
    bytesSent,
    bytesReceived,
    unacknowledged: outgoing.sent - outgoing.received,
    unhandled: outgoing.sent - outgoing.outcome().handled,
    window,
    windowUsed: outgoing.unstarted.bytes,
    waiting: outgoing.waiting,
    waitingBytes: outgoing.waitingBytes + pending,
    dropped: outgoing.dropped,
    held,
    running: incoming.running.size,
    parked: incoming.parked,
    parkedBytes: incoming.parkedBytes,
    requestsSent: outgoing.pendingRequests,
    requestsReceived: requests.unanswered,
    roundTrip,
    heardAt,
  };
}
