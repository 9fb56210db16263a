import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { parse, serve } from "../../mod.ts";
import { nativeNetwork } from "../../runtime/transport/runtime.ts";
import type { Network, Stream } from "../../runtime/transport/transport.ts";
import { testCertificate } from "../harness.ts";
import { holdfast, inFolder, put } from "./process.ts";

const BREAKER = parse(`
  Break < secret: string >
  Broken < >
  service Lab/Breaker { auth all  receives Break -> Broken }
`);

test("--verbose tells what came and went last over a connection that died badly, and nothing of what it held", () =>
  inFolder({}, async (folder) => {
    const { ca, cert, key } = await testCertificate();
    put(join(folder, "ca.pem"), ca);
    const streams: Stream[] = [];
    const native = nativeNetwork();
    const network: Network = {
      connect: (options, events) => native.connect(options, events),
      listen: (options, accept) =>
        native.listen(options, (stream) => {
          streams.push(stream);
          return accept(stream);
        }),
    };
    await using server = await serve(BREAKER, {
      cert,
      key,
      network,
      log: () => {},
      messages: {
        // A frame that no protocol has.
        Break: () => {
          void streams.at(-1)!.write(Uint8Array.of(3, 0x42, 1, 2));
          return new Promise<never>(() => {});
        },
      },
    });
    const ask = ["request", server.url, "Break", '{"secret": "sesame"}', "--ca", "ca.pem", "--no-reconnect"];
    const { code, stderr } = await holdfast(folder, ...ask, "--verbose");
    assert.equal(code, 8, stderr);
    assert.match(
      stderr,
      /^error: .*\nwhat came and went last:\n {2}sent +HELLO +\d+ bytes +\d+ ms before\n[^]*sent +REQUEST 1 +\d+ bytes/,
    );
    assert.match(stderr, /received 0x42 +4 bytes +\d+ ms before\n/);
    assert.doesNotMatch(stderr, /sesame/);
    assert.doesNotMatch((await holdfast(folder, ...ask)).stderr, /last/);
  }));
