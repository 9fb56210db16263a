/**
 * DIRAC's own client and services of Holdfast's: what the cases say of the original is true of them too, but for what
 * is said here.
 *
 * @module
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { HOSTS } from "../programs.ts";
import { ROOT } from "../runtimes.ts";
import { CASES, play } from "./cases.ts";
import { Dirac } from "./dirac.ts";
import type { ServiceSettings } from "./holdfast_service.ts";
import { DIRAC_RUNS, NOT_ASKED, type Run, RUNS } from "./installed.ts";
import { type Callers, Lab, SUBJECTS, type Way } from "./lab.ts";
import { type Services, Stage } from "./stage.ts";

if (DIRAC_RUNS.length === 0) test("DIRAC's client and Holdfast's service", { skip: NOT_ASKED }, () => {});

const PROGRAM = "tests/interop/holdfast_service.ts";

const REGISTRY = JSON.stringify({
  users: { alice: { certificates: [SUBJECTS.alice] } },
  groups: {
    lab_user: { vo: "labvo", users: ["alice"], properties: ["NormalUser"] },
    lab_admin: { vo: "labvo", users: ["alice"], properties: ["CSAdministrator", "NormalUser"] },
  },
  hosts: { localhost: { certificates: [SUBJECTS.host], properties: ["TrustedHost"] } },
  defaultGroups: ["lab_user"],
});

const SERVICES: ServiceSettings["services"] = {
  Lab: {},
  Guarded: { rules: { connect: "CSAdministrator" } },
  Small: { limits: { connections: 2 } },
};

/** Callers that show proxies, which Deno's TLS does not take. */
const BY_PROXY = /^(admin|groupless|user):|administrator is let in|has the property/;

/** The same on all runtimes: each has some of the ways. The peer without DIRAC comes to the one that runs the tests. */
function isDue(host: string, release: Run["release"], { encoding, peer, protocol }: Way): boolean {
  if (peer === "python") return host === ("Bun" in globalThis ? "Bun" : "Deno");
  return host === "Bun" || release === RUNS.at(-1)!.release && (encoding === "json") === (protocol === "dips");
}

for (const { name, release, skip, way } of RUNS) {
  for (const host of HOSTS.filter((one) => isDue(one.name, release, way))) {
    describe(`${name}: its client, and a service of Holdfast on ${host.name}`, { skip: skip || host.skip }, () => {
      const proxies = host.name !== "Deno";
      let folder: string;
      let lab: Lab;
      let service: Dirac | undefined;
      let client: Dirac | undefined;

      before(async () => {
        folder = mkdtempSync(join(tmpdir(), "holdfast-interop-"));
        lab = await Lab.make();
        const read = (path: string) => readFileSync(path, "utf8");
        const { authority, cert, key } = lab.files;
        const settings: ServiceSettings = {
          text: read(join(ROOT, "tests/interop/lab.msg")),
          cert: read(cert),
          key: read(key),
          ca: read(authority),
          proxies,
          registry: REGISTRY,
          encoding: way.encoding,
          services: SERVICES,
        };
        service = await Dirac.run(await host.prepare(PROGRAM, folder), settings);
        client = await lab.client(way);
      });

      after(async () => {
        await client?.[Symbol.asyncDispose]();
        await service?.[Symbol.asyncDispose]();
        lab[Symbol.dispose]();
        rmSync(folder, { recursive: true, force: true });
      });

      const cases = CASES.filter((one) => (one.only?.(way) ?? true) && one.holdfast !== false)
        .filter((one) => proxies || !BY_PROXY.test(one.name));
      for (const [index, one] of cases.entries()) {
        test(one.name, async () => {
          const services: Services = {
            kind: "holdfast",
            url: (component) => {
              const { ports } = service!.ready as unknown as { ports: Record<string, bigint> };
              return `${way.protocol}://localhost:${ports[`${way.protocol} ${component}`]}/Tests/${component}`;
            },
            next: service!.next.bind(service),
          };
          const callers: Callers = proxies ? lab.callers : { ...lab.callers, user: lab.callers.certificate };
          await play(one, new Stage(way, client!, services, callers, `client ${index}`));
          service!.forget();
          client!.forget();
        });
      }
    });
  }
}
