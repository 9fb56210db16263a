/**
 * A service whose check of tokens and whose `onConnect` never answer, and that tells how much memory it uses. Says on
 * which port it listens, and on which port of plain TCP it tells that.
 *
 * Arguments: "certificates" to ask clients for them; the files of the certificate, the key and the authority.
 */

import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import process from "node:process";
import { parse, serve } from "../../../../mod.ts";

const [asks, cert = "", key = "", ca = ""] = process.argv.slice(2);
const read = (path: string) => readFileSync(path, "utf8");
const never = new Promise<never>(() => {});

const server = await serve(parse("Note < text: string > service Lab/Vault { auth all receives Note }"), {
  cert: read(cert),
  key: read(key),
  ...(asks === "certificates" && { clientCertificates: { ca: read(ca) } }),
  tokens: () => never,
  onConnect: () => never,
  messages: { Note() {} },
  limits: { handshakeTimeout: 600_000, keepAlive: 600_000, failures: Infinity, handshakes: 10_000 },
  log: () => {},
});

function collectGarbage(): void {
  const { Bun: bun, gc } = globalThis as { Bun?: { gc(force: boolean): void }; gc?: () => void };
  if (bun !== undefined) bun.gc(true);
  else gc!();
}

/** Once more and again: what one collection frees may hold what the next one does. */
async function used(): Promise<string> {
  for (let times = 0; times < 5; times++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  // On Bun, buffers outside of the heap are counted in both.
  return `${"Bun" in globalThis ? heapUsed : heapUsed + external} ${rss}`;
}

const teller = createServer((socket) => {
  socket.on("error", () => {});
  void used().then((text) => socket.end(text));
});
teller.listen(0, "localhost", () => {
  console.log(`PORTS ${server.port} ${(teller.address() as { port: number }).port}`);
});
