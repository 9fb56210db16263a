/**
 * What `holdfast top` can be told.
 *
 * @module
 */

import type { TrustOptions } from "../live/options.ts";

/** What sessions can be listed by: as users write it, and as the service calls it. */
export const ORDERS = {
  waiting: "waiting",
  unacknowledged: "unacknowledged",
  rate: "rate",
  traffic: "traffic",
  requests: "requests",
  "round-trip": "roundTrip",
  silence: "silence",
  age: "age",
} as const;

/** How to watch. */
export interface TopOptions extends TrustOptions {
  readonly sort: keyof typeof ORDERS;
  /** In seconds. */
  readonly every: number;
  readonly limit: number;
  readonly once?: true;
  readonly json?: true;
}
