import assert from "node:assert/strict";
import type { HoldfastError } from "../../../mod.ts";
import { check } from "../../harness.ts";
import { lab } from "./lab.ts";

for (const way of ["dip", "dips"] as const) {
  check(
    `error.frames: of a client of ${way}:// that breaks the protocol, up to what it has sent last`,
    async (scope) => {
      const { drops, join } = await lab(scope);
      const peer = await join(way);
      await peer.join();
      peer.message("Ping", [7]);
      await peer.nextOther();
      peer.write("17:this is no value.");
      await peer.rest();
      const { code, frames = [] } = drops[0]!.reason;
      assert.equal(code, "protocol");
      assert.deepEqual(frames.map(({ kind }) => kind).filter((kind) => kind !== "KEEP-ALIVE").slice(0, 2), [
        "FRAME",
        "FRAME",
      ]);
      assert.deepEqual([frames[0]!.direction, frames[1]!.direction], ["received", "sent"]);
      const last = frames.findLast(({ direction }) => direction === "received")!;
      assert.deepEqual([last.kind, last.size, "number" in last], ["FRAME", 20, false]);
    },
  );
}

check("error.frames: of a handshake in DISET that is none", async (scope) => {
  const { join, log } = await lab(scope);
  const peer = await join("dip");
  peer.write("4:nope");
  await peer.rest();
  const { frames } = log.find(({ event }) => event === "refused")!.error as HoldfastError;
  assert.deepEqual(frames?.map(({ direction, kind, size }) => [direction, kind, size]), [["received", "FRAME", 6]]);
});
