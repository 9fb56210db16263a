/**
 * What is true of one direction of a session, kept by who sees both sides: the queue of what was given to be sent, how
 * far each thing has come, and what its sender was told. Whatever the sender is told is judged by it.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { HoldfastError } from "../../../../runtime/errors.ts";
import type { Outcome } from "../../../../runtime/session/outgoing.ts";

/** A message or a request that was given to a session. */
export interface Thing {
  readonly id: number;
  readonly text: string;
  readonly isRequest: boolean;
  readonly acknowledge: boolean;
  /** Whether it may be dropped, and under which key only the latest waits. */
  readonly overflow: "wait" | "drop-oldest" | { readonly latest: string };
  readonly controller: AbortController;
  /** How often the sender's line had taken bytes when this was given to it. */
  readonly takes: number;
  /** Its place in the line: a thing that takes the place of another gets that one's. */
  order: number;
  /** What the sender was told: `pending`, `done`, or why not. */
  told: "pending" | "done" | HoldfastError;
  /** What became of its handler; one that is skipped since the request was called off never begins. */
  handler: "waits" | "runs" | "done" | "refused" | "threw";
}

/** One direction of one session. */
export class Half {
  /** All that was given to be sent, by its id. */
  readonly things: Map<number, Thing> = new Map();
  /** The last ones whose handlers began. */
  #lastMessage = 0;
  #lastRequest = 0;
  #orders = 0;
  /** How many counted frames the sender has made that it has not taken back. */
  frames = 0;
  /** How many of them the receiver has handled. */
  handled = 0;

  /** Something is given to be sent. */
  add(thing: Omit<Thing, "order" | "told" | "handler">): Thing {
    const added: Thing = { ...thing, order: ++this.#orders, told: "pending", handler: "waits" };
    this.things.set(thing.id, added);
    return added;
  }

  /** The sender was told what became of a thing. */
  tell(thing: Thing, told: "done" | HoldfastError): void {
    assert.equal(thing.told, "pending", `${thing.id} was settled twice`);
    thing.told = told;
    if (told === "done") {
      if (thing.isRequest || thing.acknowledge) assert.equal(thing.handler, "done", `${thing.id} was not handled`);
    } else if (told.code === "dropped") {
      this.#drop(thing);
    } else if (told.code === "handler-failed" && thing.isRequest) {
      assert.equal(thing.handler, "refused", `${thing.id} was not refused`);
    } else if (told.code === "internal") {
      assert.equal(thing.handler, "threw", `the handler of ${thing.id} did not throw`);
    }
    if (isNeverSent(thing)) assert.equal(thing.handler, "waits", `${thing.id} was reported as never sent, and was`);
  }

  /** What gives way to a newer thing under its key leaves that one its place. */
  #drop(thing: Thing): void {
    const { id, order, overflow } = thing;
    assert.notEqual(overflow, "wait", `${id} may not be dropped`);
    this.frames--;
    if (typeof overflow !== "object") return;
    const newer = [...this.things.values()].find((other) =>
      other.id > id && typeof other.overflow === "object" && other.overflow.latest === overflow.latest
    );
    assert.ok(newer, `${id} gave way to nothing`);
    newer.order = order;
  }

  /** A handler begins at the receiver. */
  begin(id: number, text: unknown, mayOvertake: boolean): Thing {
    const thing = this.things.get(id);
    assert.ok(thing, `${id} was never sent`);
    assert.ok(thing.text === text, `${id} arrived as something else`);
    assert.equal(thing.handler, "waits", `${id} is handled twice`);
    assert.ok(!isNeverSent(thing), `${id} is handled, and was reported as never sent`);
    const before = mayOvertake
      ? thing.isRequest ? this.#lastRequest : this.#lastMessage
      : Math.max(this.#lastRequest, this.#lastMessage);
    assert.ok(thing.order > before, `${id} is handled after what was sent behind it`);
    if (thing.isRequest) this.#lastRequest = thing.order;
    else this.#lastMessage = thing.order;
    thing.handler = "runs";
    return thing;
  }

  /** A session has ended: all who waited were told, and what is said of the whole is true. */
  judge(outcome: Outcome, takes: number): void {
    for (const thing of this.things.values()) {
      assert.notEqual(thing.told, "pending", `nobody was told what became of ${thing.id}`);
      if (thing.takes === takes && typeof thing.told === "object" && thing.told.code === "disconnected") {
        assert.match(thing.told.message, /^Not sent/, `${thing.id} never left`);
      }
    }
    const { handled, notHandled, unknown } = outcome;
    assert.equal(handled + notHandled + unknown, this.frames, "the outcome tells of all that was to be sent");
    assert.ok(Math.min(handled, notHandled, unknown) >= 0, "nothing in an outcome is negative");
    assert.ok(handled <= this.handled, `${handled} are said to be handled, and ${this.handled} were`);
    assert.ok(this.handled <= handled + unknown, `${notHandled} are said not to be handled, of which some were`);
  }

  /** Nothing is under way any more, and the session has not ended: all was handled once. */
  judgeWhole(outcome: Outcome): void {
    for (const { id, handler, told } of this.things.values()) {
      assert.notEqual(told, "pending", `${id} hangs`);
      if (typeof told === "object") assert.match(told.code, /^(dropped|cancelled|handler-failed)$/, `${id} was lost`);
      else assert.equal(handler, "done", `${id} went, and was never handled`);
    }
    assert.deepEqual(outcome, { handled: this.frames, notHandled: 0, unknown: 0 });
  }
}

/** Whether a sender was told that a thing has not left, and never will. */
function isNeverSent({ told }: Thing): boolean {
  return typeof told === "object" && (told.code === "dropped" || /^Not sent/.test(told.message));
}
