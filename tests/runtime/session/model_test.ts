/**
 * Two sessions against a model of them: what each application has said, and what became of it.
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure, HoldfastError } from "../../../runtime/errors.ts";
import { type Fate, message, outcome, Pair, type Side, turn, watch } from "./pair.ts";

/** Something that one application does, or that happens to the line. Which side, which of many: a number, modulo. */
type Step =
  | { readonly do: "send"; readonly side: number; readonly text: number; readonly acknowledge: boolean }
  | { readonly do: "ask"; readonly side: number; readonly text: number }
  | { readonly do: "call off"; readonly which: number }
  | { readonly do: "finish"; readonly side: number; readonly which: number; readonly fail: boolean }
  | { readonly do: "carry" }
  | { readonly do: "cut"; readonly up: number; readonly down: number }
  | { readonly do: "end"; readonly side: number; readonly how: "close" | "break" };

const side = fc.nat(1);
const which = fc.nat(1000);
const text = fc.oneof({ weight: 9, arbitrary: fc.nat(20) }, fc.nat(400));

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("send"), side, text, acknowledge: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("ask"), side, text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("call off"), which }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant("finish"), side, which, fail: fc.boolean() }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("carry") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cut"), up: fc.nat(60), down: fc.nat(60) }) },
);

const lastStep: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("end"),
  side,
  how: fc.constantFrom("close", "break"),
});

const limits = fc.record({
  window: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constant(1024)),
  handlers: fc.integer({ min: 1, max: 5 }),
  requests: fc.integer({ min: 1, max: 5 }),
});

/** Something that was said: a message or a request. */
interface Said {
  readonly from: number;
  readonly id: number;
  readonly isRequest: boolean;
  readonly acknowledge: boolean;
  readonly fate: Fate<unknown>;
  readonly controller: AbortController;
  calledOff: boolean;
  /** How often its handler began, and whether it is done. */
  begun: number;
  finished: boolean;
}

/** A handler that runs. */
interface Running {
  readonly said: Said;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

class Model {
  readonly pair: Pair;
  readonly sides: readonly Side[];
  readonly said: Said[] = [];
  readonly running: Running[][] = [[], []];
  #ended = false;

  constructor(pair: Pair) {
    this.pair = pair;
    this.sides = [pair.client, pair.service];
    for (const [at, side] of this.sides.entries()) {
      for (const name of ["Note", "Ask"]) {
        side.handlers[name] = ({ id }) =>
          new Promise((resolve, reject) => {
            assert.ok(!this.#ended, "a handler began after the end");
            const said = this.said[Number(id)]!;
            assert.notEqual(said.from, at);
            said.begun++;
            this.running[at]!.push({ said, resolve, reject });
          });
      }
    }
  }

  async run(step: Step): Promise<void> {
    switch (step.do) {
      case "send":
        this.#say(step.side, false, step.text, step.acknowledge);
        break;
      case "ask":
        this.#say(step.side, true, step.text, false);
        break;
      case "call off": {
        const pending = this.said.filter(({ fate }) => fate.state === "pending");
        const said = pending[step.which % Math.max(1, pending.length)];
        if (said !== undefined) said.calledOff = true;
        said?.controller.abort();
        break;
      }
      case "finish":
        this.finish(step.side, step.which, step.fail);
        break;
      case "carry":
        this.pair.carry();
        break;
      case "cut":
        this.pair.cut(step.up, step.down);
        break;
      case "end":
        this.#end(step.side, step.how);
    }
    await turn();
    this.check();
  }

  finish(side: number, which: number, fail: boolean): void {
    const running = this.running[side]!;
    const [handler] = running.splice(which % Math.max(1, running.length), 1);
    if (handler === undefined) return;
    handler.said.finished = true;
    if (handler.said.isRequest && fail) handler.reject(new Failure("No."));
    else handler.resolve({ id: handler.said.id });
  }

  /** What holds at every moment. */
  check(): void {
    for (const said of this.said) {
      assert.ok(said.begun <= 1, `${said.id} was handled twice`);
      const { state } = said.fate;
      if (state === "resolved" && (said.isRequest || said.acknowledge)) {
        assert.ok(said.finished, `${said.id} was settled before it was handled`);
      }
      if (state === "rejected" && !this.#ended) {
        const codes = said.isRequest ? ["cancelled", "handler-failed"] : ["cancelled"];
        assert.ok(codes.includes(outcome(said.fate)), outcome(said.fate));
      }
    }
    for (const [at, side] of this.sides.entries()) {
      for (const isRequest of [false, true]) {
        const begun = side.begun.filter((what) => what.startsWith("Ask") === isRequest).map((what) =>
          what.split(" ")[1]
        );
        const sorted = begun.toSorted((a, b) => Number(a) - Number(b));
        assert.deepEqual(begun, sorted, `side ${at} began in another order`);
      }
    }
  }

  /** What holds when nothing is left to do. */
  checkEnd(): void {
    for (const { id, isRequest, fate, begun, calledOff, finished } of this.said) {
      assert.notEqual(fate.state, "pending", `${id} was never settled`);
      if (this.#ended) continue;
      if (!calledOff) {
        assert.equal(begun, 1, `${id} was not handled`);
        assert.ok(finished);
      }
      if (isRequest && outcome(fate) === "resolved") assert.equal((fate.value as { id: number }).id, id);
    }
  }

  #say(from: number, isRequest: boolean, length: number, acknowledge: boolean): void {
    const id = this.said.length;
    const controller = new AbortController();
    const { session } = this.sides[from]!;
    const value = { id, text: "x".repeat(length) };
    const { signal } = controller;
    const said: Said = {
      from,
      id,
      isRequest,
      acknowledge,
      controller,
      fate: { state: "pending" },
      calledOff: false,
      begun: 0,
      finished: false,
    };
    this.said.push(said);
    try {
      const saying: Promise<unknown> = isRequest
        ? session.request(message("Ask"), value, signal)
        : session.send(message("Note"), value, { acknowledge, signal });
      watch(saying, said.fate);
    } catch (error) {
      // Each side has as many requests open as may be: nothing was said then.
      assert.equal((error as HoldfastError).code, "limit");
      this.said.pop();
    }
  }

  #end(side: number, how: "close" | "break"): void {
    this.#ended = true;
    const reason = new HoldfastError(how === "close" ? "closed" : "disconnected", "The end.");
    if (how === "close") this.sides[side]!.session.fail(reason, 0);
    else for (const { session } of this.sides) session.disconnected(reason);
    this.pair.carry();
  }
}

test("Session: acknowledged is handled exactly once, in order, across breaks; nothing is lost, nothing hangs", async () => {
  await fc.assert(
    fc.asyncProperty(
      limits,
      limits,
      fc.integer({ min: 1, max: 64 }),
      fc.array(step, { maxLength: 120, size: "max" }),
      fc.option(lastStep, { nil: undefined }),
      async (service, client, chunk, steps, last) => {
        const model = new Model(new Pair({ service, client, chunk: () => chunk }));
        for (const step of steps) await model.run(step);
        if (last !== undefined) await model.run(last);
        // All that is left to do.
        for (let left = true; left;) {
          await model.pair.settle();
          left = model.running.some((running) => running.length > 0);
          for (const side of [0, 1]) model.finish(side, 0, false);
        }
        model.check();
        model.checkEnd();
      },
    ),
    { numRuns: 1000 },
  );
});
