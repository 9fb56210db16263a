import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { developmentCertificate } from "../../compiler/certificate.ts";
import { issue, makeAuthority } from "../certificates.ts";
import { HOSTS, Program, run } from "../programs.ts";

const SEEN = [
  "certificate refused",
  "definition discovered",
  "messages both ways",
  "request of the client answered",
  "requests of the service answered",
  "send acknowledged when handled",
  "pushed to the one that was chosen",
  "refused with the reason",
  "closed by the client",
  "closed by the service",
  "known by its certificate, if it has one",
];

describe("every pair of runtimes talks:", () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-pairs-"));
  const file = (name: string) => join(folder, name);

  before(async () => {
    const { ca, cert, key } = await developmentCertificate();
    const authority = await makeAuthority();
    const person = await issue({ of: await makeAuthority({ of: authority, subject: "/C=ch/O=Lab/CN=Between" }) });
    const [clients, own] = [authority.own, person.cert + person.key];
    for (const [name, text] of Object.entries({ ca, cert, key, clients, own })) {
      writeFileSync(file(`${name}.pem`), text);
    }
  });

  after(() => rmSync(folder, { recursive: true }));

  for (const host of HOSTS) {
    describe(`a service on ${host.name},`, { skip: host.skip }, () => {
      let service: Program;
      let url: string;
      let asking: string;

      before(async () => {
        const command = await host.prepare("tests/pairs/service.ts", folder);
        service = new Program(command, [file("cert.pem"), file("key.pem"), file("clients.pem")]);
        [, url = "", asking = ""] = await service.says(/^LISTENING (.*) (.*)\n/);
      });

      after(() => service[Symbol.asyncDispose]());

      for (const guest of HOSTS) {
        test(`a client on ${guest.name}`, { skip: guest.skip }, async () => {
          const command = await guest.prepare("tests/pairs/client.ts", folder);
          const { code, stdout, stderr } = await run(command, url, file("ca.pem"), asking, file("own.pem"));
          assert.deepEqual([stdout.trim().split("\n"), stderr, code], [SEEN, "", 0]);
        });
      }
    });
  }
});
