import assert from "node:assert/strict";
import { describe, it, test } from "node:test";

test("passes <&>", () => {});
test("fails", () => assert.equal(1, 2));
test("is skipped", { skip: true }, () => {});
describe("a group", () => {
  it("passes in a group", () => {});
  it("fails in a group", () => assert.equal(1, 2));
});
