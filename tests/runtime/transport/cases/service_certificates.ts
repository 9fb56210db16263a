/** Cases about what services show: whom a client trusts. */

import assert from "node:assert/strict";
import { check } from "../../../harness.ts";
import { type Kind, NOT_FOR_SIGNING, PROXY, TRUSTED, UNTRUSTED } from "../certificates.ts";
import { assertRejects, connect, listen, type Subject } from "../subject.ts";

export function serviceCertificateCases(subject: Subject): void {
  const { name } = subject;

  for (const kind of [...UNTRUSTED, ...subject.lacks.proxies ? [] : [PROXY], NOT_FOR_SIGNING]) {
    const [what, make] = kind;
    const skip = kind === NOT_FOR_SIGNING && (subject.lacks.keyUsage ?? false);
    check(`${name}: a client does not take a certificate ${what}`, async (t) => {
      const { cert, key, ...others } = await make();
      const { listener } = await listen(t, subject, { cert, key });
      const to = { hostname: "localhost", port: listener.port, ca: undefined, ...others };
      await assertRejects(connect(t, subject, to), "certificate");
    }, { skip });
  }

  for (const [what, make] of TRUSTED) {
    check(`${name}: a client takes a certificate ${what}`, async (t) => {
      const { cert, key, ...others } = await make();
      const { listener, next } = await listen(t, subject, { cert, key });
      const stream = await connect(t, subject, { hostname: "localhost", port: listener.port, ...others });
      stream.write(new Uint8Array([1]));
      await (await next()).ear.received(1);
      assert.deepEqual(stream.certificates, [], "only a client's are there");
    });
  }

  check(`${name}: lists that can't be read, or belong to nobody, are 'invalid-argument'`, async (t) => {
    const { cert, key, crl = "", ca = "" } = await revocable();
    const { listener } = await listen(t, subject, { cert, key });
    for (const wrong of ["crl.pem", "", ca, crl.replace(/\n[A-Za-z0-9+/]{20}/, "\n")]) {
      const to = { port: listener.port, ca, crl: wrong };
      assert.match((await assertRejects(connect(t, subject, to), "invalid-argument")).message, /'crl'.*can't be read/);
    }
    const { message } = await assertRejects(
      connect(t, subject, { port: listener.port, ca: undefined, crl }),
      "invalid-argument",
    );
    assert.match(message, /'ca'/);
  });
}

function revocable(): ReturnType<Kind[1]> {
  return TRUSTED.find(([what]) => what === "that was not revoked")![1]();
}
