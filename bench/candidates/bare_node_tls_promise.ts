/**
 * Bare frames over `node:tls`, with a promise for each request.
 *
 * @module
 */

import { bare } from "./bare/bare.ts";
import { nodeTransport } from "./bare/node.ts";
import type { Candidate } from "./candidate.ts";

/** See the module's text. */
export const candidate: Candidate = bare(nodeTransport, true);
