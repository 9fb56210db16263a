/** Tests that pass, and print secrets. */

import { test } from "node:test";
import process from "node:process";
import { SECRET } from "../../secrets.ts";

test("a token", () => console.log(`The token ${SECRET}-1 is wrong.`));
test("a key", () => console.error({ key: `-----BEGIN ${"PRIVATE"} KEY-----\nMIGHAgEAMBMGByqGSM49\n` }));
test("a JWT", () => void process.stderr.write(`Bearer ${["eyJhbGciOiJFUzI1NiJ9", "eyJzdWIiOiJhZGEifQ", "c2ln"].join(".")}\n`));
