/**
 * Holdfast on a service that uses `node:tls` also where the runtime has TLS of its own: one that asks for certificates, or
 * whose own can be replaced.
 *
 * @module
 */

import type { Candidate } from "./candidate.ts";
import { holdfast } from "./holdfast.ts";

/** See the module's text. */
export const candidate: Candidate = holdfast("messages", true);
