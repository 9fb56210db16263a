import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { connect, createServer } from "node:tls";
import { developmentCertificate } from "../../compiler/certificate.ts";

const DAY = 86_400_000;

/** Shakes hands on loopback; gives back the client's error, if it had one. */
async function handshake(
  service: { readonly cert: string; readonly key: string },
  client: { readonly ca?: string; readonly servername?: string },
): Promise<string | undefined> {
  const server = createServer({ cert: service.cert, key: service.key });
  // A client that breaks the handshake off is an error at the service too: not what is looked at here.
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: "127.0.0.1", port, servername: "localhost", ...client });
  try {
    await once(socket, "secureConnect");
    return undefined;
  } catch (error) {
    return String(error);
  } finally {
    socket.destroy();
    server.close();
    await once(server, "close");
  }
}

describe("developmentCertificate", () => {
  test("a client that trusts the authority accepts the service", async () => {
    const certificate = await developmentCertificate();
    assert.equal(await handshake(certificate, { ca: certificate.ca }), undefined);
  });

  test("a client that was told nothing refuses the service", async () => {
    assert.notEqual(await handshake(await developmentCertificate(), {}), undefined);
  });

  test("a client that trusts another development authority refuses the service", async () => {
    const [certificate, other] = await Promise.all([developmentCertificate(), developmentCertificate()]);
    assert.notEqual(await handshake(certificate, { ca: other.ca }), undefined);
  });

  test("a name that the certificate does not have is refused", async () => {
    const certificate = await developmentCertificate({ names: ["elsewhere.example"] });
    assert.notEqual(await handshake(certificate, { ca: certificate.ca }), undefined);
    assert.equal(await handshake(certificate, { ca: certificate.ca, servername: "elsewhere.example" }), undefined);
  });

  test("an expired one is refused", async () => {
    const certificate = await developmentCertificate({ notBefore: new Date("2020-01-01"), days: 1 });
    assert.notEqual(await handshake(certificate, { ca: certificate.ca }), undefined);
  });

  test("it is for loopback and 90 days unless told otherwise", async () => {
    const { cert } = await developmentCertificate();
    const parsed = new X509Certificate(cert);
    assert.ok(parsed.checkHost("localhost"));
    assert.ok(parsed.checkIP("127.0.0.1"));
    assert.ok(parsed.checkIP("::1"));
    assert.equal(Date.parse(parsed.validTo) - Date.parse(parsed.validFrom), 90 * DAY);
    assert.ok(Date.parse(parsed.validFrom) < Date.now());
  });

  test("its subject says that it is not for production", async () => {
    const { ca, cert } = await developmentCertificate();
    for (const pem of [ca, cert]) assert.match(new X509Certificate(pem).subject, /development \(not for production\)/);
  });

  test("only the authority may sign, and its key is not given out", async () => {
    const made = await developmentCertificate();
    assert.deepEqual(Object.keys(made).sort(), ["ca", "cert", "key"]);
    assert.equal(new X509Certificate(made.ca).ca, true);
    assert.equal(new X509Certificate(made.cert).ca, false);
    assert.equal(new X509Certificate(made.cert).checkPrivateKey(createPrivateKey(made.key)), true);
  });

  test("names are host names and addresses of every kind", async () => {
    const { cert } = await developmentCertificate({
      names: ["Bücher.example", "*.test.example", "10.0.0.1", "fe80::1"],
    });
    const parsed = new X509Certificate(cert);
    assert.ok(parsed.checkHost("xn--bcher-kva.example"));
    assert.match(parsed.subjectAltName ?? "", /DNS:\*\.test\.example/);
    assert.ok(parsed.checkIP("10.0.0.1"));
    assert.ok(parsed.checkIP("fe80::1"));
  });

  for (const name of ["", "a b", "-a", "a..b", "https://localhost", "localhost:443", "fe80::1%eth0", "*", "a.*.b"]) {
    test(`the name ${JSON.stringify(name)} is refused`, async () => {
      await assert.rejects(developmentCertificate({ names: [name] }), TypeError);
    });
  }

  test("no names are refused", async () => {
    await assert.rejects(developmentCertificate({ names: [] }), TypeError);
  });

  for (const days of [0, -1, 1.5, 826, NaN]) {
    test(`${days} days are refused`, async () => {
      await assert.rejects(developmentCertificate({ days }), RangeError);
    });
  }

  test("an invalid date is refused", async () => {
    await assert.rejects(developmentCertificate({ notBefore: new Date(NaN) }), RangeError);
  });
});
