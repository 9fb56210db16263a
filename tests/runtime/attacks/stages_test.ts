/**
 * Every kind of frame at every stage of a line: what a client may say when, as a table.
 */

import assert from "node:assert/strict";
import { encodeDefinition } from "../../../idl/canonical.ts";
import { deferred } from "../../../runtime/promises.ts";
import { readFault } from "../../../runtime/wire/native/frames.ts";
import { encodeDefinitionFrame, encodePing } from "../../../runtime/wire/native/handshake.ts";
import * as kinds from "../../../runtime/wire/native/kinds.ts";
import { check } from "../../harness.ts";
import { rawFrame, type RawPeer } from "../raw_peer.ts";
import { enter, hello, NETWORKS, numberOf, open, readerOf, readToken, until, VAULT, type Vault, vault } from "./lab.ts";

const text = (words: string) => [words.length, ...new TextEncoder().encode(words)];
const fault = [...text("closed"), ...text("Bye.")];

/** One frame of each kind that is right in itself. */
const FRAMES = {
  HELLO: hello({ token: "bob" }),
  DEFINITION: encodeDefinitionFrame(encodeDefinition(VAULT)),
  OPEN: open(),
  WELCOME: rawFrame(kinds.WELCOME, new Uint8Array(40)),
  REFUSE: rawFrame(kinds.REFUSE, fault),
  MESSAGE: rawFrame(kinds.MESSAGE, [numberOf("Note"), ...text("hi")]),
  REQUEST: rawFrame(kinds.REQUEST, [1, numberOf("Job"), ...text("sort")]),
  REPLY: rawFrame(kinds.REPLY, [1, ...text("sort")]),
  FAILURE: rawFrame(kinds.FAILURE, [1, ...fault]),
  CANCEL: rawFrame(kinds.CANCEL, [1]),
  ACK: rawFrame(kinds.ACK, [1, 0, 0, 0]),
  PING: encodePing(kinds.PING, 5),
  PONG: encodePing(kinds.PONG, 5),
  GOAWAY: rawFrame(kinds.GOAWAY, [0]),
  CREDENTIALS: rawFrame(kinds.CREDENTIALS, text("ada")),
  CLOSE: rawFrame(kinds.CLOSE, [...fault, 0]),
  "kind 0x00": rawFrame(0),
  "kind 0x7f": rawFrame(0x7f),
  "kind 0x80": rawFrame(0x80, [1, 2, 3]),
} as const;

const NO = "REFUSE protocol";
const CALLED_OFF = "REFUSE cancelled";
const END = "CLOSE protocol";
const NOTHING = "";

/** What comes back: before HELLO; between HELLO and OPEN; after WELCOME. */
const TABLE: { readonly [kind in keyof typeof FRAMES]: readonly [string, string, string] } = {
  HELLO: ["DEFINITION", NO, END],
  DEFINITION: [NO, NO, END],
  OPEN: [NO, "WELCOME", END],
  WELCOME: [NO, NO, END],
  REFUSE: [NO, NO, END],
  MESSAGE: [NO, NO, NOTHING],
  REQUEST: [NO, NO, "REPLY"],
  REPLY: [NO, NO, END],
  FAILURE: [NO, NO, END],
  CANCEL: [NO, NO, END],
  ACK: [NO, NO, END],
  PING: ["PONG", "PONG", "PONG"],
  PONG: [NOTHING, NOTHING, NOTHING],
  GOAWAY: [NO, NO, END],
  CREDENTIALS: [NO, NO, "CREDENTIALS"],
  CLOSE: [NO, CALLED_OFF, "the end"],
  "kind 0x00": [NO, NO, END],
  "kind 0x7f": [NO, NO, END],
  "kind 0x80": [NOTHING, NOTHING, NOTHING],
};

/** What of that the application sees; of other frames, it sees nothing. */
const HANDLED: { readonly [kind: string]: string } = { MESSAGE: "Note ada hi", REQUEST: "Job ada sort" };

/** What has come back since, in words; ACKs say nothing of this. */
function said(line: RawPeer, before: number): string[] {
  const names = line.told().slice(before).map((name, index) => {
    if (name !== "REFUSE" && name !== "CLOSE") return name;
    return `${name} ${readFault(readerOf(line.frames[before + index]!.body)).code}`;
  });
  return names.filter((name) => name !== "ACK");
}

/** Says something, and waits for what comes back: that, and nothing more. */
async function expectAnswer(line: RawPeer, bytes: Uint8Array, answer: string, before: number): Promise<void> {
  line.write(bytes);
  const isOver = /^(REFUSE|CLOSE|the end)/.test(answer);
  const words = answer === "" || answer === "the end" ? [] : [answer];
  if (isOver) {
    await line.end();
    return assert.deepEqual(said(line, before), words);
  }
  await until(
    `answers ${answer || "nothing"}, has ${said(line, before)}`,
    () => said(line, before).length >= words.length,
  );
  line.write(encodePing(kinds.PING, 99));
  const all = [...words, "PONG"];
  await until(`still answers, has ${said(line, before)}`, () => line.ended || said(line, before).length >= all.length);
  assert.deepEqual(said(line, before), all);
}

type Stage = "before HELLO" | "identifying" | "before OPEN" | "connecting" | "after WELCOME" | "after REFUSE";

/** Takes a line to a stage, and says what is judged there by which column of the table. */
async function reach(stage: Stage, { line, seen }: Vault): Promise<RawPeer> {
  switch (stage) {
    case "before HELLO":
      return await line();
    case "identifying":
      return await line(hello({ token: "ada" }));
    case "before OPEN": {
      const peer = await line(hello({ token: "ada" }));
      await peer.frame(kinds.DEFINITION);
      return peer;
    }
    case "connecting": {
      const before = seen.length;
      const peer = await line(...enter("ada"));
      await until("onConnect runs", () => seen.length > before);
      return peer;
    }
    case "after WELCOME": {
      const peer = await line(...enter("ada"));
      await peer.frame(kinds.WELCOME);
      return peer;
    }
    case "after REFUSE":
      return await line(hello({ service: "Lab/Other" }));
  }
}

/** Time enough for what was said before to have arrived: another line is answered. */
async function elsewhere({ line }: Vault): Promise<void> {
  const other = await line(encodePing(kinds.PING, 1));
  await other.frame(kinds.PONG);
  other.leave("destroy");
}

const OPTIONS = { resume: false, limits: { failures: Infinity } } as const;

for (const [network, make] of Object.entries(NETWORKS)) {
  for (const [column, stage] of (["before HELLO", "before OPEN", "after WELCOME"] as const).entries()) {
    check(`attacks: every kind of frame ${stage} is answered as the table says, ${network}`, async (scope) => {
      const lab = await vault(scope, OPTIONS, make(scope));
      for (const [kind, row] of Object.entries(TABLE)) {
        const line = await reach(stage, lab);
        const { length } = lab.seen;
        await expectAnswer(line, FRAMES[kind as keyof typeof FRAMES], row[column]!, line.frames.length).catch(
          (error) => {
            throw new Error(`${kind}: ${error.message}`);
          },
        );
        const seen = lab.seen.slice(length).filter((what) => !what.startsWith("out "));
        const handled = column === 2 ? HANDLED[kind] : kind === "OPEN" && column === 1 ? "in ada" : undefined;
        assert.deepEqual(seen, handled === undefined ? [] : [handled], kind);
        line.leave("destroy");
      }
      const refused = lab.audit().filter((what) => /^refused/.test(what));
      const codes = Object.values(TABLE).flatMap((row) => /^REFUSE (.+)/.exec(row[column]!)?.[1] ?? []);
      // Of one who has shown who it is, the audit says so.
      assert.deepEqual(refused, codes.map((code) => column === 0 ? `refused ${code}` : `refused ada ${code}`));
    });
  }

  check(
    `attacks: what comes while a token is looked at waits, and is judged by what it says, ${network}`,
    async (scope) => {
      for (const [kind, row] of Object.entries(TABLE)) {
        const verified = deferred<void>();
        const lab = await vault(scope, {
          ...OPTIONS,
          tokens: async (token) => {
            await verified.promise;
            return readToken(token);
          },
        }, make(scope));
        const line = await reach("identifying", lab);
        line.write(FRAMES[kind as keyof typeof FRAMES]);
        await elsewhere(lab);
        assert.deepEqual([line.told(), lab.seen], [[], []], kind);
        verified.resolve();
        await line.frame(kinds.DEFINITION);
        await expectAnswer(line, new Uint8Array(0), row[1], 1);
        line.leave("destroy");
        await lab.server.close({ timeout: 1 });
      }
    },
  );

  check(`attacks: what comes while onConnect runs waits until it has returned, ${network}`, async (scope) => {
    for (const [kind, row] of Object.entries(TABLE)) {
      const connecting = deferred<void>();
      const lab = await vault(scope, { ...OPTIONS, onConnect: () => connecting.promise }, make(scope));
      const line = await reach("connecting", lab);
      line.write(FRAMES[kind as keyof typeof FRAMES]);
      await elsewhere(lab);
      assert.deepEqual([line.told(), lab.seen], [[], ["in ada"]], kind);
      connecting.resolve();
      if (row[2] !== "the end") await line.frame(kinds.WELCOME);
      else await until("it has ended", () => line.ended);
      await expectAnswer(line, new Uint8Array(0), row[2], 1);
      line.leave("destroy");
      await lab.server.close({ timeout: 1 });
    }
  });

  check(`attacks: what comes after REFUSE is not read, ${network}`, async (scope) => {
    const lab = await vault(scope, OPTIONS, make(scope));
    const line = await reach("after REFUSE", lab);
    for (const bytes of Object.values(FRAMES)) line.write(bytes);
    assert.equal((await line.end())?.code, "unknown-service");
    assert.deepEqual(line.told(), ["REFUSE"]);
    assert.deepEqual([lab.seen, lab.audit()], [[], ["refused  unknown-service"]]);
  });
}
