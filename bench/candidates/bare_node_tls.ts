/**
 * Bare frames to a service on `node:tls`, and a callback.
 *
 * @module
 */

import { bare } from "./bare/bare.ts";
import { mixedTransport } from "./bare/native.ts";
import type { Candidate } from "./candidate.ts";

/** See the module's text. */
export const candidate: Candidate = bare(mixedTransport, false);
