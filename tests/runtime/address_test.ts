import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseAddress } from "../../runtime/address.ts";

describe("parseAddress", () => {
  for (
    const [url, hostname, port] of [
      ["tls://localhost:9145/Framework/PingPong", "localhost", 9145],
      ["tls://dirac.example.org:443/Framework/PingPong", "dirac.example.org", 443],
      ["tls://127.0.0.1:1/Framework/PingPong", "127.0.0.1", 1],
      ["tls://[::1]:65535/Framework/PingPong", "::1", 65535],
    ] as const
  ) {
    test(`reads ${url}`, () => {
      assert.deepEqual(parseAddress(url), { url, protocol: "tls", hostname, port, service: "Framework/PingPong" });
    });
  }

  for (
    const [url, why] of [
      ["", /it is no URL/],
      ["localhost:9145/Framework/PingPong", /it does not begin with tls:/],
      ["https://localhost:9145/Framework/PingPong", /it does not begin with tls:/],
      ["tls://localhost/Framework/PingPong", /it has no port/],
      ["tls://localhost:0/Framework/PingPong", /nobody listens on port 0/],
      ["tls://localhost:65536/Framework/PingPong", /it is no URL/],
      ["tls://:9145/Framework/PingPong", /it (is no URL|has no host)/],
      ["tls:///Framework/PingPong", /it has no host/],
      ["tls://me@localhost:9145/Framework/PingPong", /a user, a query or a fragment/],
      ["tls://localhost:9145/Framework/PingPong?x=1", /a user, a query or a fragment/],
      ["tls://localhost:9145/Framework/PingPong#x", /a user, a query or a fragment/],
      ["tls://localhost:9145", /its path is no name of a service/],
      ["tls://localhost:9145/Framework", /its path is no name of a service/],
      ["tls://localhost:9145/Framework/PingPong/", /its path is no name of a service/],
      ["tls://localhost:9145/Framework/Ping Pong", /its path is no name of a service/],
      ["tls://localhost:9145/Framework/1", /its path is no name of a service/],
      ["tls://localhost:9145/a/../Framework", /its path is no name of a service/],
    ] as const
  ) {
    test(`refuses ${JSON.stringify(url)}, and says why and what would do`, () => {
      assert.throws(() => parseAddress(url), (error: Error & { code: string }) => {
        assert.equal(error.code, "invalid-argument");
        assert.match(error.message, why);
        assert.match(error.message, /It is tls:\/\/HOST:PORT\/System\/Component\.$/);
        return true;
      });
    });
  }

  test("names every protocol that may be spoken", () => {
    const why = /It is tls:\/\/HOST:PORT\/System\/Component, or the same with dips:\/\/ or dip:\/\/\.$/;
    assert.throws(() => parseAddress("http://localhost", ["tls", "dips", "dip"]), why);
  });
});
