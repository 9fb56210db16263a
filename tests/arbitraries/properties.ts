/**
 * Properties of any name.
 *
 * @module
 */

/** Sets a property of that very name: `__proto__` too. */
export function put(object: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}
