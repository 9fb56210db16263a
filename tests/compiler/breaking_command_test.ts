import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parse, serve } from "../../mod.ts";
import { testCertificate } from "../harness.ts";
import { holdfast, inFolder, put } from "./process.ts";

const OLD = "Job < id: int >\nNote < text: string >\nservice Lab/Desk { auth all receives Job sends Note }\n";
const WIDER = "Job < id: int|long >\nNote < text: string >\nservice Lab/Desk { auth all receives Job sends Note }\n";
const MORE = OLD.replace("receives Job", "receives Job, Note");

function git(folder: string, ...args: string[]): void {
  const who = ["-c", "user.name=Kit", "-c", "user.email=kit@lab.example", "-c", "commit.gpgsign=false"];
  execFileSync("git", [...who, ...args], { cwd: folder, stdio: "ignore" });
}

describe("breaking", () => {
  test("tells what breaks whom, and ends with 1", () =>
    inFolder({ "old.msg": OLD, "desk.msg": WIDER }, async (folder) => {
      const { code, stdout, stderr } = await holdfast(folder, "breaking", "--against", "old.msg", "desk.msg");
      assert.deepEqual({ code, stderr }, { code: 1, stderr: "" });
      assert.equal(
        stdout,
        `Lab/Desk:
  clients of the new definition, at services of the old:
    can't send Job
      Job.id: the old service wants int, the new client has int|long

breaking: 1 service compared
`,
      );
    }));

  test("--order: what breaks nobody in that order is fine", () =>
    inFolder({ "old.msg": OLD, "desk.msg": WIDER }, async (folder) => {
      const against = ["breaking", "--against", "old.msg", "desk.msg", "--order"];
      const first = await holdfast(folder, ...against, "services-first");
      assert.equal(first.code, 0);
      assert.match(first.stdout, /nothing breaks, services first: 1 service compared/);
      assert.equal((await holdfast(folder, ...against, "clients-first")).code, 1);
      assert.equal((await holdfast(folder, ...against, "sideways")).code, 2);
    }));

  test("what is new breaks nobody, and is told", () =>
    inFolder({ "old.msg": OLD, "desk.msg": MORE }, async (folder) => {
      const { code, stdout } = await holdfast(folder, "breaking", "--against", "old.msg", "desk.msg");
      assert.equal(code, 0);
      assert.match(stdout, /can't send Note yet: it is new/);
    }));

  test("--json gives both verdicts", () =>
    inFolder({ "old.msg": OLD, "desk.msg": WIDER }, async (folder) => {
      const { code, stdout } = await holdfast(folder, "breaking", "--against", "old.msg", "--json", "desk.msg");
      assert.equal(code, 1);
      const problems = ["Job.id: the old service wants int, the new client has int|long"];
      assert.deepEqual(JSON.parse(stdout), {
        breaking: true,
        services: [{
          service: "Lab/Desk",
          verdicts: [
            { clients: "old", services: "new", connect: [], broken: [], added: [] },
            {
              clients: "new",
              services: "old",
              connect: [],
              broken: [{ message: "Job", direction: "receives", problems }],
              added: [],
            },
          ],
        }],
      });
    }));

  test("compares with a git revision and what it imported then, from within a folder", () =>
    inFolder(
      { "api/desk.msg": 'import "./job.msg"\nservice Lab/Desk { auth all receives Job }\n' },
      async (folder) => {
        const api = join(folder, "api");
        put(join(api, "job.msg"), "Job < id: int >\n");
        put(join(api, "gone.msg"), "A < >\nservice Lab/Gone { auth all receives A }\n");
        git(folder, "init", "-b", "main");
        git(folder, "add", ".");
        git(folder, "commit", "-m", "first");
        assert.equal((await holdfast(api, "breaking", "--against", "main")).code, 0);

        put(join(api, "job.msg"), "Job < id: string >\n");
        git(folder, "rm", "--quiet", "-f", "api/gone.msg");
        const { code, stdout, stderr } = await holdfast(api, "breaking", "--against", "HEAD");
        assert.deepEqual({ code, stderr }, { code: 1, stderr: "" });
        assert.match(stdout, /Job\.id: the new service wants string, the old client has int/);
        assert.match(stdout, /Lab\/Gone: there is no such service any more\./);
        assert.match(stdout, /breaking: 2 services compared/);
      },
    ));

  test("compares with a live service, of which the files must have one", () =>
    inFolder({ "desk.msg": WIDER, "other.msg": "service Lab/Other { auth all }\n" }, async (folder) => {
      const { ca, cert, key } = await testCertificate();
      put(join(folder, "ca.pem"), ca);
      await using server = await serve(parse(OLD), { cert, key, messages: { Job: () => {} }, log: () => {} });
      const against = ["breaking", "--against", server.url, "--ca", "ca.pem"];
      const found = await holdfast(folder, ...against, "desk.msg");
      assert.equal(found.code, 1, found.stderr);
      assert.match(found.stdout, /the old service wants int/);
      const none = await holdfast(folder, ...against, "other.msg");
      assert.equal(none.code, 1);
      assert.match(none.stderr, /the files have no service Lab\/Desk: there is Lab\/Other/);
    }));

  test("says what there is not to compare with", () =>
    inFolder({ "desk.msg": OLD }, async (folder) => {
      const nothing = await holdfast(folder, "breaking", "--against", "no-such-thing");
      assert.equal(nothing.code, 2);
      assert.match(nothing.stderr, /no file, no folder and no git revision "no-such-thing"/);
      const bare = await holdfast(folder, "breaking");
      assert.equal(bare.code, 2);
    }));

  test("shows the problems of files that do not compile", () =>
    inFolder({ "old.msg": OLD, "desk.msg": "Job < id: itn >" }, async (folder) => {
      const { code, stderr } = await holdfast(folder, "breaking", "--against", "old.msg", "desk.msg");
      assert.equal(code, 1);
      assert.match(stderr, /desk\.msg:1:11: There is no type `itn`/);
    }));
});
