import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { testCertificate } from "../../harness.ts";
import { HOSTS, Program, run } from "../../programs.ts";

const NODE = HOSTS.find(({ name }) => name === "Node")!;

for (const host of HOSTS) {
  const name = `listen: a service on ${host.name} that asks for no certificates resumes TLS sessions on Deno alone`;
  test(name, { skip: NODE.skip || host.skip }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-resuming-"));
    try {
      const { cert, key } = await testCertificate();
      const files = [join(folder, "cert"), join(folder, "key")] as const;
      writeFileSync(files[0], cert);
      writeFileSync(files[1], key);
      const client = await NODE.prepare("tests/runtime/transport/testdata/resuming.ts", folder);
      const asking = await host.prepare("tests/runtime/transport/testdata/asking.ts", folder);
      await using service = new Program(asking, [...files, "not"]);
      const [, ...ports] = await service.says(/^LISTENING (\d+)\nLISTENING (\d+)\n/m);
      for (const port of ports) {
        const { stdout, stderr } = await run(client, port!);
        const session = host.name === "Deno" ? "the same" : "another";
        assert.equal(stdout, `TLSv1.2: ${session}\nTLSv1.3: ${session}\n`, stderr);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
