/**
 * Bare frames to a service on `node:tls`, with a promise for each request.
 *
 * @module
 */

import { bare } from "./bare/bare.ts";
import { mixedTransport } from "./bare/native.ts";
import type { Candidate } from "./candidate.ts";

/** See the module's text. */
export const candidate: Candidate = bare(mixedTransport, true);
