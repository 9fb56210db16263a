// Answers every Ping with a Pong: service.ts --port 9145 --cert cert.pem --key key.pem

import { serve } from "holdfast";
import { readFileSync } from "node:fs";
import process from "node:process";
import { command } from "../command.ts";
import { PingPong } from "./pingpong.msg.ts";

await command({ port: 9145n, cert: "cert.pem", key: "key.pem" }, async ({ port, cert, key }) => {
  const server = await serve(PingPong, {
    port: Number(port),
    cert: readFileSync(cert, "utf8"),
    key: readFileSync(key, "utf8"),
    messages: {
      Ping: ({ id }, connection) => connection.send("Pong", { id }),
    },
  });
  console.log(`LISTENING ${server.url}`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close());
});
