import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, test } from "node:test";
import { filesIn, holdfast, inFolder, put, textOf } from "./process.ts";

describe("cert", () => {
  test("writes authority, certificate and key, and says what to do with them", () =>
    inFolder({}, async (folder) => {
      const { code, stdout, stderr } = await holdfast(folder, "cert", "--out", "a/certs");
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
      assert.match(stdout, /^wrote a\/certs\/ca\.pem\nwrote a\/certs\/cert\.pem\nwrote a\/certs\/key\.pem\n/);
      assert.match(stdout, /development only/i);
      const certs = join(folder, "a/certs");
      assert.deepEqual(filesIn(certs), ["ca.pem", "cert.pem", "key.pem"]);
      const ca = new X509Certificate(textOf(join(certs, "ca.pem")));
      assert.ok(new X509Certificate(textOf(join(certs, "cert.pem"))).verify(ca.publicKey));
      assert.match(textOf(join(certs, "key.pem")), /^-----BEGIN PRIVATE KEY-----/);
    }));

  test("--json names the files", () =>
    inFolder({}, async (folder) => {
      const { code, stdout } = await holdfast(folder, "cert", "--out", "certs", "--json");
      assert.equal(code, 0);
      assert.deepEqual(JSON.parse(stdout), { ca: "certs/ca.pem", cert: "certs/cert.pem", key: "certs/key.pem" });
    }));

  test("only its owner may read the key", { skip: process.platform === "win32" }, () =>
    inFolder({}, async (folder) => {
      await holdfast(folder, "cert", "--out", ".");
      assert.equal(statSync(join(folder, "key.pem")).mode & 0o777, 0o600);
    }));

  test("takes names and days", () =>
    inFolder({}, async (folder) => {
      const args = ["--name", "pingpong.test", "10.0.0.1", "--days", "3"];
      assert.equal((await holdfast(folder, "cert", "--out", ".", ...args)).code, 0);
      const cert = new X509Certificate(textOf(join(folder, "cert.pem")));
      assert.equal(cert.subjectAltName, "DNS:pingpong.test, IP Address:10.0.0.1");
      assert.equal(Date.parse(cert.validTo) - Date.parse(cert.validFrom), 3 * 86_400_000);
    }));

  test("overwrites nothing unless forced", () =>
    inFolder({ "key.pem": "precious" }, async (folder) => {
      const refused = await holdfast(folder, "cert", "--out", ".");
      assert.equal(refused.code, 3);
      assert.match(refused.stderr, /key\.pem: already there\..*--force/);
      assert.deepEqual(filesIn(folder), ["key.pem"]);
      assert.equal(textOf(join(folder, "key.pem")), "precious");

      assert.equal((await holdfast(folder, "cert", "--out", ".", "--force")).code, 0);
      assert.match(textOf(join(folder, "key.pem")), /PRIVATE KEY/);
    }));

  for (
    const [args, words] of [
      [[], /required option '--out <folder>' not specified/],
      [["--out", ".", "--days", "1e3"], /'--days <number>'.*whole number/],
      [["--out", ".", "--days", "0"], /1 to 825 whole days/],
      [["--out", ".", "--name", "https://localhost"], /'https:\/\/localhost' is neither a host name nor an IP address/],
    ] as const
  ) {
    test(`says what is wrong with 'cert ${args.join(" ")}', and ends with 2`, () =>
      inFolder({}, async (folder) => {
        const { code, stderr } = await holdfast(folder, "cert", ...args);
        assert.equal(code, 2);
        assert.match(stderr, words);
        assert.deepEqual(filesIn(folder), []);
      }));
  }

  test("writes all or nothing", () =>
    inFolder({ "ca.pem": "old", "key.pem/in_the_way": "" }, async (folder) => {
      const { code, stderr } = await holdfast(folder, "cert", "--out", ".", "--force");
      assert.equal(code, 3);
      assert.match(stderr, /key\.pem: this can't be written: it is a folder\./);
      assert.deepEqual(filesIn(folder), ["ca.pem", "key.pem/in_the_way"]);
      assert.equal(textOf(join(folder, "ca.pem")), "old");
    }));

  test("says why it can't write, and ends with 3", () =>
    inFolder({}, async (folder) => {
      put(join(folder, "file"), "");
      const { code, stderr } = await holdfast(folder, "cert", "--out", "file");
      assert.equal(code, 3);
      assert.match(stderr, /file\/ca\.pem: this can't be written: /);
    }));
});
