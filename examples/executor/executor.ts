// Executes tasks: executor.ts tls://localhost:9146/Framework/Mind --name one --slots 20 --ca ca.pem

import { connect } from "holdfast";
import { readFileSync } from "node:fs";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { command } from "../command.ts";
import { Mind } from "./executor.msg.ts";

await command({ ca: "", name: "", slots: 20n }, async ({ ca, name, slots }, url = "") => {
  const tried = new Set<number>();
  const client = await connect(url, Mind, {
    ...(ca !== "" && { ca: readFileSync(ca, "utf8") }),
    identity: name,
    args: { name, slots: Number(slots) },
    // A handler is taken for each task that runs.
    limits: { handlers: Number(slots), keepAlive: 1_000 },
    // Often enough to be back before the mind gives this session up.
    reconnect: { first: 100, most: 500 },
    messages: {
      async Task({ id, steps }, client) {
        // Some can't be done now, and some never.
        if (id % 50 === 7 && !tried.has(id)) {
          tried.add(id);
          return await client.send("Frozen", { id });
        }
        if (id % 100 === 3) return await client.send("Failed", { id, why: "it is one of those" });
        let sum = 0;
        for (let step = 1; step <= steps; step++) {
          await delay(2);
          sum += step;
        }
        await client.send("Done", { id, sum });
      },
    },
  });
  client.onStatus(({ state, reason }) => console.log(`STATUS ${name} ${state}${reason ? `: ${reason.message}` : ""}`));
  console.log(`STARTED ${name}`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => client.close());
});
