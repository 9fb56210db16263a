import { test } from "node:test";

test("passes before its file throws", () => {});
throw new Error("thrown at the top level");
