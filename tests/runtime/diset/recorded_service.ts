/**
 * Recorded services, played to clients of ours.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, type HoldfastError, type UnknownService } from "../../../mod.ts";
import { DEFAULT_LIMITS } from "../../../runtime/limits.ts";
import { encodeFrame } from "../../../runtime/wire/diset/encoder.ts";
import { decodePayload, type Encoding } from "../../../runtime/wire/diset/encodings.ts";
import { type MessageFrame, messageResult } from "../../../runtime/wire/diset/frames.ts";
import { proposalResult } from "../../../runtime/wire/diset/handshake.ts";
import type { Dict, PyValue } from "../../../runtime/wire/diset/python.ts";
import { MessageTable } from "../../../runtime/wire/diset/table.ts";
import { type Conversation, WIDE } from "../wire/diset/captures.ts";
import { difference, FrameSocket, isError, shown, textOf, turnsOf } from "./recorded.ts";
import { CALLBACKS, definitionOf, leavers, messageOf, type Said, saidBy } from "./recorded_program.ts";

/** Plays recorded services on a port of its own. */
export class RecordedService {
  readonly #server: Server = createServer({ allowHalfOpen: true, noDelay: true });
  readonly #arrived: Socket[] = [];
  #wake: () => void = () => {};

  async open(): Promise<void> {
    this.#server.on("connection", (socket) => {
      this.#arrived.push(socket);
      this.#wake();
    });
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  async close(): Promise<void> {
    this.#server.close();
    await once(this.#server, "close");
  }

  /**
   * Plays a recorded service to a client of ours, and tells what that did otherwise than the recorded one.
   *
   * @param patience How long something that was recorded is waited for, in milliseconds.
   */
  async differences(conversation: Conversation, patience: number): Promise<string[]> {
    const found: string[] = [];
    const scenes = new Map<number, Scene>();
    const { port } = this.#server.address() as AddressInfo;
    try {
      for (const turn of turnsOf(conversation)) {
        let scene = scenes.get(turn.connection);
        if (scene === undefined) {
          scene = new Scene(conversation, turn.connection, port);
          scenes.set(turn.connection, scene);
          scene.begin(await this.#next(), patience);
        }
        if (turn.by === "service") await scene.say(turn.writes, turn.closes);
        else found.push(...await scene.hear(turn.writes.flat(), turn.closes));
      }
      for (const scene of scenes.values()) found.push(...await scene.outcome());
    } finally {
      for (const scene of scenes.values()) await scene[Symbol.asyncDispose]();
    }
    return found;
  }

  async #next(): Promise<Socket> {
    while (this.#arrived.length === 0) await new Promise<void>((resolve) => this.#wake = resolve);
    return this.#arrived.shift()!;
  }
}

/** One connection of a conversation. */
class Scene {
  readonly #connection: number;
  readonly #said: Said;
  readonly #client: Client<UnknownService>;
  readonly #table: MessageTable;
  readonly #encoding: Encoding;
  readonly #observed: Conversation["observed"];
  /** Whether the client's program has it leave, and it has not been left, nor found something wrong. */
  readonly #leaves: boolean;
  /** Whether there is somebody for whom messages are. */
  readonly #isListening: boolean;
  readonly #connected: Promise<string>;
  readonly #sent: Promise<string>[] = [];
  readonly #heard: string[] = [];
  readonly #toHear: string[] = [];
  /** Our ids of messages, by the recorded ones. */
  readonly #ids = new Map<PyValue, PyValue>();
  #socket!: FrameSocket;
  #patience = 0;
  #hasProposed = false;

  constructor(conversation: Conversation, connection: number, port: number) {
    const { encodings: { client: encoding }, observed, scenario, spoken } = conversation;
    this.#connection = connection;
    this.#observed = observed;
    this.#encoding = encoding;
    this.#said = saidBy(spoken, connection);
    const { args, identity, proposal: { credentials, service, setup, vo } } = this.#said;
    const definition = definitionOf(conversation, this.#said.proposal, args);
    this.#table = new MessageTable(definition, DEFAULT_LIMITS);
    this.#client = new Client(`dip://127.0.0.1:${port}/${service}`, definition, {
      identity,
      args: this.#table.connect.decode(args),
      reconnect: false,
      log: () => {},
      ...(typeof credentials === "string" && credentials !== "" && credentials !== "hosts" && { group: credentials }),
      diset: {
        encoding,
        setup,
        ...(vo !== undefined && { vo }),
        ...(typeof credentials !== "string" && { extraCredentials: credentials }),
      },
    });
    const callbacks = CALLBACKS[scenario];
    this.#isListening = callbacks !== "none";
    this.#leaves = leavers(conversation).has(connection);
    for (const { name, sends } of callbacks === "none" ? [] : definition.shape.messages) {
      if (sends !== undefined) this.#client.on(name, (value) => this.#callback(name, value, callbacks));
    }
    this.#connected = told(this.#client.connect());
  }

  /** Goes on where the client has connected. */
  begin(socket: Socket, patience: number): void {
    this.#socket = new FrameSocket(socket);
    this.#patience = patience;
  }

  /** Says what the recorded service said; acknowledgements name our messages. */
  async say(writes: readonly (readonly string[])[], closes: boolean): Promise<void> {
    for (const frames of writes) {
      for (const message of frames.map(messageOf)) if (message !== undefined) this.#toHear.push(plain(message));
      this.#socket.write(frames.map((frame) => this.#renamed(frame)).join(""));
    }
    const deadline = Date.now() + this.#patience;
    while (this.#isListening && this.#heard.length < this.#toHear.length && Date.now() < deadline) await sleep(1);
    if (closes) this.#socket.close();
  }

  /** Has the client do what the recorded one did, and compares what it says. */
  async hear(frames: readonly string[], closes: boolean): Promise<string[]> {
    const recorded = frames.map((frame) => this.#ours(frame));
    const ours: string[] = [];
    for (const frame of frames) {
      const message = messageOf(frame);
      const refusal = message && this.#send(message);
      ours.push(refusal ?? await this.#next());
    }
    if (closes) {
      recorded.push("closed");
      if (this.#leaves) {
        await this.#connectedOrLate();
        // It waits until the service has closed, too.
        void this.#client.close();
      }
      do ours.push(await this.#next()); while (ours.at(-1) !== "closed" && ours.at(-1) !== "nothing");
      if (isError(ours.at(-2) ?? "")) ours.splice(-2, 1);
    }
    return difference(recorded, ours).map((one) => `${this.#connection} ${one}`);
  }

  /** What the client's program was told. */
  async outcome(): Promise<string[]> {
    const said = (given: { readonly OK?: boolean; readonly Message?: string | null } | undefined) =>
      given && (given.OK ? "ok" : given.Message ?? "");
    const found: string[] = [];
    const compare = (what: string, recorded: string | undefined, ours: string) => {
      if (recorded !== undefined && recorded !== ours) {
        found.push(`${this.#connection} ${what}: ${ours}, not ${recorded}`);
      }
    };
    const connects = this.#observed.filter(({ call }) => call === "connect");
    const expected = said(connects[this.#connection]);
    if (expected !== undefined) await this.#connectedOrLate();
    const closed = this.#client.close();
    for (let frame = await this.#next(); frame !== "closed" && frame !== "nothing"; frame = await this.#next()) {
      found.push(`${this.#connection} + ${shown(frame)}`);
    }
    this.#socket[Symbol.dispose]();
    await closed;
    compare("connect", expected, await this.#connected);
    const sends = this.#observed.filter(({ call }) => call?.startsWith("sendMessage"));
    for (const [place, sent] of this.#sent.entries()) compare("send", said(sends[place]), await sent);
    if (this.#isListening) {
      found.push(...difference(this.#toHear, this.#heard).map((one) => `${this.#connection} heard ${one}`));
    }
    return found;
  }

  async #connectedOrLate(): Promise<void> {
    const late = new AbortController();
    const { signal } = late;
    await Promise.race([this.#connected, sleep(this.#patience, undefined, { signal }).catch(() => {})]);
    late.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket?.[Symbol.dispose]();
    await this.#client.close();
  }

  #callback(name: string, value: unknown, callbacks: "none" | "fails" | undefined): void {
    const values = this.#table.codec(this.#table.name(name)!).encode(value);
    this.#heard.push(plain({ name, values }));
    if (callbacks === "fails") throw new Error("The callback failed.");
  }

  /** Gives why it can't be sent, if so. */
  #send({ id, name, values }: MessageFrame): string | undefined {
    let value: Record<string, unknown>;
    try {
      value = this.#table.codec(this.#table.name(name)!).decode(values);
    } catch (error) {
      return (error as Error).message;
    }
    if (id !== undefined) this.#ids.set(id, `${this.#said.identity}:${this.#ids.size}`);
    this.#sent.push(told(this.#client.send(name, value, { acknowledge: id !== undefined })));
    return undefined;
  }

  async #next(): Promise<string> {
    let frame = await this.#socket.next(this.#patience);
    // By which our client has the original's reader go on.
    while (frame.startsWith("dka") && frame.includes(this.#said.identity) && this.#said.identity !== "") {
      frame = await this.#socket.next(this.#patience);
    }
    return frame;
  }

  /** A recorded frame of the client, as ours would write it: without a version, and with its own ids. */
  #ours(frame: string): string {
    if (!this.#hasProposed && !frame.startsWith("dka")) {
      this.#hasProposed = true;
      const { version: _version, ...rest } = this.#said.proposal;
      return textOf(encodeFrame(proposalResult(rest), this.#encoding));
    }
    const message = messageOf(frame);
    if (message?.id === undefined) return frame;
    const id = this.#ids.get(message.id) ?? `${this.#said.identity}:${this.#ids.size}`;
    return textOf(encodeFrame(messageResult({ ...message, id }), this.#encoding));
  }

  /** A recorded frame of the service, with our id where it acknowledges a message. */
  #renamed(frame: string): string {
    if (frame.startsWith("dka") || !frame.includes("GlobalMessageBroker")) return frame;
    const payload = Buffer.from(frame.slice(frame.indexOf(":") + 1), "latin1");
    const { encoding, value } = decodePayload(payload, WIDE);
    const content = (value as Dict).get("Value") as Dict;
    content.set("id", this.#ids.get(content.get("id")!) ?? content.get("id")!);
    return textOf(encodeFrame(value, encoding));
  }
}

/** A message of the service's, so that it can be compared: of the two encodings, the one that loses less. */
function plain({ name, values }: Pick<MessageFrame, "name" | "values">): string {
  const result = messageResult({ name, values, acknowledge: false, id: undefined });
  try {
    return textOf(encodeFrame(result, "dencode"));
  } catch {
    return textOf(encodeFrame(result, "json")); // half a surrogate pair
  }
}

/** `ok`, or what went wrong. */
function told(call: Promise<unknown>): Promise<string> {
  return call.then(() => "ok", (error: HoldfastError) => error.message);
}
