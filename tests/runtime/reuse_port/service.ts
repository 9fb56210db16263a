// A service that shares its port with others: service.ts CERT KEY PORT. Answers with the number of its process.

import { readFileSync } from "node:fs";
import process from "node:process";
import { parse, serve } from "../../../mod.ts";

const [cert = "", key = "", port = ""] = process.argv.slice(2);

try {
  const server = await serve(parse("Ask <> Told < pid: int > service Lab/Shared { auth all receives Ask -> Told }"), {
    cert: readFileSync(cert, "utf8"),
    key: readFileSync(key, "utf8"),
    port: Number(port),
    reusePort: true,
    messages: { Ask: () => ({ pid: process.pid }) },
  });
  console.log(`port ${server.port}`);
} catch (error) {
  console.log(`error ${(error as { code: string }).code} ${(error as Error).message}`);
}
