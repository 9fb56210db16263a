/**
 * What those cost a service who have not been let in: less than a fixed number of bytes each, whatever they say.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { HOSTS, OWN_HOST } from "../../programs.ts";
import { Siege, STAGES } from "./siege.ts";

/** Of those who say as little as takes them to a stage. `docs/security.md` names both bounds. */
const LITTLE = 32 * 1024;
/** Of those who say as much as they may. */
const MUCH = 256 * 1024;
const CLIENTS = 60;

// Node runs no tests itself.
for (const host of HOSTS.filter(({ name }) => name === OWN_HOST.name || name === "Node" && OWN_HOST.name === "Deno")) {
  for (const asks of [false, true]) {
    const service = `a service on ${host.name} that asks for ${asks ? "certificates" : "none"}`;
    test(`attacks: a client that is not let in costs a fixed number of bytes: ${service}`, {
      skip: host.skip,
      timeout: 120_000,
    }, async () => {
      await using siege = await Siege.begin(host, asks);
      for (const [stage, says] of Object.entries(STAGES)) {
        const { counted } = await siege.cost(says, CLIENTS);
        const said = says.reduce((sum, { length }) => sum + length, 0);
        const most = said < 1_000 ? LITTLE : MUCH;
        assert.ok(counted < most, `${stage}: ${counted} bytes, not fewer than ${most}`);
        // What they have said is there: this counts what it should.
        if (said > 10_000) assert.ok(counted > said / 2, `${stage}: ${counted} bytes, though they said ${said}`);
      }
    });
  }
}
