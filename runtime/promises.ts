/**
 * Small helpers for promises.
 *
 * @module
 */

/** A promise and what settles it. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** A promise that is settled from outside. (`Promise.withResolvers` is not on Node 20.) */
export function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** The promise of whatever need not be waited for. */
export const DONE: Promise<void> = Promise.resolve();

/**
 * Marks a promise so that its rejection does not end the process where nobody looks at it. For what a peer can cause:
 * a client that goes away must not take down a service that pushed to it without waiting.
 */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
