/**
 * ws and msgpackr. Names of fields travel once for a connection and direction.
 *
 * @module
 */

import { Packr } from "msgpackr";
import type { Candidate } from "../candidates/candidate.ts";
import { webSocket } from "./ws.ts";

/** See the module's text. */
export const candidate: Candidate = webSocket(() => {
  const writer = new Packr({ sequential: true });
  const reader = new Packr({ sequential: true });
  return {
    write: (type, message) => writer.pack([type, message]),
    read: (data) => reader.unpack(data),
  };
});
