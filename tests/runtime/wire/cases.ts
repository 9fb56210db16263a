/**
 * What every wire must do, in one suite. A wire's own test files say how, byte by byte.
 *
 * @module
 */

import { describe } from "node:test";
import { conversationCases } from "./cases/conversation.ts";
import { cuttingCases } from "./cases/cutting.ts";
import { refusalCases } from "./cases/refusals.ts";
import { valueCases } from "./cases/values.ts";
import type { WireSubject } from "./subject.ts";

/** Declares the tests. */
export function wireCases(subject: WireSubject): void {
  describe(`${subject.title}, as any wire`, () => {
    for (const codec of subject.codecs) {
      describe(codec.title, () => {
        valueCases(codec);
        refusalCases(codec);
      });
    }
    cuttingCases(subject);
    conversationCases(subject);
  });
}
