/**
 * The table of `docs/security.md` over TLS: the runtime's own, and `node:tls`. Every rule and every kind of clients, who
 * show a certificate, a token, or, where the runtime's TLS lets one through, a proxy.
 */

import assert from "node:assert/strict";
import { nodeNetwork } from "../../../runtime/transport/node.ts";
import { nativeNetwork } from "../../../runtime/transport/runtime.ts";
import { check } from "../../harness.ts";
import { type Caller, isComplete, type Way } from "./callers.ts";
import { Intruder } from "./intruder.ts";
import { CALLERS, expected, found, type Hall, hall, markOf, MATRIX } from "./matrix.ts";
import { ROWS } from "./truth_table.ts";

/** Deno's TLS refuses the extension that makes a proxy one. */
const takesProxies = !("Deno" in globalThis);

const NETWORKS = { "the runtime's own TLS": nativeNetwork(), "node:tls": nodeNetwork() };

for (const [name, network] of Object.entries(NETWORKS)) {
  for (const asks of [false, true]) {
    const ways: readonly Way[] = asks
      ? ["nothing", "certificate", "token", ...takesProxies ? ["proxy"] as const : []]
      : ["nothing", "token"];
    check(`${name}: rules let in as the table says who shows ${ways.join(", ")}`, async (t) => {
      const { list, trust } = await CALLERS;
      const clientCertificates = asks
        ? { ca: trust.ca, ...(takesProxies && { proxies: "full" as const }) }
        : undefined as never;
      const own = await hall(t, MATRIX, { clientCertificates }, t.network(network));
      const callers = list.filter(({ way }) => ways.includes(way));
      assert.ok(isComplete(callers, ways));
      for (const [i, caller] of callers.entries()) {
        const knows = i % 2 === 1;
        assert.deepEqual(await found(own, caller, knows ? MATRIX : undefined), expected(caller, knows), caller.name);
        await assertHolds(own, caller);
      }
    }, { timeout: 60_000, grace: 10_000 });
  }
}

/** An intruder comes no further here than in memory. */
async function assertHolds(own: Hall, caller: Caller): Promise<void> {
  const intruder = await Intruder.enter(own, caller, MATRIX, false);
  const refusal = { code: "unauthorized", text: "Not authorized." };
  let last: string | undefined;
  for (const [id, { admits }] of ROWS.entries()) {
    const answer = await intruder.request(`Ask${markOf(id)}`, { id });
    assert.deepEqual(answer, admits[caller.kind] ? { kind: "handled" } : { kind: "FAILURE", ...refusal });
    if (!admits[caller.kind]) last = `Tell${markOf(id)}`;
  }
  assert.deepEqual(await intruder.message(last!, { id: 1 }), { kind: "CLOSE", ...refusal });
  assert.ok(!own.heard.by.get(intruder.welcome.transportId)?.includes(last!));
}
