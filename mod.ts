/**
 * Holdfast: one TLS connection, kept open, talked over both ways.
 *
 * @module
 */

export type { Definition, Shape } from "./idl/definition.ts";
export { HoldfastError } from "./runtime/errors.ts";
export type { ErrorCode, HoldfastErrorOptions } from "./runtime/errors.ts";
export { Type } from "typebox";
export type { Static } from "typebox";
