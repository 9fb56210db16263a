/**
 * Pings, and prints what comes back: `client.ts tls://localhost:9145/Framework/PingPong --ca ca.pem --count 10`.
 *
 * @module
 */

import { connect } from "holdfast";
import { readFileSync } from "node:fs";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";

async function main(): Promise<void> {
  const { positionals: [url = ""], values } = parseArgs({
    allowPositionals: true,
    options: {
      ca: { type: "string" },
      count: { type: "string", default: "10" },
      start: { type: "string", default: "1" },
      interval: { type: "string", default: "0" }, // milliseconds
    },
  });
  const [count, start, interval] = [values.count, values.start, values.interval].map(integer) as [bigint, bigint, bigint];

  // No definition: the client learns it from the service.
  await using client = await connect(url, values.ca ? { ca: readFileSync(values.ca, "utf8") } : {});
  const pongs = client.messages("Pong");
  let id = start;
  const ping = () => client.send("Ping", { id });
  // What was lost with the connection is lost. A ping may go twice: `send` waits for the next connection.
  client.onDisconnect(ping);
  await ping();
  for await (const { id: received } of pongs) {
    if (BigInt(received) !== id) continue; // its ping did go twice
    console.log(`RECEIVED PONG ${received}`);
    if (++id === start + count) break;
    await delay(Number(interval));
    await ping();
  }
}

function integer(text: string): bigint {
  if (/^-?\d+$/.test(text)) return BigInt(text);
  throw new Error(`${JSON.stringify(text)} is not a whole number.`);
}

main().catch((error) => {
  console.error(`error: ${error.message.replaceAll("\n", " ")}`);
  process.exitCode = 1;
});
