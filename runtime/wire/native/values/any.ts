/**
 * `any`: values that describe themselves. On the wire: a byte that says what comes, and the value.
 *
 * | byte | value |
 * | --- | --- |
 * | 0 | null |
 * | 1, 2 | false, true |
 * | 3 | a number that is a safe integer, and not −0: a zigzag varint |
 * | 4 | any other number: 8 bytes |
 * | 5 | a bigint: a zigzag varint |
 * | 6 | a string: length, UTF-8 |
 * | 7 | bytes: length, bytes |
 * | 8 | a timestamp: as `timestamp` |
 * | 9 | a list: count, values of `any` |
 * | 10 | a map: as `map<any>` |
 *
 * @module
 */

import { isBytes, isTimestamp } from "../../../value.ts";
import { ANYTHING, isWhole } from "../../values/any.ts";
import type { Budgets } from "../../values/budget.ts";
import { Failure, mismatch } from "../../values/failure.ts";
import type { Reader } from "../reader.ts";
import type { Writer } from "../writer.ts";
import { listCodec, mapCodec } from "./containers.ts";
import { type IntegerCodec, TIMESTAMP } from "./numbers.ts";
import { writeBytes, writeText } from "./scalars.ts";
import type { ValueCodec } from "./value_codec.ts";

const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const INT = 3;
const FLOAT = 4;
const LONG = 5;
const STRING = 6;
const BYTES = 7;
const TIME = 8;
const LIST = 9;
const MAP = 10;

/**
 * Makes the codec of `any`.
 *
 * @param integers Writes and reads whole numbers.
 * @param budgets What is left of the limits.
 * @returns The codec of `any`.
 */
export function anyCodec(integers: IntegerCodec, budgets: Budgets): ValueCodec {
  const any: ValueCodec = { expected: ANYTHING, encode, decode };
  const lists = listCodec({}, any, budgets);
  const maps = mapCodec({}, any, budgets);

  function encode(to: Writer, value: unknown): void {
    switch (typeof value) {
      case "boolean":
        to.byte(value ? TRUE : FALSE);
        break;
      case "number":
        if (isWhole(value)) {
          to.byte(INT);
          to.signedVarint(value);
        } else {
          to.byte(FLOAT);
          to.float(value);
        }
        break;
      case "bigint":
        to.byte(LONG);
        integers.encode(to, value);
        break;
      case "string":
        to.byte(STRING);
        writeText(to, value);
        break;
      case "object":
        encodeObject(to, value);
        break;
      default:
        throw mismatch(ANYTHING, value);
    }
  }

  function encodeObject(to: Writer, value: object | null): void {
    if (value === null) to.byte(NULL);
    else if (Array.isArray(value)) {
      to.byte(LIST);
      lists.encode(to, value);
    } else if (isBytes(value)) {
      to.byte(BYTES);
      writeBytes(to, value);
    } else if (isTimestamp(value)) {
      to.byte(TIME);
      TIMESTAMP.encode(to, value);
    } else {
      to.byte(MAP);
      maps.encode(to, value);
    }
  }

  function decode(from: Reader): unknown {
    const tag = from.byte();
    switch (tag) {
      case NULL:
        return null;
      case FALSE:
        return false;
      case TRUE:
        return true;
      case INT:
        return from.signedVarint();
      case FLOAT: {
        const value = from.float();
        if (isWhole(value)) throw new Failure(`the whole number ${value} stands there as a float`);
        return value;
      }
      case LONG:
        return BigInt(integers.decode(from));
      case STRING:
        return from.string();
      case BYTES:
        return from.raw(from.varint());
      case TIME:
        return TIMESTAMP.decode(from);
      case LIST:
        return lists.decode(from);
      case MAP:
        return maps.decode(from);
      default:
        throw new Failure(`there is no kind of value with number ${tag}`);
    }
  }

  return any;
}
