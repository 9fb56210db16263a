/**
 * What is known of the engine that runs this.
 *
 * @module
 */

/** Whether it is JavaScriptCore, which is slow and fast at other things than V8. */
export const IS_JSC: boolean = "Bun" in globalThis;

/**
 * Tries whether code may be generated: a Content-Security-Policy, or `--disallow-code-generation-from-strings`, may
 * forbid it.
 *
 * @returns Whether it may.
 */
export function canGenerate(): boolean {
  try {
    return new Function("return true")() === true;
  } catch {
    return false;
  }
}
