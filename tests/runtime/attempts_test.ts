import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, Failure, parse, serve } from "../../mod.ts";
import { FailedAttempts, originOf } from "../../runtime/attempts.ts";
import { type ErrorCode, HoldfastError } from "../../runtime/errors.ts";
import { faultyNetwork } from "../faulty_network.ts";
import { check } from "../harness.ts";

const clock = { time: 0, now: () => clock.time, set: () => () => {} };
const error = (code: ErrorCode) => new HoldfastError(code, "No.");
const mustWait = (attempts: FailedAttempts, address: string) =>
  assert.throws(() => attempts.check(address), { code: "limit" });

test("FailedAttempts: an address waits after so many failures, until the minute since the first is over", () => {
  const attempts = new FailedAttempts(2, clock);
  attempts.failed("192.0.2.1", error("refused"));
  attempts.check("192.0.2.1");
  clock.time += 50_000;
  attempts.failed("192.0.2.1", error("protocol"));
  assert.throws(() => attempts.check("192.0.2.1"), { code: "limit", message: /try again in 10 s/ });
  attempts.check("192.0.2.2");
  clock.time += 9_999;
  mustWait(attempts, "192.0.2.1");
  clock.time += 1;
  attempts.check("192.0.2.1");
  attempts.failed("192.0.2.1", error("refused"));
  attempts.check("192.0.2.1");
});

test("FailedAttempts: nobody answers for being slow, or for coming when all is full", () => {
  const attempts = new FailedAttempts(1, clock);
  for (const code of ["limit", "timeout", "stopping", "disconnected", "identity-in-use", "internal"] as const) {
    attempts.failed("192.0.2.1", error(code));
    attempts.check("192.0.2.1");
  }
});

test("FailedAttempts: remembers no more than 10,000 addresses, the latest", () => {
  const attempts = new FailedAttempts(1, clock);
  for (let i = 0; i < 20_000; i++) attempts.failed(`address ${i}`, error("refused"));
  assert.equal(attempts.size, 10_000);
  mustWait(attempts, "address 19999");
  attempts.check("address 0");
});

test("originOf: an IPv4 address is itself, of IPv6 the network counts, however it is written", () => {
  const cases = [
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:1:2::6", "2001:db8:1:2::/64"],
    ["2001:db8::6", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["memory", "memory"],
  ] as const;
  for (const [address, origin] of cases) assert.equal(originOf(address), origin);
});

check("limits: a session resumes from an address that has to wait", async (scope) => {
  const network = faultyNetwork(scope.memory());
  const definition = parse("Ping < id: int > service Lab/Door { auth all connect < name: string > receives Ping }");
  const server = await serve(definition, {
    cert: "",
    key: "",
    network,
    limits: { failures: 1 },
    log: () => {},
    onConnect(_connection, { name }) {
      if (name !== "guest") throw new Failure("No.");
    },
    messages: { Ping() {} },
  });
  scope.cleanup(() => server.close());
  const join = async (name: string) => {
    const client = new Client(server.url, definition, { args: { name }, network, reconnect: { first: 1, most: 1 } });
    scope.cleanup(() => client.close());
    await client.connect();
    return client;
  };
  const client = await join("guest");
  const { transportId } = client;
  await assert.rejects(join("thief"), { code: "refused" });
  const resumed = new Promise<void>((resolve) => client.onStatus(({ state }) => state === "resumed" && resolve()));
  network.lines[0]!.cut();
  await resumed;
  await client.send("Ping", { id: 1 }, { acknowledge: true });
  assert.equal(client.transportId, transportId);
});
