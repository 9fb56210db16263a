/**
 * Holdfast, with a request and its reply instead of two messages: there is a promise for each.
 *
 * @module
 */

import type { Candidate } from "./candidate.ts";
import { holdfast } from "./holdfast.ts";

/** See the module's text. */
export const candidate: Candidate = holdfast("requests");
