/**
 * What the codecs of a service look like, however they are made.
 *
 * @module
 */

import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** Writes and reads the fields of one record. Its two directions accept the same values. */
export interface RecordCodec {
  /**
   * Appends a value's fields; defaults are filled in.
   *
   * @param to Where to.
   * @param value Anything: it is checked while it is written, and what is written is what was checked. Each of its
   * properties is read once, or once more if something is wrong.
   * @throws {HoldfastError} `invalid-message`, which says where the value is not what its type asks for; `limit` where it
   * goes beyond a limit. The writer may then have taken some bytes: the caller puts `at` back, as far from `start` as it
   * was.
   */
  encode(to: Writer, value: unknown): void;

  /**
   * Reads the fields from `at` on. What follows them is the caller's.
   *
   * @param from Where from.
   * @returns A new object, which shares nothing with the bytes read from. Small `bytes` out of one chunk may share memory
   * among themselves: theirs is what `byteOffset` and `byteLength` say, not all of `buffer`. A text may keep 256 bytes of
   * its message alive.
   * @throws {HoldfastError} `invalid-message` where the bytes are no value of the type, or not in the one form that it
   * has; `limit` where they go beyond a limit.
   */
  decode(from: Reader): Record<string, unknown>;
}

/** The codecs of a service. */
export interface Codec {
  /** For the connect arguments. */
  readonly connect: RecordCodec;

  /**
   * Gives the codec of a message.
   *
   * @param name A message: one that {@link Shape.messages} lists.
   * @returns Its codec, made when it is first asked for.
   * @throws {HoldfastError} `unknown-message` if there is none of that name.
   */
  message(name: string): RecordCodec;
}
