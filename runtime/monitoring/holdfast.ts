/**
 * What the generated code beside this takes from Holdfast, and no more: to import all would be to import itself.
 *
 * @module
 */

export type { Definition } from "../../idl/definition.ts";
export { defineService } from "../../idl/validate.ts";
export * as Schema from "../schema_types.ts";
