/**
 * What a schema makes of values that are nearly of a type.
 *
 * @module
 */

/**
 * Whether a check is passed. One that throws is not: a schema lets through what an accessor throws, and something made to
 * look like bytes has a `length` that does.
 *
 * @param check Asks a schema.
 */
export function accepts(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
