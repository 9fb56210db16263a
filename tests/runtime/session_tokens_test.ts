import assert from "node:assert/strict";
import { test } from "node:test";
import { SessionTokens } from "../../runtime/session_tokens.ts";
import { TOKEN_SIZE } from "../../runtime/wire/native/handshake.ts";

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
