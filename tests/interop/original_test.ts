/**
 * DIRAC's own client and DIRAC's own service: what the cases say of the original is true of it. And so it is of the
 * client and the service in Python that were written from the notes on its protocol alone.
 *
 * @module
 */

import { after, before, describe, test } from "node:test";
import { CASES, play } from "./cases.ts";
import type { Dirac } from "./dirac.ts";
import { DIRAC_RUNS, NOT_ASKED, RUNS } from "./installed.ts";
import { addressOf, Lab } from "./lab.ts";
import { type Services, Stage } from "./stage.ts";

if (DIRAC_RUNS.length === 0) test("DIRAC's client and DIRAC's service", { skip: NOT_ASKED }, () => {});

for (const { name, skip, way } of RUNS) {
  describe(`${name}: its client and its service`, { skip }, () => {
    let lab: Lab;
    let service: Dirac | undefined;
    let client: Dirac | undefined;

    before(async () => {
      lab = await Lab.make();
      service = await lab.service(way);
      client = await lab.client(way);
    });

    after(async () => {
      await client?.[Symbol.asyncDispose]();
      await service?.[Symbol.asyncDispose]();
      lab[Symbol.dispose]();
    });

    for (const [index, one] of CASES.filter(({ only }) => only?.(way) ?? true).entries()) {
      test(one.name, async () => {
        const services: Services = {
          kind: "dirac",
          url: (component) => addressOf(service!, way, component),
          next: service!.next.bind(service),
        };
        await play(one, new Stage(way, client!, services, lab.callers, `client ${index}`));
        service!.forget();
        client!.forget();
      });
    }
  });
}
