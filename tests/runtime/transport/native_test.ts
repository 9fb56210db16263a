import assert from "node:assert/strict";
import { nativeNetwork } from "../../../runtime/transport/runtime.ts";
import type { Network } from "../../../runtime/transport/transport.ts";
import { check } from "../../harness.ts";
import { transportCases } from "./cases.ts";
import { assertRejects, listen, type Subject } from "./subject.ts";

const SUBJECTS: Record<string, Omit<Subject, "network" | "tls">> = {
  Deno: {
    name: "Deno",
    lacks: { droppingSilentPeers: true, keyUsage: "Deno's own TLS does not look at it", proxies: true },
  },
  Bun: { name: "Bun", lacks: { keyUsage: "Bun does not serve such a certificate" } },
};
const [runtime = "Node"] = Object.keys(SUBJECTS).filter((name) => name in globalThis);

transportCases({ name: runtime, lacks: {}, ...SUBJECTS[runtime], network: nativeNetwork(), tls: true });

/** As a service uses it that asks for `Deno.listenTls`, where that can do what it is to do. */
function byListenTls(network: Network): Network {
  return {
    ...network,
    listen: (options, accept) =>
      network.listen(
        { ...options, listenTls: options.renewable !== true && options.clientCertificates !== true },
        accept,
      ),
  };
}

if ("Deno" in globalThis) {
  const { lacks } = SUBJECTS["Deno"]!;
  transportCases({
    name: "Deno.listenTls",
    lacks,
    network: byListenTls(nativeNetwork()),
    tls: true,
  });
  check("Deno.listenTls: what it can't do is 'invalid-argument'", async (t) => {
    const subject = { name: "Deno", lacks: {}, network: nativeNetwork(), tls: true };
    for (const option of ["renewable", "clientCertificates"]) {
      const { message } = await assertRejects(
        listen(t, subject, { listenTls: true, [option]: true }),
        "invalid-argument",
      );
      assert.match(message, /Leave 'listenTls' out/);
    }
  });
} else {
  check(`${runtime}: 'listenTls' is 'invalid-argument' where there is no Deno.listenTls`, async (t) => {
    const subject = { name: runtime, lacks: {}, network: nativeNetwork(), tls: true };
    await assertRejects(listen(t, subject, { listenTls: true }), "invalid-argument");
  });
}
