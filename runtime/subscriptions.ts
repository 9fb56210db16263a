/**
 * Who at the client wants to hear of which message.
 *
 * @module
 */

import { type Call, isPending } from "./dispatch.ts";
import { cancelled, HoldfastError } from "./errors.ts";
import { type Deferred, deferred } from "./promises.ts";
import { Queue } from "./queue.ts";

/** Hears of a message. */
export type Callback = (name: string, message: Record<string, unknown>, call: Call | undefined) => unknown;

/** A callback that was added. */
interface Entry {
  readonly callback: Callback;
}

/** Who wants to hear of some messages. The list is never changed, but replaced: it may be gone through meanwhile. */
interface Topic {
  entries: readonly Entry[];
}

const NONE: readonly never[] = [];

/** A message with its name. */
export interface Named {
  readonly name: string;
  readonly message: Record<string, unknown>;
}

/** A message that waits in an iteration. */
interface Item extends Named {
  /** Called when the loop comes back for the next one: then this one has been handled. */
  readonly handled: () => void;
}

/** See the module's text. */
export class Subscriptions {
  readonly #byName = new Map<string, Topic>();
  readonly #all: Topic = { entries: NONE };
  readonly #iterations = new Set<{ end(error: HoldfastError | undefined): void }>();
  #end: { readonly error: HoldfastError | undefined } | undefined;

  /**
   * Adds a callback.
   *
   * @param name For which messages; `undefined` for all.
   * @returns Takes it off again.
   */
  add(name: string | undefined, callback: Callback): () => void {
    // The same function may be added twice: each time is taken off by itself.
    const own: Entry = { callback };
    const topic = name === undefined ? this.#all : this.#topic(name);
    topic.entries = [...topic.entries, own];
    return () => void (topic.entries = topic.entries.filter((entry) => entry !== own));
  }

  /** Whether a callback for messages of that name is there. */
  has(name: string): boolean {
    return this.#topic(name).entries.length > 0;
  }

  /**
   * Hands messages of a name to all who want them: first those for all messages, then those for these.
   *
   * @returns To be called for each; gives back what is to be awaited where one of them takes time.
   */
  deliverer(name: string): (message: Record<string, unknown>) => unknown {
    const all = this.#all;
    const topic = this.#topic(name);
    return (message) => {
      // As a rule there is one: what it gives back, or throws, is all there is.
      if (topic.entries.length === 1 && all.entries.length === 0) {
        return topic.entries[0]!.callback(name, message, undefined);
      }
      const pending = deliverTo(topic.entries, name, message, deliverTo(all.entries, name, message, NONE));
      return pending.length === 0 ? undefined : Promise.all(pending);
    };
  }

  /** Hands a request to the one who answers it. */
  answer(name: string, message: Record<string, unknown>, call: Call | undefined): unknown {
    const [entry] = this.#topic(name).entries;
    if (entry === undefined) throw new HoldfastError("no-handler", `Nobody handles ${name} here.`);
    return entry.callback(name, message, call);
  }

  /**
   * Iterates over messages, from now on.
   *
   * @param name Which; `undefined` for all.
   * @param give What the loop gets of a message.
   */
  iterate<R>(
    name: string | undefined,
    signal: AbortSignal | undefined,
    give: (item: Named) => R,
  ): AsyncIterableIterator<R> {
    const iteration = new Iteration(give, (own) => this.#iterations.delete(own), signal);
    if (this.#end !== undefined) iteration.end(this.#end.error);
    if (iteration.ended) return iteration;
    this.#iterations.add(iteration);
    iteration.takeOff = this.add(name, (name, message) => iteration.push(name, message));
    return iteration;
  }

  /** Nothing more will come: ends all iterations, by an error if there is one. */
  end(error: HoldfastError | undefined): void {
    this.#end = { error };
    for (const iteration of [...this.#iterations]) iteration.end(error);
  }

  /** Something may come again after all. */
  reopen(): void {
    this.#end = undefined;
  }

  #topic(name: string): Topic {
    let topic = this.#byName.get(name);
    if (topic === undefined) this.#byName.set(name, topic = { entries: NONE });
    return topic;
  }
}

/** Calls callbacks; gives back the promises that were there, and those of callbacks that take time. */
function deliverTo(
  entries: readonly Entry[],
  name: string,
  message: Record<string, unknown>,
  before: readonly unknown[],
): readonly unknown[] {
  let pending = before;
  for (const { callback } of entries) {
    try {
      const result = callback(name, message, undefined);
      if (isPending(result)) pending = [...pending, result];
    } catch (error) {
      // The others hear of it all the same.
      pending = [...pending, Promise.reject(error)];
    }
  }
  return pending;
}

/** A message counts as handled when the loop comes back for the next one, so a slow loop slows the service down. */
class Iteration<R> implements AsyncIterableIterator<R> {
  readonly #items = new Queue<Item>();
  readonly #readers = new Queue<Deferred<IteratorResult<R>>>();
  readonly #mapping: (item: Named) => R;
  readonly #left: (own: Iteration<R>) => void;
  readonly #signal: AbortSignal | undefined;
  #current: Item | undefined;
  #ended = false;
  #error: HoldfastError | undefined;
  takeOff: () => void = () => {};

  constructor(give: (item: Named) => R, left: (own: Iteration<R>) => void, signal: AbortSignal | undefined) {
    this.#mapping = give;
    this.#left = left;
    this.#signal = signal;
    if (signal?.aborted === true) this.#abort();
    else signal?.addEventListener("abort", this.#abort);
  }

  readonly #abort = () => {
    this.end(cancelled(this.#signal!));
    this.#discard();
  };

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Whether nothing more will come. */
  get ended(): boolean {
    return this.#ended;
  }

  push(name: string, message: Record<string, unknown>): Promise<void> {
    // A callback that ran before this one for the same message may have ended it.
    if (this.#ended) return Promise.resolve();
    return new Promise((handled) => {
      const item: Item = { name, message, handled };
      const reader = this.#readers.shift();
      if (reader === undefined) this.#items.push(item);
      else this.#give(reader, item);
    });
  }

  next(): Promise<IteratorResult<R>> {
    this.#current?.handled();
    this.#current = undefined;
    const reader = deferred<IteratorResult<R>>();
    const item = this.#items.shift();
    if (item !== undefined) this.#give(reader, item);
    else if (this.#ended) this.#finish(reader);
    else this.#readers.push(reader);
    return reader.promise;
  }

  return(): Promise<IteratorResult<R>> {
    this.end(undefined);
    this.#discard();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Nothing more will come; what waits is still given out, though nobody waits any more for it to be handled. */
  end(error: HoldfastError | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#current?.handled();
    for (const item of this.#items.drain()) {
      item.handled();
      this.#items.push(item);
    }
    this.takeOff();
    this.#left(this);
    this.#signal?.removeEventListener("abort", this.#abort);
    for (const reader of this.#readers.drain()) this.#finish(reader);
  }

  #give(reader: Deferred<IteratorResult<R>>, item: Item): void {
    this.#current?.handled();
    this.#current = item;
    reader.resolve({ done: false, value: this.#mapping(item) });
  }

  /** An error is thrown once; afterwards, the iteration is over. */
  #finish(reader: Deferred<IteratorResult<R>>): void {
    if (this.#error === undefined) reader.resolve({ done: true, value: undefined });
    else reader.reject(this.#error);
    this.#error = undefined;
  }

  #discard(): void {
    this.#current = undefined;
    this.#items.drain();
  }
}
