/**
 * What generated code takes from Holdfast, and no more: checking types against this is quick.
 *
 * @module
 */

export type { Definition } from "../../../idl/definition.ts";
export { defineService } from "../../../idl/validate.ts";
export * as Schema from "../../../runtime/schema_types.ts";
