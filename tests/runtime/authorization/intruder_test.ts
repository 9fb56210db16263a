/**
 * Clients that send what they may not, whatever their own code would make of it: the service's answer, and that no
 * handler runs; and that nothing on the wire tells of what they may not know.
 */

import assert from "node:assert/strict";
import { parse } from "../../../mod.ts";
import * as kinds from "../../../runtime/wire/native/kinds.ts";
import { check } from "../../harness.ts";
import { Intruder } from "./intruder.ts";
import { CALLERS, type Hall, hall, markOf, MATRIX } from "./matrix.ts";
import { type Kind, KINDS, ROWS } from "./truth_table.ts";

const ran = ({ heard }: Hall, { welcome }: Intruder) => heard.by.get(welcome.transportId) ?? [];

/** What the audit has of denials. */
const denied = ({ log }: Hall) => log.flatMap(({ action, event }) => event === "denied" ? [action] : []);

/** Each way does for a kind what each other does: `truth_table_test.ts` says so. */
async function someCaller(kind: Kind) {
  return (await CALLERS).list.find((caller) => caller.kind === kind)!;
}

for (const kind of KINDS) {
  check(`who holds the whole (${kind}) and sends what no rule lets it send: CLOSE or FAILURE`, async (t) => {
    const own = await hall(t, MATRIX);
    const caller = await someCaller(kind);
    const asking = await Intruder.enter(own, caller, MATRIX, false);
    const asked: string[] = [];
    for (const [id, { admits, rule }] of ROWS.entries()) {
      const mark = markOf(id);
      // One connection has all the requests: each is refused, or answered, and the next may come.
      const answer = await asking.request(`Ask${mark}`, { id });
      const telling = await Intruder.enter(own, caller, MATRIX, false);
      own.log.length = 0;
      const told = await telling.message(`Tell${mark}`, { id });
      if (admits[kind]) {
        assert.deepEqual([answer, told], [{ kind: "handled" }, { kind: "handled" }], rule);
        asked.push(`Ask${mark}`);
        assert.deepEqual(ran(own, telling), [`Tell${mark}`]);
        telling.leave();
      } else {
        const refusal = { code: "unauthorized", text: "Not authorized." };
        assert.deepEqual([answer, told], [{ kind: "FAILURE", ...refusal }, { kind: "CLOSE", ...refusal }], rule);
        assert.deepEqual(ran(own, telling), []);
        assert.deepEqual(denied(own), [`receives Tell${mark}`]);
      }
    }
    assert.deepEqual(ran(own, asking), asked);
    asking.leave();
  });

  check(`who was told what it may know (${kind}) can't tell the rest from what there is not`, async (t) => {
    const own = await hall(t, MATRIX);
    const caller = await someCaller(kind);
    const nowhere = MATRIX.shape.messages.length + 7;
    for (const way of [kinds.MESSAGE, kinds.REQUEST] as const) {
      const lost = await Intruder.enter(own, caller, MATRIX, true);
      const unknown = await lost.number(way, nowhere);
      assert.deepEqual([unknown.kind, "code" in unknown && unknown.code], ["CLOSE", "unknown-message"]);
      for (const [id, { admits, rule }] of ROWS.entries()) {
        if (admits[kind]) continue;
        const mark = markOf(id);
        for (const name of [`Tell${mark}`, `Ask${mark}`, `Answer${mark}`, `Push${mark}`, `Poll${mark}`]) {
          const intruder = await Intruder.enter(own, caller, MATRIX, true);
          const number = intruder.numberOf(name);
          const answer = await intruder.number(way, number);
          assert.deepEqual(told(answer, number), told(unknown, nowhere), `${name} by "${rule}"`);
          assert.deepEqual(ran(own, intruder), []);
        }
      }
    }
  });

  check(`what a client is sent (${kind}) has no trace of what it may not know`, async (t) => {
    const own = await hall(t, MATRIX);
    const intruder = await Intruder.enter(own, await someCaller(kind), MATRIX, true);
    const traces = ROWS.filter((_, id) => intruder.wire.includes(markOf(id))).map(({ rule }) => rule);
    assert.deepEqual(traces, ROWS.filter(({ admits }) => admits[kind]).map(({ rule }) => rule));
    assert.deepEqual(intruder.welcome.forbidden, []);
    intruder.leave();
  });
}

/** An answer, but for the number that it names. */
function told(answer: object, number: number): string {
  return JSON.stringify(answer).replace(new RegExp(`\\b${number}\\b`), "N");
}

check("a message that goes both ways is known in the one in which it may be used", async (t) => {
  const definition = parse(`
    /// Seen by all.
    Both < text: string >
    Reply < text: string >
    Hidden < text: string >
    service Lab/Street {
      auth all
      receives Both -> Reply auth group:production
      sends Both
      receives Hidden -> Reply auth none
    }
  `);
  const own = await hall(t, definition);
  const guest = await Intruder.enter(own, await someCaller("guests"), definition, true);
  assert.match(guest.wire, /Both/);
  assert.doesNotMatch(guest.wire, /Reply|Hidden|receives/);
  assert.deepEqual(await guest.request("Both", { text: "let me" }), {
    kind: "CLOSE",
    code: "wrong-direction",
    text: "Both is not for a service to receive.",
  });
  const producer = await Intruder.enter(own, await someCaller("production"), definition, true);
  assert.match(producer.wire, /Reply/);
  assert.doesNotMatch(producer.wire, /Hidden/);
  producer.leave();
});

check("who holds the whole is told the numbers that it may not send, and no more than that", async (t) => {
  const own = await hall(t, MATRIX);
  for (const kind of KINDS) {
    const intruder = await Intruder.enter(own, await someCaller(kind), MATRIX, false);
    const numbers = ROWS.flatMap(({ admits }, id) =>
      admits[kind] ? [] : [`Tell${markOf(id)}`, `Ask${markOf(id)}`].map((name) => intruder.numberOf(name))
    );
    assert.deepEqual(intruder.welcome.forbidden, numbers.sort((a, b) => a - b));
    assert.ok(!intruder.peer.told().includes("DEFINITION"));
    intruder.leave();
  }
});
