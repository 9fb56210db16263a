import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parse, serve } from "../../mod.ts";
import { testCertificate } from "../harness.ts";
import { holdfast, inFolder, put } from "./process.ts";

const TEXT = `
Ping < id: int|long >
Pong < id: int|long, by: string >
service Framework/PingPong { auth all  connect < name?: string >  receives Ping  sends Pong }
service Framework/Other { auth all  receives Ping }
`;

describe("a service at dips:// and dip://", () => {
  test("is sent messages by the definition that --definition gives", () =>
    inFolder({ "pingpong.msg": TEXT }, async (folder) => {
      const { ca, cert, key } = await testCertificate();
      put(join(folder, "ca.pem"), ca);
      const names = new Map<string, unknown>();
      await using server = await serve(parse(TEXT, { service: "Framework/PingPong" }), {
        cert,
        key,
        diset: { plain: {} },
        onConnect: ({ transportId }, { name }) => void names.set(transportId, name),
        messages: {
          Ping: ({ id }, connection) =>
            connection.send("Pong", { id, by: `${names.get(connection.transportId)} of ${connection.diset?.setup}` }),
        },
      });
      assert.equal(server.disetUrls.length, 2);
      for (const url of server.disetUrls) {
        const { code, stderr, stdout } = await holdfast(
          folder,
          ...["send", url, "Ping", '{"id": 123456789012345678901234567890}', "--wait", "Pong", "--ca", "ca.pem"],
          ...["--definition", "pingpong.msg", "--args", '{"name": "me"}'],
        );
        assert.deepEqual({ code, stderr }, { code: 0, stderr: "sent 1 message\n" });
        assert.equal(stdout, '{"id":123456789012345678901234567890,"by":"me of None"}\n');
      }
    }));

  test("needs a definition, and one that has the service", () =>
    inFolder({ "pingpong.msg": TEXT, "bad.msg": "Ping <" }, async (folder) => {
      const send = (...args: string[]) => holdfast(folder, "send", "dips://localhost:1/Lab/Desk", "Ping", ...args);
      for (
        const [args, status, said] of [
          [[], 2, /does not tell its messages: say by --definition FILE/],
          [["--definition", "pingpong.msg"], 1, /nothing of Lab\/Desk: it has Framework\/PingPong, Framework\/Other\./],
          [["--definition", "bad.msg"], 1, /bad\.msg:1:7: .*\n[^]*bad\.msg has problems/],
          [["--definition", "none.msg"], 1, /none\.msg/],
        ] as const
      ) {
        const { code, stderr } = await send(...args);
        assert.equal(code, status, stderr);
        assert.match(stderr, said);
      }
    }));
});
