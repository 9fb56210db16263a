import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Call } from "../../../runtime/dispatch.ts";
import { Failure, HoldfastError } from "../../../runtime/errors.ts";
import { message, outcome, Pair, watch } from "./pair.ts";
import { Alone } from "./raw.ts";

const NOTE = message("Note");
const ASK = message("Ask");
const TOLD = message("Told");

describe("Session.request", () => {
  test("gives the reply, in both directions at once", async () => {
    const pair = new Pair({ chunk: () => 3 });
    pair.service.echo("Ask");
    pair.client.handlers["Ask"] = ({ id }) => Promise.resolve({ id: Number(id) * 2 });
    const replies = [pair.client.session.request(ASK, { id: 7 }), pair.service.session.request(ASK, { id: 7 })];
    await pair.settle();
    assert.deepEqual((await Promise.all(replies)).map(({ id }) => id), [7, 14]);
  });

  test("matches replies to requests, in whatever order they come", async () => {
    const pair = new Pair();
    const done = pair.service.park("Ask");
    const requests = [1, 2, 3].map((id) => watch(pair.client.session.request(ASK, { id })));
    await pair.settle();
    done[2]!({ id: 30 });
    await pair.settle();
    assert.deepEqual(requests.map(outcome), ["pending", "pending", "resolved"]);
    done[0]!({ id: 10 });
    done[1]!({ id: 20 });
    await pair.settle();
    assert.deepEqual(requests.map(({ value }) => value?.["id"]), [10, 20, 30]);
  });

  test("rejects with what the handler threw, if it was made to be shown; the connection stays", async () => {
    const pair = new Pair();
    pair.service.handlers["Ask"] = ({ id }) => {
      if (id === 1) throw new Failure("Not today.");
      if (id === 2) return Promise.reject(new Error("the secret"));
      return { id: "wrong" };
    };
    const requests = [1, 2, 3].map((id) => watch(pair.client.session.request(ASK, { id })));
    const nobody = watch(pair.client.session.request(message("Deep"), { id: 4 }));
    await pair.settle();
    assert.deepEqual([...requests, nobody].map(outcome), ["handler-failed", "internal", "internal", "no-handler"]);
    assert.equal(requests[0]!.error!.message, "Not today.");
    assert.ok(requests[0]!.error!.remote);
    for (const [i, hidden] of [[1, /secret/], [2, /wrong/]] as const) {
      const { message } = requests[i]!.error!;
      assert.doesNotMatch(message, hidden);
      const incident = /incident|error ([0-9a-f]{8})/.exec(message)![1];
      const record = pair.service.log.find((record) => record.incident === incident)!;
      assert.equal(record.level, "error");
      assert.match(String(record.error), hidden);
    }
    assert.equal(pair.service.why(), undefined);
    assert.equal(pair.client.why(), undefined);
  });

  test("waits while the peer has as many open as it takes, and goes on in order", async () => {
    const pair = new Pair({ service: { requests: 2 } });
    const done = pair.service.park("Ask");
    const requests = [1, 2, 3, 4].map((id) => watch(pair.client.session.request(ASK, { id })));
    await pair.settle();
    assert.deepEqual(pair.service.begun, ["Ask 1", "Ask 2"]);
    done.shift()!({ id: 1 });
    await pair.settle();
    assert.deepEqual(pair.service.begun, ["Ask 1", "Ask 2", "Ask 3"]);
    for (const end of done) end({ id: 2 });
    await pair.settle();
    done.at(-1)!({ id: 4 });
    await pair.settle();
    assert.deepEqual(requests.map(outcome), new Array(4).fill("resolved"));
  });

  test("is refused where each side has as many open as may be: to wait could be for ever", async () => {
    const pair = new Pair({ service: { requests: 1 } });
    const nested: string[] = [];
    for (const side of [pair.service, pair.client]) {
      side.handlers["Deep"] = async ({ id }) => {
        const fate = watch(Promise.resolve().then(() => side.session.request(message("Deep"), { id })));
        while (fate.state === "pending") await Promise.resolve();
        nested.push(outcome(fate));
        throw new Failure("Too deep.");
      };
    }
    const requests = [
      watch(pair.service.session.request(message("Deep"), { id: 1 })),
      watch(pair.client.session.request(message("Deep"), { id: 2 })),
    ];
    await pair.settle();
    assert.deepEqual(nested, ["limit", "limit"]);
    assert.deepEqual(requests.map(outcome), ["handler-failed", "handler-failed"]);
  });
});

describe("Session.request, called off", () => {
  test("before it was sent: it is never sent", async () => {
    const pair = new Pair({ service: { requests: 1 } });
    const done = pair.service.park("Ask");
    void pair.client.session.request(ASK, { id: 1 });
    const controller = new AbortController();
    const second = watch(pair.client.session.request(ASK, { id: 2 }, controller.signal));
    const third = watch(pair.client.session.request(ASK, { id: 3 }));
    await pair.settle();
    controller.abort("enough");
    await pair.settle();
    assert.deepEqual([second, third].map(outcome), ["cancelled", "pending"]);
    assert.equal(second.error!.cause, "enough");
    done[0]!({ id: 1 });
    await pair.settle();
    done[1]!({ id: 3 });
    await pair.settle();
    assert.deepEqual(pair.service.begun, ["Ask 1", "Ask 3"]);
    assert.equal(third.value!["id"], 3);
  });

  test("before it was sent: what waited behind it goes on", async () => {
    const pair = new Pair({ service: { requests: 1 } });
    pair.service.park("Ask");
    pair.service.echo("Note");
    void pair.client.session.request(ASK, { id: 1 });
    const controller = new AbortController();
    void pair.client.session.request(ASK, { id: 2 }, controller.signal);
    const note = watch(pair.client.session.send(NOTE, { id: 3 }));
    await pair.settle();
    assert.equal(note.state, "pending");
    controller.abort();
    await pair.settle();
    assert.equal(note.state, "resolved");
    assert.deepEqual(pair.service.begun, ["Ask 1", "Note 3"]);
  });

  test("while it waits at the peer: its handler never begins", async () => {
    const pair = new Pair({ service: { handlers: 1 } });
    const done = pair.service.park("Note");
    pair.service.echo("Ask");
    void pair.client.session.send(NOTE, { id: 1 });
    const controller = new AbortController();
    const request = watch(pair.client.session.request(ASK, { id: 2 }, controller.signal));
    const drained = watch(pair.client.session.drained());
    await pair.settle();
    controller.abort();
    await pair.settle();
    assert.equal(outcome(request), "cancelled");
    done[0]!();
    await pair.settle();
    assert.deepEqual(pair.service.begun, ["Note 1"]);
    assert.equal(drained.state, "resolved");
  });

  test("while its handler runs: the handler's signal is aborted, and its reply ignored", async () => {
    const pair = new Pair();
    const calls: Call[] = [];
    const answers: ((value: unknown) => void)[] = [];
    pair.service.handlers["Ask"] = (_value, call) => {
      calls.push(call!);
      return new Promise((resolve) => answers.push(resolve));
    };
    const controller = new AbortController();
    const request = watch(pair.client.session.request(ASK, { id: 1 }, controller.signal));
    await pair.settle();
    assert.equal(calls[0]!.signal.aborted, false);
    controller.abort();
    assert.ok(pair.carry(), "the peer is told at once");
    await pair.settle();
    assert.equal(outcome(request), "cancelled");
    assert.equal(calls[0]!.signal.aborted, true);
    assert.equal(calls[0]!.signal.reason.code, "cancelled");
    answers[0]!({ id: 1 });
    await pair.settle();
    assert.equal(pair.client.why(), undefined);
  });

  test("asks for its signal only later: it is aborted then", () => {
    const service = new Alone();
    let call: Call | undefined;
    service.handlers["Ask"] = (_value, served) => {
      call = served;
      return new Promise(() => {});
    };
    service.hear((to) => to.request(1, ASK, { id: 1 }));
    service.hear((to) => to.cancel(1));
    assert.equal(call!.signal.aborted, true);
    assert.deepEqual(service.told(), ["FAILURE 1 cancelled", "ACK 2 2 1 0 2 2"]);
  });

  test("after the reply: nothing is sent", async () => {
    const pair = new Pair();
    pair.service.echo("Ask");
    const controller = new AbortController();
    const request = watch(pair.client.session.request(ASK, { id: 1 }, controller.signal));
    await pair.settle();
    controller.abort();
    assert.equal(pair.carry(), false);
    assert.equal(outcome(request), "resolved");
  });

  test("while its reply is on the way: the reply is ignored, and the number is free again", async () => {
    const client = new Alone("client", {}, { requests: 1 });
    const controller = new AbortController();
    const request = watch(client.session.request(ASK, { id: 1 }, controller.signal));
    assert.deepEqual(client.told(), ["REQUEST 1 Ask 1"]);
    controller.abort();
    assert.deepEqual(client.told(), ["CANCEL 1"]);
    void client.session.request(ASK, { id: 2 });
    assert.deepEqual(client.told(), [], "it is open until the peer has answered");
    client.hear((to) => to.reply(1, TOLD, { id: 1 }));
    await Promise.resolve();
    assert.equal(outcome(request), "cancelled");
    assert.deepEqual(client.told(), ["REQUEST 2 Ask 2", "ACK 1 1 0 1"]);
  });
});

describe("Session: answers that can't be", () => {
  test("to a request that was answered are passed over, of whatever kind", () => {
    const client = new Alone("client");
    void client.session.request(ASK, { id: 1 });
    client.take();
    for (let i = 0; i < 3; i++) {
      client.hear((to) => {
        to.reply(1, TOLD, { id: 1 });
        to.failure(1, { code: "internal", text: "" });
      });
    }
    assert.equal(client.why(), undefined);
  });

  test("to a request that was never sent end the connection", async () => {
    const wrong: { [what: string]: (client: Alone) => void } = {
      "a REPLY": (client) => client.hear((to) => to.reply(2, TOLD, { id: 1 })),
      "a FAILURE": (client) => client.hear((to) => to.failure(2, { code: "internal", text: "" })),
      "a REPLY to one that waits": (client) => {
        void client.session.request(ASK, { id: 2 });
        client.take();
        client.hear((to) => to.reply(2, TOLD, { id: 2 }));
      },
    };
    for (const [what, act] of Object.entries(wrong)) {
      const client = new Alone("client", {}, { requests: 1 });
      const request = watch(client.session.request(ASK, { id: 1 }));
      client.take();
      act(client);
      await Promise.resolve();
      assert.equal(client.why(), "protocol", what);
      assert.equal(outcome(request), "disconnected", what);
    }
  });

  test("a CANCEL of a request that never was ends the connection; of one that was answered it is passed over", () => {
    const service = new Alone().echo("Ask") as Alone;
    service.hear((to) => {
      to.request(1, ASK, { id: 1 });
      to.cancel(1);
      to.cancel(1);
    });
    assert.equal(service.why(), undefined);
    assert.deepEqual(service.told(), ["REPLY 1 1", "ACK 3 3 1 3"]);
    service.hear((to) => to.cancel(2));
    assert.equal(service.why(), "protocol");
  });

  test("a reply of a wrong shape rejects its request, and ends the connection", async () => {
    const client = new Alone("client");
    const requests = [1, 2].map((id) => watch(client.session.request(ASK, { id })));
    client.take();
    // A `Note` has more fields than a `Told`.
    client.hear((to) => to.reply(1, NOTE, { id: 1, text: "more" }));
    await Promise.resolve();
    assert.deepEqual(requests.map(outcome), ["invalid-message", "disconnected"]);
    assert.equal(client.told().at(-1), "CLOSE invalid-message 1");
  });
});

describe("Session: requests that can't be", () => {
  test("numbers that do not rise end the connection", () => {
    for (const [first, second] of [[1, 1], [5, 4]] as const) {
      const service = new Alone().echo("Ask") as Alone;
      service.hear((to) => to.request(first, ASK, { id: 1 }));
      service.hear((to) => to.request(second, ASK, { id: 2 }));
      assert.equal(service.why(), "protocol");
      assert.deepEqual(service.begun, ["Ask 1"]);
    }
    const service = new Alone().echo("Ask") as Alone;
    service.hear((to) => to.request(0, ASK, { id: 1 }));
    assert.equal(service.why(), "protocol");
  });

  test("more open ones than may be end the connection", () => {
    const service = new Alone("service", { requests: 3 });
    service.park("Ask");
    for (let id = 1; id <= 3; id++) service.hear((to) => to.request(id, ASK, { id }));
    assert.equal(service.why(), undefined);
    service.hear((to) => to.request(4, ASK, { id: 4 }));
    assert.equal(service.why(), "limit");
  });

  test("a message that came as a request, and the other way round, end the connection", () => {
    const asRequest = new Alone().echo("Note") as Alone;
    asRequest.hear((to) => to.request(1, NOTE, { id: 1 }));
    assert.equal(asRequest.why(), "protocol");
    const asMessage = new Alone().echo("Ask") as Alone;
    asMessage.hear((to) => to.message(ASK, { id: 1 }));
    assert.equal(asMessage.why(), "protocol");
    assert.deepEqual([...asRequest.begun, ...asMessage.begun], []);
  });
});

describe("Session: requests at the end", () => {
  test("reject, each with what is known of it, and the peer's are aborted", async () => {
    const pair = new Pair({ service: { requests: 1 } });
    const signals: AbortSignal[] = [];
    pair.service.handlers["Ask"] = (_value, call) => {
      signals.push(call!.signal);
      return new Promise(() => {});
    };
    const requests = [1, 2].map((id) => watch(pair.client.session.request(ASK, { id })));
    await pair.settle();
    const reason = new HoldfastError("disconnected", "The line broke.");
    pair.client.session.disconnected(reason);
    pair.service.session.disconnected(reason);
    await pair.settle();
    assert.deepEqual(requests.map(outcome), ["disconnected", "disconnected"]);
    assert.match(requests[0]!.error!.message, /before it was known/);
    assert.match(requests[1]!.error!.message, /Not sent/);
    assert.equal(requests[0]!.error!.cause, reason);
    assert.equal(signals[0]!.aborted, true);
    assert.equal(signals[0]!.reason, reason);
  });
});
