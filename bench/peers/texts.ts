/**
 * Messages as JSON has them: bytes in base64, a moment as text. Each is a list of its type and what it holds.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Kind } from "../candidates/candidate.ts";

/** What a message is for. */
export type MessageType = "ask" | "answer" | "tell" | "push";

/** Any message. */
// deno-lint-ignore no-explicit-any
export type Fields = Record<string, any>;

/** Makes a message's text. */
export function toText(kind: Kind, type: MessageType, message: Fields): string {
  switch (kind) {
    case "ping":
      return JSON.stringify([type, message]);
    case "record":
      return JSON.stringify([type, { ...message, input: toBase64(message["input"]) }]);
    case "bytes":
      return JSON.stringify([type, { data: toBase64(message["data"]) }]);
  }
}

/** Makes a message of its text. */
export function fromText(kind: Kind, text: string): [MessageType, Fields] {
  const [type, message] = JSON.parse(text);
  if (kind === "record") {
    message.submitted = new Date(message.submitted);
    message.input = Buffer.from(message.input, "base64");
  } else if (kind === "bytes") {
    message.data = Buffer.from(message.data, "base64");
  }
  return [type, message];
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
