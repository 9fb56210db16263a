// Pings, and prints what comes back: client.ts tls://localhost:9145/Framework/PingPong --ca ca.pem --count 10

import { connect } from "holdfast";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { command } from "../command.ts";

await command({ ca: "", count: 10n, start: 1n, interval: 0n }, async ({ ca, count, start, interval }, url = "") => {
  if (count < 1n) throw new Error("--count is 1 or more.");

  // No definition: the client learns it from the service.
  await using client = await connect(url, ca === "" ? {} : { ca: readFileSync(ca, "utf8") });
  const pongs = client.messages("Pong");
  let id = start;
  const ping = () => client.send("Ping", { id });
  // A ping may be lost with its connection. It changes nothing, so it can go again: on the next one, which `send` awaits.
  client.onDisconnect(ping);

  await ping();
  for await (const { id: received } of pongs) {
    if (BigInt(received) !== id) continue; // That ping did go twice.
    console.log(`RECEIVED PONG ${received}`);
    id = BigInt(received) + 1n;
    if (id === start + count) break;
    await delay(Number(interval)); // in milliseconds
    await ping();
  }
});
