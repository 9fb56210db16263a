/**
 * Gets a small text from an HTTPS address.
 *
 * By `node:https`, which all runtimes have, rather than by `fetch`: there, each runtime has a way of its own to trust
 * another authority, and the environment (`NODE_TLS_REJECT_UNAUTHORIZED`) can switch off the check of certificates.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { get } from "node:https";
import type { Clock } from "../clock.ts";

/** How a text is fetched. */
export interface FetchOptions {
  /** Certificates of the authorities to trust instead of those that the runtime trusts by itself: PEM. */
  readonly ca: string | undefined;
  /** How long it may take until the text is there, in milliseconds. */
  readonly timeout: number;
  /** How long the text may be, in bytes. */
  readonly size: number;
  /** The time. */
  readonly clock: Clock;
}

/**
 * Gets a text. Redirections are not followed.
 *
 * @param url Where it is.
 * @param options Whom to trust, and what to bear.
 * @returns The text.
 * @throws {Error} Whatever goes wrong, in words that fit behind a colon.
 */
export function fetchText(url: URL, { ca, timeout, size, clock }: FetchOptions): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    // The runtime's own errors are left behind: there are whole certificates in them.
    const fail = (reason: string) => {
      reject(new Error(reason));
      request.destroy();
    };
    // A connection of its own, so that none is left open.
    const options = { agent: false, rejectUnauthorized: true, ...(ca !== undefined && { ca }) };
    const request = get(url, { ...options, headers: { accept: "application/json" } }, (response) => {
      if (response.statusCode !== 200) return fail(`the answer is ${response.statusCode}, not 200`);
      const chunks: Uint8Array[] = [];
      let length = 0;
      response.on("data", (chunk: Uint8Array) => {
        length += chunk.length;
        if (length > size) fail(`the answer is longer than ${size} bytes`);
        else chunks.push(chunk);
      });
      response.on("error", ({ message }) => fail(message));
      response.on("end", () => {
        if (response.complete) resolve(Buffer.concat(chunks).toString("utf8"));
        else fail("the answer was cut off");
      });
    });
    const stopTimer = clock.set(timeout, () => fail(`no answer within ${timeout} ms`));
    request.on("error", ({ message }) => fail(message));
    request.on("close", () => {
      stopTimer();
      fail("the connection was closed");
    });
  });
}
