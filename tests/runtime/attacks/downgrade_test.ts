/**
 * Attacks on what carries the frames: no TLS, TLS of long ago, another protocol inside it, and bytes of another's line.
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { connect as connectTls } from "node:tls";
import { encodeDefinition } from "../../../idl/canonical.ts";
import { Client, type HoldfastError, type Network } from "../../../mod.ts";
import { nodeNetwork } from "../../../runtime/transport/node.ts";
import { nativeNetwork } from "../../../runtime/transport/runtime.ts";
import { encodeDefinitionFrame, encodeRefuse } from "../../../runtime/wire/native/handshake.ts";
import { check, type Scope, testCertificate } from "../../harness.ts";
import { clientHello, listen, proxy, say, serverHello, VERSIONS } from "./below_tls.ts";
import { enter, until, VAULT, vault } from "./lab.ts";

const HANDSHAKE = 0x16;
const ALERT = 0x15;
const APPLICATION_DATA = 0x17;

async function client(scope: Scope, network: Network, port: number, token = "ada"): Promise<Client> {
  const { ca } = await testCertificate();
  const url = `tls://localhost:${port}/Lab/Vault`;
  const own = new Client(url, undefined, { network, ca, token, reconnect: false, log: () => {} });
  scope.cleanup(() => own.close());
  return own;
}

/** The types of the records in what TLS has sent. */
function records(bytes: Buffer): number[] {
  const types: number[] = [];
  for (let at = 0; at + 5 <= bytes.length; at += 5 + bytes.readUInt16BE(at + 3)) types.push(bytes[at]!);
  return types;
}

for (const [network, make] of [["the runtime's TLS", nativeNetwork], ["node:tls", nodeNetwork]] as const) {
  const answers: { readonly [what: string]: Uint8Array } = {
    "in plain frames": Buffer.concat([
      encodeDefinitionFrame(encodeDefinition(VAULT)),
      encodeRefuse({ code: "closed", text: "Come without TLS." }),
    ]),
    "as a web server": Buffer.from("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
    "that it speaks TLS 1.1 only": serverHello(VERSIONS["TLS 1.1"]),
    "that it speaks TLS 1.0 only": serverHello(VERSIONS["TLS 1.0"]),
    "that it speaks SSL 3.0 only": serverHello(VERSIONS["SSL 3.0"]),
  };
  for (const [what, answer] of Object.entries(answers)) {
    check(`attacks: a service that answers ${what} gets nothing from a client on ${network}`, async (scope) => {
      const { port, lines } = await listen(scope, ({ socket }) => {
        socket.once("data", () => void socket.write(answer));
      });
      const own = await client(scope, scope.network(make()), port, "hf-secret-canary-token");
      await assert.rejects(own.connect(), (error: HoldfastError) => {
        assert.match(error.code, /^(protocol|unreachable)$/, error.message);
        return true;
      });
      const [line] = lines;
      line!.socket.destroy();
      await line!.ended;
      const said = line!.bytes();
      const [first, ...more] = records(said);
      assert.equal(first, HANDSHAKE, "it begins with TLS");
      assert.ok(more.every((type) => type === ALERT), `records of type ${more}`);
      assert.equal(said.includes("secret"), false);
    });
  }

  check(`attacks: who speaks without TLS to a service on ${network} is not heard`, async (scope) => {
    const lab = await vault(scope, {}, scope.network(make()));
    for (const bytes of [Buffer.concat(enter("ada")), Buffer.from("GET / HTTP/1.1\r\n\r\n"), Buffer.alloc(50, 0x16)]) {
      const line = await say(scope, lab.server.port, bytes);
      line.socket.end();
      await line.ended;
      assert.ok(records(line.bytes()).every((type) => type === ALERT), line.bytes().toString("hex"));
    }
    assert.deepEqual([lab.seen, lab.audit()], [[], []]);
  });

  check(`attacks: a service on ${network} speaks no TLS before 1.2`, async (scope) => {
    const lab = await vault(scope, {}, scope.network(make()));
    for (const [name, version] of Object.entries(VERSIONS)) {
      const line = await say(scope, lab.server.port, clientHello(version));
      if (name === "TLS 1.2") {
        // So it is for their version that the others are refused.
        await until("it answers", () => line.bytes().length > 11);
        assert.deepEqual([...line.bytes().subarray(0, 3), ...line.bytes().subarray(9, 11)], [HANDSHAKE, 3, 3, 3, 3]);
        line.socket.destroy();
      } else {
        await line.ended;
        assert.ok(records(line.bytes()).every((type) => type === ALERT), `${name}: ${line.bytes().toString("hex")}`);
      }
    }
    assert.deepEqual([lab.seen, lab.audit()], [[], []]);
  });

  const protocols: readonly (readonly [offered: readonly string[], agreed: string | false])[] = [
    [[], false],
    [["holdfast/1"], "holdfast/1"],
    [["h2", "holdfast/1", "http/1.1"], "holdfast/1"],
    [["h2"], "refused" as never],
    [["http/1.1", "h2"], "refused" as never],
    [["holdfast/2"], "refused" as never],
    [["holdfast/1.1", "Holdfast/1", "holdfast/"], "refused" as never],
  ];
  check(
    `attacks: a service on ${network} lets in who speaks its protocol, or does not say, and no other`,
    async (scope) => {
      const lab = await vault(scope, {}, scope.network(make()));
      const { ca } = await testCertificate();
      for (const [offered, agreed] of protocols) {
        lab.seen.length = 0;
        const socket = connectTls({
          host: "localhost",
          servername: "localhost",
          port: lab.server.port,
          ca,
          ...(offered.length > 0 && { ALPNProtocols: [...offered] }),
        });
        scope.cleanup(() => socket.destroy());
        let failed = false;
        socket.on("error", () => failed = true);
        socket.on("secureConnect", () => socket.write(Buffer.concat(enter("ada"))));
        socket.on("data", () => {});
        await until(`${offered}: it is let in, or not`, () => failed || socket.closed || lab.seen.length > 0);
        const isLetIn = lab.seen.length > 0;
        assert.equal(isLetIn, agreed !== ("refused" as never), `${offered}`);
        if (isLetIn) assert.equal(socket.alpnProtocol || false, agreed);
        const closed = socket.closed ? undefined : once(socket, "close");
        socket.destroy();
        await closed;
      }
    },
  );

  check(`attacks: what was recorded of another's line says nothing to a service on ${network}`, async (scope) => {
    const lab = await vault(scope, {}, scope.network(make()));
    const between = await proxy(scope, lab.server.port);
    const own = await client(scope, scope.network(make()), between.port);
    await own.connect();
    await own.send("Note", { text: "once" }, { acknowledge: true });
    const recorded = between.lines[0]!.bytes();
    assert.ok(records(recorded).includes(APPLICATION_DATA));
    const before = [...lab.seen];
    assert.deepEqual(before, ["in ada", "Note ada once"]);
    const audit = lab.audit();
    const replay = await say(scope, lab.server.port, recorded);
    await until("it is answered", () => replay.bytes().length > 0);
    replay.socket.end();
    await replay.ended;
    assert.deepEqual([lab.seen, lab.audit()], [before, audit]);
    await own.send("Note", { text: "still there" }, { acknowledge: true });
  });

  check(`attacks: what is changed on its way ends the line, and is not handled (${network})`, async (scope) => {
    const lab = await vault(scope, { resume: false }, scope.network(make()));
    let isHostile = false;
    const between = await proxy(scope, lab.server.port, (chunk) => {
      if (isHostile) chunk[chunk.length - 1]! ^= 1;
      return chunk;
    });
    const own = await client(scope, scope.network(make()), between.port);
    await own.connect();
    isHostile = true;
    await assert.rejects(own.send("Note", { text: "once" }, { acknowledge: true }), { code: "disconnected" });
    await until("the session is over", () => lab.seen.length === 2);
    assert.deepEqual(lab.seen, ["in ada", "out ada disconnected"]);
  });
}
