/** Cases about what clients show: all of it arrives as it is, and whoever accepts decides. */

import assert from "node:assert/strict";
import { connect as tlsConnect } from "node:tls";
import type { ConnectOptions } from "../../../../runtime/transport/transport.ts";
import { type Identity, issue, makeAuthority, makeProxy } from "../../../certificates.ts";
import { check, testCertificate } from "../../../harness.ts";
import { gone } from "../peers.ts";
import { assertRejects, connect, listen, type Service, type Subject } from "../subject.ts";

/** Of it, no service was told. */
const authority = makeAuthority({ subject: "/O=Lab/CN=Clients" });

async function ofAuthority(options: Parameters<typeof issue>[0]): Promise<Identity> {
  return await issue({ of: await authority, ...options });
}

async function behindAnother(): Promise<Identity> {
  return await issue({ of: await makeAuthority({ of: await authority, subject: "/O=Lab/CN=Between" }) });
}

const SHOWN: readonly (readonly [what: string, make: () => Promise<Identity>])[] = [
  ["signed by itself", () => issue()],
  ["of an authority that nobody knows", () => ofAuthority({})],
  ["that has expired", () => ofAuthority({ until: -60 })],
  ["that is not yet valid", () => ofAuthority({ from: 600 })],
  ["for services only", () => ofAuthority({ purposes: ["server"] })],
  ["whose signature is wrong", () => ofAuthority({ wrong: { signature: true } })],
  ["with an RSA key", () => ofAuthority({ keyType: "RSA" })],
  ["with the one between it and its root", behindAnother],
  [
    "that is a proxy from before RFC 3820, as nothing in it is critical",
    async () => makeProxy(await behindAnother(), { critical: false }),
  ],
];

const PROXIES: typeof SHOWN = [
  ["that is a proxy", async () => makeProxy(await behindAnother(), { group: "lab_user" })],
  [
    "that is a limited proxy of a proxy",
    async () => makeProxy(await makeProxy(await behindAnother()), { limited: true }),
  ],
];

export function clientCertificateCases(subject: Subject): void {
  const { name } = subject;
  const noProxies = subject.lacks.proxies === true;

  for (const [what, make] of [...SHOWN, ...noProxies ? [] : PROXIES]) {
    check(`${name}: a service that asks gets a certificate ${what}`, async (t) => {
      const shown = await make();
      const service = await listen(t, subject, { clientCertificates: true, proxies: !noProxies });
      const stream = await connect(t, subject, { port: service.listener.port, certificate: shown });
      stream.write(new Uint8Array([1]));
      assertShown(await accepted(service), shown);
      assert.deepEqual(stream.certificates, [], "only a client's are there");
    });
  }

  check(`${name}: a chain arrives as it was sent, whatever is in it`, async (t) => {
    const [own, between, other, root] = await Promise.all([behindAnother(), authority, issue(), makeAuthority()]);
    const chain = [own, other, root, ...own.behind, between, own];
    const certificate = { cert: chain.map((one) => one.own).join(""), key: own.key };
    const service = await listen(t, subject, { clientCertificates: true });
    await connect(t, subject, { port: service.listener.port, certificate });
    assert.deepEqual(hex(await accepted(service)), hex(chain.map(({ der }) => der)));
  });

  check(`${name}: a certificate whose key is not for signatures arrives, or is 'invalid-argument'`, async (t) => {
    const service = await listen(t, subject, { clientCertificates: true });
    const shown = await authority;
    const attempt = connect(t, subject, { port: service.listener.port, certificate: shown });
    if (!subject.tls || !("Bun" in globalThis)) return void await attempt.then(() => accepted(service));
    assert.match((await assertRejects(attempt, "invalid-argument")).message, /'certificate'/);
  });

  check(`${name}: a service that asks lets a client in that has none`, async (t) => {
    const service = await listen(t, subject, { clientCertificates: true });
    await connect(t, subject, { port: service.listener.port });
    assert.deepEqual(await accepted(service), []);
  });

  check(`${name}: a service that does not ask gets none`, async (t) => {
    const service = await listen(t, subject);
    await connect(t, subject, { port: service.listener.port, certificate: await ofAuthority({}) });
    assert.deepEqual(await accepted(service), []);
  });

  check(`${name}: many at once, and each with its own`, async (t) => {
    const clients = await Promise.all(Array.from({ length: 10 }, () => ofAuthority({})));
    const service = await listen(t, subject, { clientCertificates: true });
    const { port } = service.listener;
    await Promise.all(clients.map((certificate) => connect(t, subject, { port, certificate })));
    const seen = await Promise.all(clients.map(() => accepted(service)));
    assert.deepEqual(hex(seen.map(([own]) => own!)).sort(), hex(clients.map(({ der }) => der)).sort());
  });

  check(`${name}: whoever comes after another is not taken for it`, async (t) => {
    const [one, two] = await Promise.all([behindAnother(), behindAnother()]);
    const service = await listen(t, subject, { clientCertificates: true });
    for (const certificate of [one, undefined, two, one, two, undefined]) {
      const stream = await connect(t, subject, {
        port: service.listener.port,
        ...(certificate !== undefined && { certificate }),
      });
      const seen = await accepted(service);
      if (certificate === undefined) assert.deepEqual(seen, []);
      else assertShown(seen, certificate);
      stream.destroy();
    }
  });

  check(`${name}: a service asks after its own certificate was renewed, too`, async (t) => {
    const service = await listen(t, subject, { clientCertificates: true, renewable: true });
    service.listener.renew(await testCertificate());
    const shown = await behindAnother();
    await connect(t, subject, { port: service.listener.port, certificate: shown });
    assertShown(await accepted(service), shown);
  });

  check(`${name}: the protocol inside TLS is agreed on all the same`, async (t) => {
    const service = await listen(t, subject, { clientCertificates: true, alpn: ["b", "a"] });
    const to = { port: service.listener.port, certificate: await ofAuthority({}) };
    assert.equal((await connect(t, subject, { ...to, alpn: ["a"] })).alpn, "a");
    assert.equal((await service.next()).stream.alpn, "a");
    await assertRejects(connect(t, subject, { ...to, alpn: ["c"] }), "protocol");
  });

  check(`${name}: one file may hold a certificate, its key and its chain, and more`, async (t) => {
    const { own, key, behind, der } = await behindAnother();
    const file = `Bag Attributes: none\r\n${own}# its key\n${key}${behind[0]!.own}${(await issue()).key}`;
    const service = await listen(t, subject, { clientCertificates: true });
    await connect(t, subject, { port: service.listener.port, certificate: { cert: file, key: file } });
    assert.deepEqual(hex(await accepted(service)), hex([der, behind[0]!.der]));
  });

  check(`${name}: a chain that can't be read lets nobody in, and harms nobody else`, async (t) => {
    const [own, ca] = [await ofAuthority({}), (await testCertificate()).ca];
    const service = await listen(t, subject, { clientCertificates: true });
    const { port } = service.listener;
    // A SEQUENCE, as a certificate is, but of other things.
    const junk = `-----BEGIN CERTIFICATE-----\nMAYCAQECAQI=\n-----END CERTIFICATE-----\n`;
    const socket = tlsConnect({ port, host: "127.0.0.1", ca, cert: own.own + junk, key: own.key });
    socket.on("error", () => {});
    await gone(socket);
    await connect(t, subject, { port });
    assert.deepEqual(await accepted(service), [], "the one that came first was never heard of");
  }, { skip: !("Deno" in globalThis && subject.tls) && "its TLS does not send such a chain" });

  check(`${name}: what can't be shown is 'invalid-argument', and its key is quoted nowhere`, async (t) => {
    const [{ cert, key }, other] = await Promise.all([ofAuthority({}), issue()]);
    const broken = key.replace(/\n[A-Za-z0-9+/]{8}/, "\n");
    const wrongs: readonly (readonly [NonNullable<ConnectOptions["certificate"]>, RegExp])[] = [
      [{ cert: "client.pem", key }, /'cert'.*can't be read/],
      [{ cert: "", key }, /'cert'.*can't be read/],
      [{ cert: key, key: cert }, /swapped/],
      [{ cert, key: "client.key" }, /'key'.*can't be read/],
      [{ cert, key: broken }, /'key'.*can't be read/],
      [{ cert, key: other.key }, /does not belong/],
      [{ cert: other.own + cert, key }, /comes first/],
    ];
    const { listener } = await listen(t, subject, { clientCertificates: true });
    for (const [certificate, text] of wrongs) {
      const error = await assertRejects(connect(t, subject, { port: listener.port, certificate }), "invalid-argument");
      assert.match(error.message, text);
      const lines = certificate.key.split("\n").filter((line) => /^[A-Za-z0-9+/=]{16,}$/.test(line));
      const { message, stack } = error.cause as Error ?? {};
      for (const line of lines) assert.ok(!`${error.message}${error.stack}${message}${stack}`.includes(line));
    }
  });

  if (!noProxies) return;
  check(`${name}: an X.509 proxy is 'invalid-argument', to be shown and to be expected`, async (t) => {
    const { message } = await assertRejects(
      listen(t, subject, { clientCertificates: true, proxies: true }),
      "invalid-argument",
    );
    assert.match(message, /proxy/);
    await assertRejects(listen(t, subject, await PROXIES[0]![1]()), "invalid-argument");
    const { listener } = await listen(t, subject, { clientCertificates: true });
    for (const [, make] of PROXIES) {
      const certificate = await make();
      const error = await assertRejects(connect(t, subject, { port: listener.port, certificate }), "invalid-argument");
      assert.equal(error.message, message);
    }
  });
}

async function accepted(service: Service): Promise<readonly Uint8Array[]> {
  return (await service.next()).stream.certificates;
}

function assertShown(seen: readonly Uint8Array[], { der, behind }: Identity): void {
  assert.deepEqual(hex(seen), hex([der, ...behind.map((one) => one.der)]));
}

function hex(bytes: readonly Uint8Array[]): string[] {
  return bytes.map((one) => Array.from(one, (byte) => byte.toString(16).padStart(2, "0")).join(""));
}
