/**
 * ws and JSON.
 *
 * @module
 */

import type { Candidate } from "../candidates/candidate.ts";
import { fromText, toText } from "./texts.ts";
import { webSocket } from "./ws.ts";

/** See the module's text. */
export const candidate: Candidate = webSocket((kind) => ({
  write: (type, message) => toText(kind, type, message),
  read: (data) => fromText(kind, String(data)),
}));
