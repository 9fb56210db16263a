/**
 * The frames of a conversation: what each holds, and who hears of it. Each is a result; an error among them ends the
 * connection.
 *
 * | frame | the result's value |
 * | --- | --- |
 * | message | `{"request": true, "name": "Ping", "attrs": [asks for an acknowledgement, [values]], "id": any}` |
 * | acknowledgement | `{"request": false, "id": the message's, "result": a result}` |
 * | keep-alive (`dka`) | `{"id": text, "kaping": true}`, and `false` in the answer |
 *
 * A message is acknowledged if it has an `id`, whatever it asks for, and before it is looked at: that says "arrived".
 *
 * @module
 */

import type { Message } from "../../../idl/definition.ts";
import { HoldfastError } from "../../errors.ts";
import type { Fields, FrameSink, Progress } from "../wire.ts";
import type { FrameReceiver } from "./decoder.ts";
import { decodePayload } from "./encodings.ts";
import { checkId } from "./ids.ts";
import { Dict, isTrue, itemsOf, type PyValue } from "./python.ts";
import { expectSuccess, readResult, type Result, success } from "./results.ts";
import type { MessageTable } from "./table.ts";

/** A message, as it came. */
export interface MessageFrame {
  readonly kind: "message";
  readonly name: string;
  /** The values of its fields; empty where there are none at all. */
  readonly values: readonly PyValue[];
  /** Whether its sender waits for an acknowledgement, as it says; without an `id` it waits for none. */
  readonly acknowledge: boolean;
  /** What is to be acknowledged; `undefined` for nothing. */
  readonly id: PyValue | undefined;
}

/** An acknowledgement. */
export interface AcknowledgementFrame {
  readonly kind: "acknowledgement";
  /** The `id` of the message. */
  readonly id: PyValue;
  readonly result: Result;
}

/** A keep-alive. */
export interface KeepAliveFrame {
  /** Whether it asks for an answer. */
  readonly ping: boolean;
  /** What the answer repeats. */
  readonly id: PyValue;
}

/** The result that a message is. */
export function messageResult(
  { name, values, acknowledge, id }: Pick<MessageFrame, "name" | "values" | "acknowledge" | "id">,
): Dict {
  const content = Dict.of([["request", true], ["name", name], ["attrs", [acknowledge, values]]]);
  if (id !== undefined) content.set("id", id);
  return success(content);
}

/** The result that an acknowledgement is. */
export function acknowledgementResult(id: PyValue, result: Dict = success()): Dict {
  return success(Dict.of([["request", false], ["id", id], ["result", result]]));
}

/** The result that a keep-alive is. */
export function keepAliveResult({ ping, id }: KeepAliveFrame): Dict {
  return success(Dict.of([["id", id], ["kaping", ping]]));
}

/**
 * Reads a message or an acknowledgement.
 *
 * @param value A success's value.
 * @throws {HoldfastError} `protocol` if it is neither, `limit` if its id is too large.
 */
export function readFrame(value: PyValue): MessageFrame | AcknowledgementFrame {
  const request = value instanceof Dict ? value.get("request") : undefined;
  if (!(value instanceof Dict) || request === undefined) throw malformed("neither a message nor an acknowledgement");
  const id = checkId(value.get("id"));
  if (isTrue(request)) {
    const name = value.get("name");
    if (typeof name !== "string") throw malformed("a message without a name");
    return { kind: "message", name, ...readAttributes(value.get("attrs")), id };
  }
  if (id === undefined) throw malformed("an acknowledgement of nothing");
  return { kind: "acknowledgement", id, result: readResult(value.get("result")) };
}

/** They may be missing where there are none. What follows the two is passed over. */
function readAttributes(attrs: PyValue | undefined): Pick<MessageFrame, "acknowledge" | "values"> {
  if (attrs === undefined) return { acknowledge: false, values: [] };
  const [acknowledge, values] = itemsOf(attrs) ?? [];
  const items = itemsOf(values);
  if (acknowledge === undefined || items === undefined) throw malformed("a message whose values are no list");
  return { acknowledge: isTrue(acknowledge), values: items };
}

/**
 * Reads a keep-alive.
 *
 * @param value What its payload holds.
 * @throws {HoldfastError} `protocol` if it is none, `limit` if its id is too large; what the peer says, if it is an
 * error.
 */
export function readKeepAlive(value: PyValue): KeepAliveFrame {
  const content = expectSuccess(value);
  const id = content instanceof Dict ? checkId(content.get("id")) : undefined;
  const ping = content instanceof Dict ? content.get("kaping") : undefined;
  if (id === undefined || ping === undefined) throw malformed("a keep-alive without id or direction");
  return { ping: isTrue(ping), id };
}

function malformed(what: string): HoldfastError {
  return new HoldfastError("protocol", `A frame is ${what}.`);
}

/** Hears what the frames say, in the order of their arrival. May throw, which ends the connection. */
export interface DisetSink extends Pick<FrameSink, "onMessage" | "onRequest" | "onProgress" | "onPong" | "onClose"> {
  /** A message of a name that the definition does not have. */
  onUnknown(name: string): void;
}

/** What frames are answered with, whatever their messages lead to. */
export interface Answers {
  /** Says that a message has arrived. */
  acknowledge(id: PyValue): void;
  /** Answers a keep-alive. */
  answer(id: PyValue): void;
  /** The peer has acknowledged a message. Gives its number; 0 if nobody waits for that. */
  acknowledged(id: PyValue): number;
  /** How far the peer has come with what was sent. */
  reached(): Progress;
}

/** Tells a {@link DisetSink} what the frames say. */
export class DisetFrames implements FrameReceiver, Fields {
  readonly #table: MessageTable;
  readonly #incoming: "receives" | "sends";
  readonly #sink: DisetSink;
  readonly #answers: Answers;
  #requests = 0;
  #payload: Uint8Array = new Uint8Array(0);
  #values: readonly PyValue[] = [];

  /**
   * @param table The messages.
   * @param incoming What the service does with the messages that arrive here.
   * @param sink Who hears of the frames.
   * @param answers Who answers them.
   */
  constructor(table: MessageTable, incoming: "receives" | "sends", sink: DisetSink, answers: Answers) {
    this.#table = table;
    this.#incoming = incoming;
    this.#sink = sink;
    this.#answers = answers;
  }

  frame(keepAlive: boolean, payload: Uint8Array, size: number): void {
    const { value } = decodePayload(payload, this.#table.payload);
    if (keepAlive) return this.#keepAlive(readKeepAlive(value));
    const result = readResult(value);
    if (!result.ok) return this.#sink.onClose({ code: "refused", text: result.message }, 0);
    const frame = readFrame(result.value);
    if (frame.kind === "acknowledgement") return this.#acknowledged(frame);
    if (frame.id !== undefined) this.#answers.acknowledge(frame.id);
    const message = this.#table.name(frame.name);
    if (message === undefined) return this.#sink.onUnknown(frame.name);
    this.#payload = payload;
    this.#values = frame.values;
    this.#arrived(message, size);
  }

  read(message: Message): Record<string, unknown> {
    return this.#table.codec(message).decode(this.#values);
  }

  /** As bytes: what they say may take much more room. */
  keep(): Fields {
    const table = this.#table;
    // Not `slice`, which copies nothing of a `Buffer`.
    const payload = new Uint8Array(this.#payload);
    return {
      read(message) {
        const frame = readFrame(expectSuccess(decodePayload(payload, table.payload).value));
        return table.codec(message).decode(frame.kind === "message" ? frame.values : []);
      },
      keep() {
        return this;
      },
    };
  }

  #keepAlive({ ping, id }: KeepAliveFrame): void {
    if (ping) this.#answers.answer(id);
    else this.#sink.onPong(0);
  }

  #acknowledged({ id, result }: AcknowledgementFrame): void {
    const frame = this.#answers.acknowledged(id);
    if (frame === 0) return;
    if (result.ok) this.#sink.onProgress(this.#answers.reached());
    else this.#sink.onClose({ code: "refused", text: result.message }, frame);
  }

  /** Requests have no number here: there is nothing that an answer would name. */
  #arrived(message: Message, size: number): void {
    if (message[this.#incoming]?.reply === undefined) this.#sink.onMessage(message, size, this);
    else this.#sink.onRequest(++this.#requests, message, size, this);
  }
}
