/**
 * What turns values into bytes and back, made once from a definition.
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
   * @throws {HoldfastError} `invalid-message`, which says where the value is not what its type asks for. The writer may
   * then have taken some bytes: the caller puts `at` back.
   */
  encode(to: Writer, value: unknown): void;

  /**
   * Reads the fields from `at` on.
   *
   * @throws {HoldfastError} `invalid-message` where the bytes are no value of the type.
   */
  decode(from: Reader): Record<string, unknown>;
}

/** The codecs of a service. */
export interface Codec {
  /** For the connect arguments. */
  readonly connect: RecordCodec;
  /** For the message of that name: one that {@link Shape.messages} lists. */
  message(name: string): RecordCodec;
}
