/**
 * Holdfast: one TLS connection, kept open, talked over both ways.
 *
 * @module
 */

export { Type } from "typebox";
export type { Static } from "typebox";
export type { Definition, Shape } from "./idl/definition.ts";
export { defineService } from "./idl/validate.ts";
export { HoldfastError } from "./runtime/errors.ts";
export type { ErrorCode, HoldfastErrorOptions } from "./runtime/errors.ts";
export * as Schema from "./runtime/schema_types.ts";
