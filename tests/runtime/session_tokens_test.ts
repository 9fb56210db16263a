import assert from "node:assert/strict";
import { test } from "node:test";
import { SessionTokens } from "../../runtime/session_tokens.ts";
import { NONCE_SIZE, TOKEN_SIZE } from "../../runtime/wire/native/handshake.ts";

test("SessionTokens: a token is that of one session alone, made in one process alone, to its last bit", () => {
  const tokens = new SessionTokens();
  const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
  const token = tokens.of(first);
  assert.equal(token.length, TOKEN_SIZE);
  assert.ok(tokens.isOf(first, token));
  assert.ok(!tokens.isOf(second, token));
  assert.ok(!new SessionTokens().isOf(first, token));
  for (let at = 0; at < 8 * TOKEN_SIZE; at++) {
    const other = token.slice();
    other[at >> 3]! ^= 1 << (at & 7);
    assert.ok(!tokens.isOf(first, other));
  }
  for (const other of [new Uint8Array(0), token.subarray(1), new Uint8Array([...token, 0])]) {
    assert.ok(!tokens.isOf(first, other));
  }
});

test("SessionTokens: a transport id is made from its session's number and nonce, in one process alone", () => {
  const tokens = new SessionTokens();
  const nonce = new Uint8Array(NONCE_SIZE);
  const number = tokens.number();
  assert.notEqual(tokens.number(), number);
  const id = tokens.transportId(number, nonce);
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(tokens.transportId(number, nonce.slice()), id);
  assert.notEqual(tokens.transportId(number + 1, nonce), id);
  assert.notEqual(new SessionTokens().transportId(number, nonce), id);
  for (let at = 0; at < 8 * NONCE_SIZE; at++) {
    const other = nonce.slice();
    other[at >> 3]! ^= 1 << (at & 7);
    assert.notEqual(tokens.transportId(number, other), id);
  }
});
