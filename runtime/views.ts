/**
 * What of a service's definition each kind of clients is told.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { encodeDefinition, hashShape } from "../idl/canonical.ts";
import type { Definition, Message } from "../idl/definition.ts";
import { viewDefinition } from "../idl/view.ts";
import type { Rights } from "./authorization.ts";
import type { MessageTable } from "./wire/native/table.ts";

/** How many views are remembered, beside the whole. */
const MOST_VIEWS = 1_000;

/** A definition, or the part of one that some clients may know. */
export class View {
  readonly definition: Definition;
  /** The messages in it, as they are on the wire. */
  readonly table: MessageTable;
  /** Names it on the wire. */
  readonly hash: Uint8Array;
  /** What those who hold it had the right to do; nothing is known of those who hold the whole. */
  readonly rights: Rights | undefined;
  #json: Uint8Array | undefined;
  /** Many have the same rights, and all ask. */
  readonly #forbidden = new WeakMap<Rights, readonly number[]>();

  constructor(table: MessageTable, rights?: Rights) {
    this.definition = table.definition;
    this.table = table;
    this.hash = hashShape(table.definition.shape);
    this.rights = rights;
  }

  /** The definition, as it goes over the wire. */
  get json(): Uint8Array {
    return this.#json ??= encodeDefinition(this.definition);
  }

  /** The message of that name, if who holds this view knows that the service sends it. */
  sends(name: string): Message | undefined {
    const message = this.table.name(name);
    return message?.sends === undefined ? undefined : message;
  }

  /** Numbers of the messages in it that a client with some rights may not send, ascending. */
  forbidden(rights: Rights): readonly number[] {
    let forbidden = this.#forbidden.get(rights);
    if (forbidden === undefined) {
      forbidden = this.definition.shape.messages
        .filter(({ name, receives }) => receives !== undefined && !rights.maySend(name))
        .map(({ number }) => number);
      this.#forbidden.set(rights, forbidden);
    }
    return forbidden;
  }
}

/** The views of one definition. */
export class Views {
  readonly #whole: View;
  /** By what their holders may do; the oldest first. */
  readonly #byRights = new Map<string, View>();

  /** @param table The whole. */
  constructor(table: MessageTable) {
    this.#whole = new View(table);
  }

  /** What clients with some rights are told. */
  of(rights: Rights): View {
    const { key } = rights;
    let view = this.#byRights.get(key);
    if (view === undefined) {
      const whole = this.#whole.definition;
      const definition = viewDefinition(
        whole,
        (direction, name) => direction === "receives" ? rights.maySend(name) : rights.mayBeSent(name),
      );
      view = definition === whole ? this.#whole : new View(this.#whole.table.part(definition), rights);
      this.#byRights.set(key, view);
      if (this.#byRights.size > MOST_VIEWS) this.#byRights.delete(this.#byRights.keys().next().value!);
    }
    return view;
  }

  /**
   * Finds the definition that a client already holds: the whole, or what clients were told that may do no more.
   *
   * @param hash What names it.
   * @param rights What the client may do.
   */
  held(hash: Uint8Array, rights: Rights): View | undefined {
    // The whole is told to nobody who does not hold it, and what its holder may do is told with the WELCOME.
    if (Buffer.compare(hash, this.#whole.hash) === 0) return this.#whole;
    const own = this.of(rights);
    if (Buffer.compare(hash, own.hash) === 0) return own;
    return [...this.#byRights.values()].find((view) =>
      Buffer.compare(hash, view.hash) === 0 && view.rights?.isWithin(rights)
    );
  }
}
