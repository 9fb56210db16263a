/**
 * What the recorded clients' programs wanted, read off what these said: it is what clients of ours are told to do.
 *
 * Their definitions are read off, too: the fields of messages have no names on their way.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type Definition, parse, type UnknownService } from "../../../mod.ts";
import { decodePayload } from "../../../runtime/wire/diset/encodings.ts";
import { type MessageFrame, readFrame } from "../../../runtime/wire/diset/frames.ts";
import { type Proposal, readConnectArguments, readProposal } from "../../../runtime/wire/diset/handshake.ts";
import { DateTime, Day, Dict, Float, type PyValue } from "../../../runtime/wire/diset/python.ts";
import { expectSuccess } from "../../../runtime/wire/diset/results.ts";
import { type Conversation, type Spoken, WIDE } from "../wire/diset/captures.ts";
import { textOf } from "./recorded.ts";

/** Of what type a field is that had such a value. */
function typeOf(value: PyValue): string {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number" || typeof value === "bigint") return "int|long";
  if (typeof value === "string") return "string";
  if (value instanceof Float) return "float";
  if (value instanceof Uint8Array) return "bytes";
  return value instanceof DateTime || value instanceof Day ? "timestamp" : "any";
}

/** What a frame holds. */
function valueOf(frame: string): PyValue {
  return decodePayload(Buffer.from(frame.slice(frame.indexOf(":") + 1), "latin1"), WIDE).value;
}

/** The message that a frame is, if it is one that can be read. */
export function messageOf(frame: string): MessageFrame | undefined {
  if (frame.startsWith("dka")) return undefined;
  try {
    const read = readFrame(expectSuccess(valueOf(frame)));
    return read.kind === "message" ? read : undefined;
  } catch {
    return undefined;
  }
}

/** What a client has to know to say what the recorded one said, and to hear what that heard. */
export function definitionOf(
  { scenario, spoken }: Conversation,
  proposal: Proposal,
  args: Dict,
): Definition<UnknownService> {
  const sides = { client: new Map<string, string>(), service: new Map<string, string>() };
  for (const { by, bytes } of spoken) {
    const found = bytes && messageOf(textOf(bytes));
    if (!found || sides[by].has(found.name) || found.name === UNKNOWN && by === "service") continue;
    const types = scenario === WRONG_TYPE ? ["int"] : found.values.map(typeOf);
    sides[by].set(found.name, types.map((type, place) => `a${place}: ${type}`).join(", "));
  }
  const declared = new Map([...sides.client, ...sides.service]);
  const list = (verb: string, names: readonly string[]) => names.length === 0 ? "" : `${verb} ${names.join(", ")}`;
  return parse(`
    ${Array.from(declared, ([name, fields]) => `${name} < ${fields} >`).join("\n")}
    service ${proposal.service} {
      auth all
      connect < ${Array.from(args, ([name, value]) => `${name}: ${typeOf(value)}`).join(", ")} >
      ${list("receives", [...sides.client.keys()])}
      ${list("sends", [...sides.service.keys()])}
    }`);
}

/** Where a service sends something else than it should. */
const WRONG_TYPE = "fake-wrong-type-to-client";

/** What no definition has, though a service sends it. */
const UNKNOWN = "Nope";

/** The connections that the client has closed of its own accord. */
export function leavers({ observed, spoken }: Conversation): ReadonlySet<number> {
  const closers = new Map<number, Spoken["by"]>();
  for (const { by, bytes, connection } of spoken) {
    if (bytes === undefined && !closers.has(connection)) closers.set(connection, by);
  }
  const left = [...closers].filter(([, by]) => by === "client").map(([connection]) => connection);
  const told = observed.filter(({ callback }) => callback === "disconnect").length;
  // Its program is told of all other ends.
  return new Set(told > closers.size - left.length ? [] : left);
}

/** What the program of the recorded client did about what it heard. */
export const CALLBACKS: Readonly<Record<string, "none" | "fails">> = {
  "no-callback-on-client": "none",
  "fake-message-with-id-to-client-without-callback": "none",
  "client-callback-returns-error": "fails",
};

/** The recorded client's words, as ours would say them. */
export interface Said {
  readonly proposal: Proposal;
  readonly identity: string;
  readonly args: Dict;
}

/** What it said to be let in on a connection. */
export function saidBy(spoken: Conversation["spoken"], connection: number): Said {
  const frames = spoken.filter((one) => one.connection === connection && one.by === "client" && one.bytes !== undefined)
    .map(({ bytes }) => textOf(bytes!)).filter((frame) => !frame.startsWith("dka") && !/^4:null|^1:n/.test(frame));
  const proposal = readProposal(valueOf(frames[0]!));
  if (frames.length === 1) return { proposal, identity: "", args: new Dict() };
  return { proposal, ...readConnectArguments(valueOf(frames[1]!)) };
}
