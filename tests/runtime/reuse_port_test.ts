import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { Client, HoldfastError, type Status } from "../../mod.ts";
import { testCertificate } from "../harness.ts";
import { type Host, HOSTS, OWN_HOST, Program } from "../programs.ts";

const SERVICE = "tests/runtime/reuse_port/service.ts";

/** Clients that are spread by chance over two processes come all to one of them once in 2^63 times. */
const MANY = 64;

/** A folder with a certificate, and how to start a service in a process of its own. */
async function prepare(host: Host) {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-"));
  const { ca, cert, key } = await testCertificate();
  const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  const command = await host.prepare(SERVICE, folder);
  return {
    ca,
    start: (port: number) => new Program(command, [certFile, keyFile, String(port)]),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

test("serve with reusePort: two processes share the clients, and who loses one begins anew at the other", {
  skip: process.platform !== "linux" && "only Linux spreads connections",
}, async () => {
  using lab = await prepare(OWN_HOST);
  await using one = lab.start(0);
  const port = Number((await one.says(/port (\d+)\n/))[1]);
  await using other = lab.start(port);
  await other.says(/port (\d+)\n/);

  const url = `tls://localhost:${port}/Lab/Shared`;
  const pidOf = async (client: Client) => Number((await client.request("Ask", {}))["pid"]);
  const byProcess = new Map<number, Client>();
  try {
    for (let i = 0; i < MANY && byProcess.size < 2; i++) {
      const client = new Client(url, undefined, { ca: lab.ca });
      const pid = await pidOf(client);
      if (byProcess.has(pid)) await client.close();
      else byProcess.set(pid, client);
    }
    const [first, second] = [...byProcess];
    assert.ok(first !== undefined && second !== undefined, "all came to the same process");
    const [pid, client] = first;
    const begunAnew = new Promise<Status>((resolve) => {
      client.onStatus((status) => {
        if (status.state === "reset") resolve(status);
      });
    });
    process.kill(pid, "SIGKILL");
    const { reason } = await begunAnew;
    assert.ok(reason instanceof HoldfastError);
    assert.equal(reason.code, "disconnected");
    assert.equal(await pidOf(client), second[0]);
  } finally {
    for (const client of byProcess.values()) await client.close();
  }
});

for (const host of HOSTS.filter(({ name }) => name === "Node")) {
  test("serve with reusePort: a Node that can't share a port says so", { skip: host.skip }, async () => {
    using lab = await prepare(host);
    await using program = lab.start(0);
    const [, what] = await program.says(/^(port \d+|error .*)\n/);
    if (what!.startsWith("port")) return;
    assert.match(what!, /^error invalid-argument Node .* can't share a port among processes: use Node 22.12, 23.1/);
    assert.equal((await program.ended).code, 0);
  });
}
