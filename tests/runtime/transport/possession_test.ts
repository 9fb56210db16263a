import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { forgedKey, type Identity, issue, makeAuthority, makeProxy } from "../../certificates.ts";
import { testCertificate } from "../../harness.ts";
import { type Host, HOSTS, Program, run } from "../../programs.ts";

const NODE = HOSTS.find(({ name }) => name === "Node")!;

describe("a client that shows a certificate without its key is not let in, and who goes on is who it was:", {
  skip: NODE.skip,
}, () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-possession-"));
  const file = (name: string) => join(folder, name);
  let own: Identity;
  let person: Identity;
  let proxy: Identity;
  let intruder: readonly string[];

  before(async () => {
    const authority = await makeAuthority();
    const between = await makeAuthority({ of: authority, subject: "/C=ch/O=Lab/CN=Between" });
    [own, person] = await Promise.all([issue({ of: authority }), issue({ of: between })]);
    proxy = await makeProxy(person);
    for (const [name, { cert, key }] of Object.entries({ own, person, proxy })) writeFileSync(file(name), cert + key);
    writeFileSync(file("forged person"), await forgedKey(person));
    writeFileSync(file("forged proxy"), await forgedKey(proxy));
    const { cert, key } = await testCertificate();
    writeFileSync(file("cert"), cert);
    writeFileSync(file("key"), key);
    intruder = await NODE.prepare("tests/runtime/transport/testdata/intruder.ts", folder);
  });

  after(() => rmSync(folder, { recursive: true }));

  for (const host of HOSTS) {
    for (const variable of ["1", "0"]) {
      const name = `a service on ${host.name}, NODE_TLS_REJECT_UNAUTHORIZED=${variable}`;
      test(name, { skip: host.skip }, async () => {
        await using service = new Program(await commandOf(host), [file("cert"), file("key")], {
          NODE_TLS_REJECT_UNAUTHORIZED: variable,
        });
        const [, native, node] = await service.says(/^LISTENING (\d+)\n(?:.*\n)*?LISTENING (\d+)\n/m);
        let heard = 0;
        for (const port of [native!, node!]) {
          // On Deno, no proxy is let in at all.
          for (const [victim, name] of [[person, "person"], [proxy, "proxy"]] as const) {
            if (host.name === "Deno" && name === "proxy") continue;
            const { stdout, stderr } = await run(intruder, port, file("own"), file(name), file(`forged ${name}`));
            const attempts = stdout.trim().split("\n");
            assert.equal(attempts.length, 11, stderr);
            const all = await entries(service, heard + attempts.filter((one) => one.includes("let in")).length);
            const seen = all.slice(heard);
            heard = all.length;
            judge(attempts, seen, host, victim);
          }
        }
      });
    }
  }

  function commandOf(host: Host): Promise<readonly string[]> {
    return host.prepare("tests/runtime/transport/testdata/asking.ts", folder);
  }

  async function entries(service: Program, count: number): Promise<readonly string[]> {
    const [text] = await service.says(new RegExp(`(?:[^]*?^IN.*\n){${count}}`, "m"));
    return text.match(/^IN.*$/gm) ?? [];
  }

  function judge(attempts: readonly string[], seen: readonly string[], host: Host, victim: Identity): void {
    const shown: Record<string, string> = {
      victim: print(victim),
      renegotiating: print(victim),
      "victim again": print(victim),
      nobody: "IN ",
      own: print(own),
    };
    let next = 0;
    for (const attempt of attempts) {
      const [, what = "", outcome] = /^TLSv1\.\d ([a-z ]+): (.*)$/.exec(attempt)!;
      if (what === "forged") {
        assert.equal(outcome, "refused", attempt);
        continue;
      }
      // On Deno, whoever has the secrets of the victim's TLS session is the victim: with the whole chain.
      const resumes = host.name === "Deno" && !["victim", "renegotiating"].includes(what);
      assert.equal(outcome, resumes ? "let in (resumed)" : "let in", attempt);
      assert.equal(seen[next++], resumes ? print(victim) : shown[what], attempt);
    }
    assert.equal(next, seen.length);
  }
});

function print({ der, behind }: Identity): string {
  const all = [der, ...behind.map((one) => one.der)];
  return `IN ${all.map((one) => createHash("sha256").update(one).digest("hex").slice(0, 16)).join(" ")}`;
}
