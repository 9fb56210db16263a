/**
 * Those who read logs, and those who would have them read something else.
 */

import assert from "node:assert/strict";
import { consoleLog, HoldfastError } from "../../../mod.ts";
import * as kinds from "../../../runtime/wire/native/kinds.ts";
import { check, type Scope } from "../../harness.ts";
import { rawFrame } from "../raw_peer.ts";
import { enter, numberOf, until, vault, welcome } from "./lab.ts";

/** Keeps what is printed. */
function printed(scope: Scope): string[] {
  const lines: string[] = [];
  for (const name of ["warn", "error"] as const) {
    const own = console[name];
    console[name] = (...parts: unknown[]) => void lines.push(...parts.map(String).join(" ").split(/[\r\n\u2028]/));
    scope.cleanup(() => console[name] = own);
  }
  return lines;
}

const FORGED = "No.\nholdfast: A client was let in.\r\u001b[2J\u009b2J\u202e\u2028holdfast: %s %o";

check("consoleLog begins no line with what a peer has said, and prints no control characters", (scope) => {
  const lines = printed(scope);
  consoleLog({
    level: "warning",
    message: "A client was refused.",
    remote: "[::1]:1",
    principal: {
      method: "token",
      subject: `%s%o%c ${FORGED}`,
      issuer: "",
      authenticated: false,
      properties: [],
      limited: false,
    },
    error: new HoldfastError("refused", FORGED, { cause: new Error(FORGED) }),
  });
  consoleLog({ level: "error", message: "A callback failed.", error: FORGED });
  const [first, ...rest] = lines;
  assert.match(first!, /^holdfast: A client was refused\. \(client at \[::1\]:1, subject "%s%o%c No\./);
  assert.deepEqual(rest.filter((line) => line.startsWith("holdfast: ")).length, 1, lines.join("\n"));
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(lines.join(""), /[\0-\x1f\x7f-\x9f\u2028-\u202e]/);
  assert.match(lines.join("\n"), /\\u001b\[2J\\u009b2J\\u202e/);
});

check("consoleLog prints a stack of what is a fault of this side's, and of nothing else", (scope) => {
  const lines = printed(scope);
  const says = (error: unknown, level: "error" | "warning" = "warning"): string => {
    consoleLog({ level, message: "So.", error });
    return lines.splice(0).join("\n");
  };
  const expired = new HoldfastError("unauthorized", "Not authorized.", { cause: new Error("It has expired.") });
  assert.equal(says(expired), "holdfast: So. unauthorized: Not authorized.\n  Error: It has expired.");
  assert.equal(says("gone"), "holdfast: So. 'gone'");
  assert.equal(says(new Error("")), "holdfast: So. Error");
  assert.match(
    says(new TypeError("verify is not a function")),
    /TypeError: verify is not a function\n.*at .*log_test/s,
  );
  assert.match(says(expired, "error"), /Not authorized\.\n.*at .*log_test/s);
});

check("consoleLog prints the errors within one that stands for several, and not too many of them", (scope) => {
  const lines = printed(scope);
  const refused = ["127.0.0.1:1", "[::1]:1"].map((address) => new Error(`connect ECONNREFUSED ${address}`));
  const error = new HoldfastError("unreachable", "Nobody is there.", { cause: new AggregateError(refused) });
  consoleLog({ level: "warning", message: "So.", error });
  assert.deepEqual(lines.splice(0), [
    "holdfast: So. unreachable: Nobody is there.",
    "  AggregateError",
    "  Error: connect ECONNREFUSED 127.0.0.1:1",
    "  Error: connect ECONNREFUSED [::1]:1",
  ]);
  const many = new AggregateError(Array.from({ length: 1_000 }, (_, at) => new Error(`No. ${at}`)), "All of them.");
  consoleLog({ level: "warning", message: "So.", error: many });
  assert.deepEqual(lines.slice(0, 2), ["holdfast: So. AggregateError: All of them.", "  Error: No. 0"]);
  assert.equal(lines.length, 9);
});

check("attacks: what a client answers a service stands in the service's log as what it is", async (scope) => {
  const lines = printed(scope);
  const asked: Promise<unknown>[] = [];
  const lab = await vault(scope, {
    log: consoleLog,
    messages: {
      Note: (_note, connection) => {
        const sent = connection.send("Secret", { text: "" }, { acknowledge: true });
        asked.push(sent.catch(() => {}));
        return sent;
      },
      Job: ({ name }) => ({ name }),
    },
  });
  const line = await lab.line(...enter("ada"));
  await welcome(line);
  const text = new TextEncoder().encode(FORGED);
  line.write(rawFrame(kinds.MESSAGE, [numberOf("Note"), 0]));
  await line.frame(kinds.MESSAGE);
  line.write(rawFrame(kinds.CLOSE, [7, ...new TextEncoder().encode("refused"), text.length, ...text, 1]));
  await until("the handler has failed", () => lines.length > 0);
  await Promise.all(asked);
  assert.ok(lines.filter((line) => line.startsWith("holdfast:")).every((line) => /handler of Note/.test(line)));
});
