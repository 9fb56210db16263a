/**
 * Answers every Ping with a Pong: `service.ts --port 9145 --cert cert.pem --key key.pem`.
 *
 * @module
 */

import { serve } from "holdfast";
import { readFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { PingPong } from "./pingpong.msg.ts";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "9145" },
      cert: { type: "string", default: "cert.pem" },
      key: { type: "string", default: "key.pem" },
    },
  });
  const server = await serve(PingPong, {
    port: Number(values.port),
    cert: readFileSync(values.cert, "utf8"),
    key: readFileSync(values.key, "utf8"),
    messages: {
      Ping: ({ id }, connection) => connection.send("Pong", { id }),
    },
  });
  console.log(`LISTENING ${server.url}`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close());
}

main().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
