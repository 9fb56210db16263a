/**
 * A client that knows no definition, and says and hears all that `service.ts` has: `client.ts URL CA ASKING OWN`, where
 * ASKING is the one that asks for certificates, and OWN a certificate with its key. It says what it has seen to work,
 * one line each, and ends with 0 when it has got through.
 *
 * @module
 */

import { connect, HoldfastError, parse, print } from "holdfast";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";

const [url = "", file = "", askingUrl = "", ownFile = ""] = process.argv.slice(2);
const [ca, own] = [readFileSync(file, "utf8"), readFileSync(ownFile, "utf8")];
const seen = (what: string) => console.log(what);

function isError(code: string, text: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof HoldfastError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, text);
    return true;
  };
}

await assert.rejects(connect(url, { args: { name: "nobody" } }), isError("certificate", /not to be trusted/));
seen("certificate refused");

const client = await connect(url, { ca, args: { name: "first" } });
const text = print(client.definition!);
assert.match(text, /receives Submit -> Accepted/);
assert.deepEqual(parse(text).shape, client.definition!.shape);
seen("definition discovered");

const pongs = client.messages("Pong");
const payload = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const at = new Date(1_795_343_161_123);
for (const id of [1, 2 ** 53 - 1, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 64n), 10n ** 40n]) {
  await client.send("Ping", { id, payload, at });
  const { value } = await pongs.next();
  assert.deepEqual(value, { id, payload, at });
}
assert.throws(() => client.send("Ping", { id: 1.5, payload, at }), isError("invalid-message", /id/));
seen("messages both ways");

const large = new Uint8Array(300_000).map((_, index) => index * 7);
const accepted = await client.request("Submit", { id: 2n ** 53n, payload: large });
assert.equal(accepted["id"], 2n ** 53n + 1n);
assert.deepEqual(accepted["payload"], large.slice().reverse());
await assert.rejects(client.request("Submit", { id: -1n, payload }), isError("handler-failed", /^-1 is no id\.$/));
seen("request of the client answered");

client.on("Ask", ({ question }) => ({ answer: `${question} Yes.` }));
const { answers } = await client.request("Interview", { questions: ["Both ways?", "At once?"] });
// A map has no prototype.
assert.deepEqual({ ...answers }, { "Both ways?": "Both ways? Yes.", "At once?": "At once? Yes." });
seen("requests of the service answered");

await client.send("Note", { text: url }, { acknowledge: true });
assert.deepEqual((await client.request("Recall", {}))["texts"], [url]);
seen("send acknowledged when handled");

const second = await connect(url, client.definition!, {
  ca,
  args: { name: "second" },
  identity: `second of ${process.pid}`,
});
const { transportId } = second;
assert.notEqual(transportId, client.transportId);
assert.equal(second.identity, `second of ${process.pid}`);
client.on("Forwarded", () => assert.fail("This was for the other one."));
const forwarded = second.messages("Forwarded");
await client.send("Forward", { transportId, text: "Hello" });
assert.deepEqual((await forwarded.next()).value, { text: "Hello", by: "first" });
seen("pushed to the one that was chosen");

await assert.rejects(
  connect(url, { ca, args: { name: "guests", unwanted: true } }),
  isError("refused", /^No guests today\.$/),
);
seen("refused with the reason");

const gone = client.messages("Gone");
await second.close("Enough.");
assert.equal(second.status.state, "closed");
assert.deepEqual((await gone.next()).value, { transportId, reason: "Enough." });
seen("closed by the client");

const ended = new Promise<HoldfastError>((resolve) => client.onDisconnect(resolve));
await client.send("Dismiss", { reason: "Closing time." });
isError("closed", /Closing time\./)(await ended);
assert.equal(client.status.state, "idle");
seen("closed by the service");

for (const certificate of [{ cert: own, key: own }, undefined]) {
  await using asking = await connect(askingUrl, { ca, ...(certificate !== undefined && { certificate }) });
  const subject = certificate === undefined ? "" : "/C=ch/O=Lab/CN=alice";
  assert.deepEqual({ ...await asking.request("Who", {}) }, { subject });
}
seen("known by its certificate, if it has one");
