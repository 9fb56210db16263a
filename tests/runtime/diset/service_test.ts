/**
 * A service that speaks DISET, as its clients see it: byte for byte, as it was recorded of the original where that is
 * to be copied.
 *
 * @module
 */

import assert from "node:assert/strict";
import { check } from "../../harness.ts";
import { lab } from "./lab.ts";
import { json, SUCCESS } from "./peer.ts";

const PING = '79:{"OK": true, "Value": {"request": true, "name": "Ping", "attrs": [false, [7]]}}';
const PONG = '79:{"OK": true, "Value": {"request": true, "name": "Pong", "attrs": [false, [7]]}}';

for (const way of ["dips", "dip"] as const) {
  check(`serve: over ${way}, the recorded client's bytes get the recorded service's`, async (scope) => {
    const { join } = await lab(scope);
    using peer = await join(way);
    peer.write(
      json('{"OK": true, "Value": [["Framework/PingPong", "Lab", "labvo"], ["Connection", "new"], "", "9.0.0a31"]}'),
    );
    assert.equal(await peer.next(), SUCCESS);
    peer.write(json('{"OK": true, "Value": ["dea1ab7f87b4b01350be6d33c264d8a8", {}]}'));
    assert.equal(await peer.next(), SUCCESS);
    peer.write(PING);
    assert.equal(await peer.nextOther(), PONG);
  });
}
