/**
 * Why a value can't be written or read, and where in it: `Job.labels["x"]: expected a string, got 5`.
 *
 * The path costs nothing until something is wrong: whatever holds other values catches what they throw, puts its own
 * step before the path, and throws on.
 *
 * @module
 */

import { type ErrorCode, HoldfastError } from "../../errors.ts";
import { isBytes, isPlainObject, isTimestamp } from "../../value.ts";

/** Text taken from a value is cut here, in UTF-16 code units. */
const SHOWN = 40;

/** A path goes no further than so many steps. */
const STEPS = 16;

/** What the codecs throw among themselves; {@link Failure.toError} makes of it what the caller gets. */
export class Failure {
  /** What it is called. */
  readonly code: ErrorCode;
  /** What is wrong, for people. */
  readonly text: string;
  /** What led to it. */
  readonly cause: unknown;
  /** The steps that lead to the value, from the innermost out. */
  readonly #steps: string[] = [];

  /**
   * Says what is wrong; where, its holders add.
   *
   * @param text What is wrong.
   * @param code What it is called.
   * @param cause What led to it.
   */
  constructor(text: string, code: ErrorCode = "invalid-message", cause?: unknown) {
    this.text = text;
    this.code = code;
    this.cause = cause;
  }

  /**
   * Puts a step before those that lead to the value.
   *
   * @param step What leads to the value from the one that holds it: `.name`, `[3]`.
   * @returns This.
   */
  within(step: string): Failure {
    this.#steps.push(step);
    return this;
  }

  /**
   * Makes the error for the caller.
   *
   * @param name What the path starts with.
   * @returns The error for the caller.
   */
  toError(name: string): HoldfastError {
    const steps = this.#steps.toReversed();
    const path = name + steps.slice(0, STEPS).join("") + (steps.length > STEPS ? "…" : "");
    const options = this.cause === undefined ? {} : { cause: this.cause };
    return new HoldfastError(this.code, `${path}: ${this.text}`, options);
  }
}

/**
 * Says that a value is not what its type asks for.
 *
 * @param expected What it asks for, such as "a string of at most 5 characters".
 * @param value What there is.
 * @returns To be thrown.
 */
export function mismatch(expected: string, value: unknown): Failure {
  return new Failure(`expected ${expected}, got ${describe(value)}`);
}

/**
 * Says that a value is no plain object, and what to do if it is an object of another kind.
 *
 * @param expected What its type asks for.
 * @param value What there is.
 * @returns To be thrown.
 */
export function notPlain(expected: string, value: unknown): Failure {
  const words = describe(value);
  if (!words.startsWith("an instance of ")) return mismatch(expected, value);
  const remedy = value instanceof Map ? "Object.fromEntries(value)" : "{ ...value }";
  return new Failure(`expected ${expected}, got ${words}: give a plain object, such as ${remedy}`);
}

/**
 * Makes a failure of what was thrown while a value was written.
 *
 * @param error A failure, or what an accessor or a proxy of the application's threw.
 * @returns A failure.
 */
export function writeFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure("reading it threw an error", "invalid-message", error);
}

/**
 * Makes a failure of what was thrown while a value was read.
 *
 * @param error A failure, or what a reader of bytes threw.
 * @returns A failure.
 * @throws Whatever is neither: then the fault is ours.
 */
export function readFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (!(error instanceof HoldfastError)) throw error;
  return new Failure(error.message, error.code === "limit" ? "limit" : "invalid-message");
}

/**
 * Makes a step of a map's key.
 *
 * @param key A map's key.
 * @returns It as a step of a path.
 */
export function keyStep(key: string): string {
  return `[${quote(key)}]`;
}

/**
 * Shows text.
 *
 * @param text Any.
 * @returns It in quotes, cut if it is long.
 */
export function quote(text: string): string {
  return text.length <= SHOWN ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, SHOWN))}…`;
}

/**
 * Says what a value is.
 *
 * @param value Anything.
 * @returns Words that follow "got".
 */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "string":
      return quote(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      // Longer ones are not shown, since the time to make digits of them grows faster than they do.
      return -1_000_000_000_000_000_000_000n < value && value < 1_000_000_000_000_000_000_000n
        ? `${value}n`
        : "a long of more digits than are shown here";
    case "function":
    case "symbol":
      return `a ${typeof value}`;
    case "object":
      return value === null ? "null" : describeObject(value);
    default:
      return String(value);
  }
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return "a list";
  if (isBytes(value)) return "bytes";
  if (value instanceof Date) return isTimestamp(value) ? "a timestamp" : "an invalid Date";
  if (isPlainObject(value)) return "an object";
  return `an instance of ${className(value)}`;
}

function className(value: object): string {
  const made: unknown = value.constructor;
  return typeof made === "function" && made.name !== "" ? quote(made.name).slice(1, -1) : "a class";
}
