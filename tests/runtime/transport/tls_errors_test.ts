import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HoldfastError } from "../../../runtime/errors.ts";
import { connectError, listenError, startError, streamError } from "../../../runtime/transport/tls_errors.ts";

const AT = { hostname: "service.example", port: 4433 };

/** An error as the runtimes make them: these were seen. */
function error(message: string, code?: string, name = "Error"): Error {
  return Object.assign(new Error(message), { name }, code !== undefined && { code });
}

describe("connectError", () => {
  const cases: readonly (readonly [string, unknown, string, RegExp])[] = [
    ["Node, refused", error("connect ECONNREFUSED ::1:1", "ECONNREFUSED"), "unreachable", /Nobody listens at service/],
    ["Bun, refused", error("Failed to connect", "ECONNREFUSED"), "unreachable", /Nobody listens/],
    [
      "Node, several addresses refused",
      Object.assign(new AggregateError([new Error()], ""), { code: "ECONNREFUSED" }),
      "unreachable",
      /Nobody listens/,
    ],
    [
      "Deno, refused",
      error("Connection refused (os error 111)", "ECONNREFUSED", "ConnectionRefused"),
      "unreachable",
      /N/,
    ],
    ["Node, no such host", error("getaddrinfo ENOTFOUND x", "ENOTFOUND"), "unreachable", /no host 'service.example'/],
    ["Bun, no such host", error("getaddrinfo ENOTFOUND x", "ENOTFOUND", "DNSException"), "unreachable", /no host/],
    ["Node, no name server", error("getaddrinfo EAI_AGAIN x", "EAI_AGAIN"), "unreachable", /no host/],
    [
      "Deno, no such host",
      error("failed to lookup address information: Name or service not known"),
      "unreachable",
      /no host/,
    ],
    ["no route", error("connect EHOSTUNREACH", "EHOSTUNREACH"), "unreachable", /EHOSTUNREACH/],
    ["timeout of the system", error("connect ETIMEDOUT", "ETIMEDOUT"), "unreachable", /ETIMEDOUT/],
    ["only closed", undefined, "unreachable", /closed the connection before TLS was ready/],
    ["Node, reset", error("read ECONNRESET", "ECONNRESET"), "unreachable", /closed the connection/],
    ["Deno, ended", error("tls handshake eof", undefined, "UnexpectedEof"), "unreachable", /closed the connection/],
    ["something else", "what?", "unreachable", /the runtime does not say why/],
    ...["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN"].map((code) =>
      ["unknown issuer", error("unable to …", code), "certificate", /Tell the client which authority to trust/] as const
    ),
    ["expired", error("certificate has expired", "CERT_HAS_EXPIRED"), "certificate", /Renew the service's certificate/],
    ["not yet", error("certificate is not yet valid", "CERT_NOT_YET_VALID"), "certificate", /this machine's clock/],
    ["revoked", error("certificate revoked", "CERT_REVOKED"), "certificate", /revoked/],
    ["purpose", error("unsuitable certificate purpose", "INVALID_PURPOSE"), "certificate", /unsuitable/],
    ["CRL", error("unable to get certificate CRL", "UNABLE_TO_GET_CRL"), "certificate", /CRL/],
    ["proxy", error("proxy certificates not allowed, please…", "UNSPECIFIED"), "certificate", /proxy certificates/],
    [
      "Bun, key usage",
      error("error:1000012e:SSL routines:OPENSSL_internal:KEY_USAGE_BIT_INCORRECT", "EPROTO"),
      "certificate",
      /key usage bit incorrect/,
    ],
    [
      "name",
      error("… altnames: …", "ERR_TLS_CERT_ALTNAME_INVALID"),
      "certificate",
      /certificate for 'service.example'/,
    ],
    [
      "Deno, issuer",
      error("invalid peer certificate: UnknownIssuer", undefined, "InvalidData"),
      "certificate",
      /not to be trusted: UnknownIssuer\. Tell/,
    ],
    [
      "Deno, expired",
      error("invalid peer certificate: certificate expired: verification time 1", undefined, "InvalidData"),
      "certificate",
      /Renew/,
    ],
    [
      "Deno, not yet",
      error("invalid peer certificate: certificate not valid yet: verification time 1", undefined, "InvalidData"),
      "certificate",
      /clock/,
    ],
    [
      "Deno, name",
      error('invalid peer certificate: certificate not valid for name "x"', undefined, "InvalidData"),
      "certificate",
      /certificate for 'service.example'/,
    ],
    [
      "Node, no common protocol",
      error("…:tlsv1 alert no application protocol:…", "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL"),
      "protocol",
      /none of this client's protocols/,
    ],
    [
      "Bun, no common protocol",
      error("error:10000460:SSL routines:OPENSSL_internal:TLSV1_ALERT_NO_APPLICATION_PROTOCOL", "EPROTO"),
      "protocol",
      /none of this client's protocols/,
    ],
    [
      "Deno, no common protocol",
      error("received fatal alert: NoApplicationProtocol", undefined, "InvalidData"),
      "protocol",
      /none of this client's protocols/,
    ],
    [
      "Node, no TLS",
      error("80:error:0A00010B:SSL routines:get:wrong version number:../a.c:9:\n", "ERR_SSL_WRONG_VERSION_NUMBER"),
      "protocol",
      /as this client does: wrong version number\. Check/,
    ],
    [
      "Bun, no TLS",
      error("error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER", "ERR_SSL_WRONG_VERSION_NUMBER"),
      "protocol",
      /wrong version number/,
    ],
    [
      "Deno, no TLS",
      error("received corrupt message of type InvalidContentType", undefined, "InvalidData"),
      "protocol",
      /corrupt message/,
    ],
    [
      // What a service says of a client's certificate is not about the service's.
      "an alert about a certificate",
      error("alert certificate required", "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED"),
      "protocol",
      /certificate required/,
    ],
    [
      "Node, port",
      error("Port should be", "ERR_SOCKET_BAD_PORT", "RangeError"),
      "invalid-argument",
      /is not an address/,
    ],
    [
      "Bun, port",
      error("SocketOptions.port", "ERR_OUT_OF_RANGE", "RangeError"),
      "invalid-argument",
      /is not an address/,
    ],
    ["Deno, host", error("Invalid hostname: 'a b'", undefined, "TypeError"), "invalid-argument", /is not an address/],
  ];

  for (const [what, cause, code, text] of cases) {
    test(`${what}: ${code}`, () => {
      const mapped = connectError(cause, AT);
      assert.equal(mapped.code, code, mapped.message);
      assert.match(mapped.message, text);
      assert.match(mapped.message, /[^.]\.$/);
      assert.equal(mapped.cause, cause);
    });
  }

  test("leaves an error of Holdfast's as it is", () => {
    const own = new HoldfastError("cancelled", "No.");
    assert.equal(connectError(own, AT), own);
  });

  test("writes an IPv6 address in brackets", () => {
    assert.match(connectError(undefined, { hostname: "::1", port: 1 }).message, /\[::1\]:1 closed/);
  });
});

describe("startError", () => {
  test("a certificate of the client's own that can't be used: invalid-argument", () => {
    const cause = error(
      "error:1000012e:SSL routines:OPENSSL_internal:KEY_USAGE_BIT_INCORRECT",
      "ERR_SSL_KEY_USAGE_BIT",
    );
    const mapped = startError(cause, AT);
    assert.equal(mapped.code, "invalid-argument");
    assert.match(mapped.message, /^The certificate to be shown \('certificate'\) can't be used: key usage .*[^.]\.$/);
    assert.equal(mapped.cause, undefined, "it may be about the key");
  });

  test("anything else: as connectError says it", () => {
    const cause = error("Port should be", "ERR_SOCKET_BAD_PORT", "RangeError");
    assert.equal(startError(cause, AT).message, connectError(cause, AT).message);
  });
});

describe("listenError", () => {
  const cases: readonly (readonly [string, unknown, RegExp])[] = [
    ["taken", error("Failed to listen", "EADDRINUSE"), /service.example:4433 is taken/],
    ["not allowed", error("listen EACCES", "EACCES"), /from 1024 on/],
    ["Deno, not allowed", error("Permission denied (os error 13)", "EACCES", "PermissionDenied"), /from 1024 on/],
    ["no such address", error("listen EADDRNOTAVAIL", "EADDRNOTAVAIL"), /has no address 'service.example'/],
    ["no such host", error("getaddrinfo ENOTFOUND", "ENOTFOUND"), /has no address/],
    ["Deno, no such host", error("failed to lookup address information: x"), /has no address/],
    ["port", error("options.port should be", "ERR_SOCKET_BAD_PORT", "RangeError"), /a port from 0 to 65535/],
    ["something else", error("Too many open files.", "EMFILE"), /: Too many open files\. Choose/],
  ];

  for (const [what, cause, text] of cases) {
    test(`${what}: invalid-argument`, () => {
      const mapped = listenError(cause, AT);
      assert.equal(mapped.code, "invalid-argument");
      assert.match(mapped.message, text);
      assert.equal(mapped.cause, cause);
    });
  }
});

test("streamError: disconnected, in the runtime's own words", () => {
  const cause = error("read ECONNRESET", "ECONNRESET");
  const mapped = streamError(cause);
  assert.equal(mapped.code, "disconnected");
  assert.equal(mapped.message, "read ECONNRESET");
  assert.equal(mapped.cause, cause);
});
