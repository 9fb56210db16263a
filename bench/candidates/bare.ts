/**
 * Bare frames over the runtime's own TLS, and a callback.
 *
 * @module
 */

import { bare } from "./bare/bare.ts";
import { nativeTransport } from "./bare/native.ts";
import type { Candidate } from "./candidate.ts";

/** See the module's text. */
export const candidate: Candidate = bare(nativeTransport, false);
