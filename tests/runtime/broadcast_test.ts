import assert from "node:assert/strict";
import { connect, parse, serve } from "../../mod.ts";
import { check, type Scope, testCertificate } from "../harness.ts";

const NEWS = parse("News < id: int, text: string > service Lab/News { auth all sends News }");

/** A service, clients of it, and what each has heard. */
async function lab(scope: Scope, count: number) {
  const network = scope.memory();
  const { cert, key } = await testCertificate();
  const server = await serve(NEWS, { cert, key, network, messages: {} });
  scope.cleanup(() => server.close());
  const heard: { readonly [field: string]: unknown }[][] = [];
  for (let i = 0; i < count; i++) {
    const client = await connect(server.url, {
      network,
      messages: { News: (news) => void heard[i]!.push({ ...news }) },
    });
    heard.push([]);
    scope.cleanup(() => client.close());
  }
  /** Resolved when all clients have handled all that was sent. */
  const settled = async () => {
    for (const [id] of server.connections) {
      await server.send(id, "News", { id: -1, text: "" }, { acknowledge: true });
    }
    for (const all of heard) assert.equal(all.pop()?.["id"], -1);
  };
  return { heard, server, settled };
}

check("Server.broadcast: encodes a message once, however many clients there are", async (scope) => {
  const { heard, server, settled } = await lab(scope, 5);
  let reads = 0;
  const message = {
    id: 1,
    get text() {
      return `read ${++reads}`;
    },
  };
  assert.equal(server.broadcast("News", message), 5);
  await settled();
  assert.equal(reads, 1);
  assert.deepEqual(heard, new Array(5).fill([{ id: 1, text: "read 1" }]));
});

check("Server.broadcast: long messages arrive in order among others, also where they had to wait", async (scope) => {
  const { heard, server, settled } = await lab(scope, 3);
  const [first] = server.connections.keys();
  const wanted: { id: number; text: string }[] = [];
  // More than a window of them.
  for (let id = 0; id < 60; id++) {
    const news = { id, text: `${id} `.repeat(id % 2 === 0 ? 1 : 20_000) };
    wanted.push(news);
    if (id % 3 === 0) void server.send(first!, "News", news);
    else assert.equal(server.broadcast("News", news, { overflow: "wait" }), 3);
  }
  await settled();
  assert.deepEqual(heard[0], wanted);
  for (const other of heard.slice(1)) assert.deepEqual(other, wanted.filter(({ id }) => id % 3 !== 0));
});
