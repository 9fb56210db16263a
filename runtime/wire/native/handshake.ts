/**
 * The frames by which a client and a service get to know each other.
 *
 * ```
 * client                                 service
 *   | HELLO, and OPEN if it has a hash -->  |
 *   | <--  DEFINITION, if another           |    the OPEN that came with the HELLO is passed over then
 *   | OPEN                             -->  |
 *   | <--  WELCOME                          |    or, at any time, REFUSE: the last frame
 * ```
 *
 * @module
 */

import { HoldfastError } from "../../errors.ts";
import type { Fault, Gap, KeepAlive } from "../wire.ts";
import type { RecordCodec } from "./codec.ts";
import { writeFault } from "./encoder.ts";
import { expectEnd, readFault } from "./frames.ts";
import {
  encodeFrame,
  readAscending,
  readFlags,
  readGap,
  readLimits,
  readNumbers,
  readOptional,
  writeAscending,
  writeFlags,
  writeGap,
  writeLimits,
  writeOptional,
} from "./handshake_parts.ts";
import * as kinds from "./kinds.ts";
import type { Reader } from "./reader.ts";
import type { MessageTable } from "./table.ts";

/** The version of the protocol that this code speaks. */
export const VERSION = 1;

/** How many bytes the hash of a definition has. */
export const HASH_SIZE = 32;

/** How many bytes a session's token has. */
export const TOKEN_SIZE = 32;

/** How many bytes a nonce has. */
export const NONCE_SIZE = 16;

/** How long a service's name, an identity and the like may be, in bytes of UTF-8. */
const LONGEST_NAME = 1024;

/** How long a token may be, in bytes of UTF-8. */
const LONGEST_TOKEN = 16 * 1024;

const MOST_VERSIONS = 64;

/**
 * HELLO: versions (count, each); service; definition held: a byte 0, or 1 and the hash; token, empty for none; group,
 * empty for none.
 */
export interface Hello {
  readonly versions: readonly number[];
  readonly service: string;
  /** The hash of the definition that the client holds, if it holds one. An OPEN written by it follows at once. */
  readonly hash?: Uint8Array;
  /** What shows who the client is, where its certificate does not. */
  readonly token?: string;
  /** The group that the client asks to act in. */
  readonly wanted?: string;
}

/** What a side takes from the other, at the most. */
export interface PeerLimits {
  /** The length of a frame, in bytes. */
  readonly frame: number;
  /** Bytes of messages that are not started yet. */
  readonly window: number;
  /** Requests without an answer. */
  readonly requests: number;
}

/** A session that a client had, and how far it has come in it. */
export interface Former extends Gap {
  readonly token: Uint8Array;
}

/**
 * OPEN: limits (frame, window, requests); a byte, 1 if it will resume, plus 2 if it takes trace contexts; identity; nonce:
 * a byte 0, or 1 and the nonce; former session: a byte 0, or 1, its token, received, oldest; declined (count, each as the
 * gap to the last); the connect arguments.
 */
export interface Open {
  readonly limits: PeerLimits;
  /** Whether the client comes back to go on with this session. */
  readonly resumable: boolean;
  /** Whether the client takes trace contexts. */
  readonly traces?: boolean;
  /** The client's identity; empty for one that the service chooses. */
  readonly identity: string;
  /**
   * Random, the same each time the client asks for the same new session: whether it has begun, the client can't know
   * before WELCOME.
   */
  readonly nonce?: Uint8Array | undefined;
  /** The session to go on with; if that can't be, it ends, and a new one begins. */
  readonly former?: Former;
  /** Numbers of messages that the service sends and this client can't take, ascending. */
  readonly declined: readonly number[];
}

/**
 * WELCOME: limits (frame, window, requests); transport id; identity; token; a byte, 1 if resumed, plus 2 if it takes
 * trace contexts; if resumed, received, oldest; milliseconds until the client's credentials end, 0 for never; forbidden (count, each as the gap to the last).
 */
export interface Welcome {
  readonly limits: PeerLimits;
  readonly transportId: string;
  readonly identity: string;
  readonly token: Uint8Array;
  /** How far the service has come in the session that goes on; `undefined` for a new one. */
  readonly resumed?: Gap;
  /** Whether the service takes trace contexts. */
  readonly traces?: boolean;
  /** In how many milliseconds the client's credentials end; 0 if they don't. */
  readonly expiresIn: number;
  /** Numbers of messages in the definition that the client holds, and may not send; ascending. */
  readonly forbidden: readonly number[];
}

/** The bytes of a HELLO. */
export function encodeHello(hello: Hello): Uint8Array {
  return encodeFrame(kinds.HELLO, (writer) => {
    writer.varint(hello.versions.length);
    for (const version of hello.versions) writer.varint(version);
    writer.string(hello.service);
    writeOptional(writer, hello.hash);
    writer.string(hello.token ?? "");
    writer.string(hello.wanted ?? "");
  });
}

/** Reads the body of a HELLO. */
export function readHello(body: Reader): Hello {
  const versions = readNumbers(body, MOST_VERSIONS, "versions");
  const service = body.string(LONGEST_NAME);
  const hash = readOptional(body, HASH_SIZE);
  const token = body.string(LONGEST_TOKEN);
  const wanted = body.string(LONGEST_NAME);
  expectEnd(body);
  return { versions, service, ...(hash && { hash }), ...(token && { token }), ...(wanted && { wanted }) };
}

/** The bytes of a DEFINITION: JSON to the end of the frame. */
export function encodeDefinitionFrame(json: Uint8Array): Uint8Array {
  return encodeFrame(kinds.DEFINITION, (writer) => writer.raw(json));
}

/** The bytes of an OPEN. */
export function encodeOpen(open: Open, codec: RecordCodec, args: unknown): Uint8Array {
  return encodeFrame(kinds.OPEN, (writer) => {
    writeLimits(writer, open.limits);
    writeFlags(writer, open.resumable, open.traces === true);
    writer.string(open.identity);
    writeOptional(writer, open.nonce);
    writeOptional(writer, open.former?.token);
    if (open.former !== undefined) writeGap(writer, open.former);
    writeAscending(writer, open.declined);
    codec.encode(writer, args);
  });
}

/** Reads the body of an OPEN, with the connect arguments. */
export function readOpen(body: Reader, table: MessageTable): { open: Open; args: Record<string, unknown> } {
  const limits = readLimits(body);
  const { first: resumable, traces } = readFlags(body);
  const identity = body.string(LONGEST_NAME);
  const nonce = readOptional(body, NONCE_SIZE);
  const token = readOptional(body, TOKEN_SIZE);
  const former = token && { token, ...readGap(body) };
  // More would be kept for as long as the session lives.
  const declined = readAscending(body, table.definition.shape.messages.length);
  const args = table.connect.decode(body);
  expectEnd(body);
  return {
    open: {
      ...{ limits, resumable, identity, declined },
      ...(nonce && { nonce }),
      ...(former && { former }),
      ...(traces && { traces }),
    },
    args,
  };
}

/** The bytes of a WELCOME. */
export function encodeWelcome(welcome: Welcome): Uint8Array {
  return encodeFrame(kinds.WELCOME, (writer) => {
    writeLimits(writer, welcome.limits);
    writer.string(welcome.transportId);
    writer.string(welcome.identity);
    writer.raw(welcome.token);
    writeFlags(writer, welcome.resumed !== undefined, welcome.traces === true);
    if (welcome.resumed !== undefined) writeGap(writer, welcome.resumed);
    writer.varint(welcome.expiresIn);
    writeAscending(writer, welcome.forbidden);
  });
}

/** Reads the body of a WELCOME. */
export function readWelcome(body: Reader, table: MessageTable): Welcome {
  const limits = readLimits(body);
  const transportId = body.string(LONGEST_NAME);
  const identity = body.string(LONGEST_NAME);
  const token = body.raw(TOKEN_SIZE);
  const { first: isResumed, traces } = readFlags(body);
  const resumed = isResumed ? readGap(body) : undefined;
  const expiresIn = body.varint();
  const forbidden = readAscending(body, table.definition.shape.messages.length);
  expectEnd(body);
  return {
    limits,
    transportId,
    identity,
    token,
    ...(resumed && { resumed }),
    ...(traces && { traces }),
    expiresIn,
    forbidden,
  };
}

/** The bytes of a REFUSE: code; text. */
export function encodeRefuse(fault: Fault): Uint8Array {
  return encodeFrame(kinds.REFUSE, (writer) => writeFault(writer, fault, Infinity));
}

/** Reads the body of a REFUSE. */
export function readRefuse(body: Reader): Fault {
  const fault = readFault(body);
  expectEnd(body);
  return fault;
}

/** The bytes of a CLOSE of a client that calls off what it has begun. */
export function encodeCallOff(fault: Fault): Uint8Array {
  return encodeFrame(kinds.CLOSE, (writer) => {
    writeFault(writer, fault, Infinity);
    writer.varint(0);
  });
}

/** The bytes of a client's CREDENTIALS: token. */
export function encodeCredentials(token: string): Uint8Array {
  return encodeFrame(kinds.CREDENTIALS, (writer) => writer.string(token));
}

/** Reads the body of a client's CREDENTIALS. */
export function readCredentials(body: Reader): string {
  const token = body.string(LONGEST_TOKEN);
  expectEnd(body);
  if (token === "") throw new HoldfastError("protocol", "CREDENTIALS hold no token.");
  return token;
}

/** The bytes of a service's CREDENTIALS: milliseconds until the client's credentials end, 0 for never. */
export function encodeExpiry(expiresIn: number): Uint8Array {
  return encodeFrame(kinds.CREDENTIALS, (writer) => writer.varint(expiresIn));
}

/** Shows that a line is alive, whether a session is carried or not. */
export const KEEP_ALIVE: KeepAlive = {
  ping: (token) => encodePing(kinds.PING, token),
  pong: (token) => encodePing(kinds.PONG, token),
};

/** The bytes of a PING or PONG. */
export function encodePing(kind: typeof kinds.PING | typeof kinds.PONG, token: number): Uint8Array {
  return encodeFrame(kind, (writer) => writer.varint(token));
}
