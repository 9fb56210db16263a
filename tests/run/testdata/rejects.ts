import { test } from "node:test";

test("leaves a rejection behind", () => {
  Promise.reject(new Error("nobody waits for this"));
});
