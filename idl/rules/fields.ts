/**
 * Fields of records.
 *
 * @module
 */

import type { Field } from "../definition.ts";

/**
 * Whether a sender must give a field.
 *
 * @param field The field.
 * @returns `false` if it may be absent, or has a default.
 */
export function isRequired(field: Field): boolean {
  return field.optional !== true && field.default === undefined;
}
