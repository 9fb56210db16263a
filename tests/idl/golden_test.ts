import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { describe, test } from "node:test";
import { formatProblems, load } from "../../idl/mod.ts";
import { TESTDATA, testdata } from "./testdata.ts";

// Each `testdata/NAME.msg` has beside it what is said of it, to the letter. `UPDATE=1` writes that anew: read it then.
describe("load and formatProblems say of", () => {
  for (const file of readdirSync(TESTDATA).filter((name) => name.endsWith(".msg")).sort()) {
    test(`${file} exactly what stands beside it`, () => {
      const { modules, problems } = load([file], testdata);
      const said = `${formatProblems(problems)}\n`;
      const expected = `${TESTDATA}${file.replace(/\.msg$/, ".txt")}`;
      if (process.env["UPDATE"] !== undefined) writeFileSync(expected, said);
      assert.equal(said, readFileSync(expected, "utf8"));
      assert.equal(modules.length === 0, problems.length > 0);
    });
  }
});
