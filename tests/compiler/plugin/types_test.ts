import { build, type Plugin } from "esbuild";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { holdfast } from "../../../compiler/plugin/plugin.ts";
import { ROOT } from "../../runtimes.ts";
import { holdfast as command, put, textOf } from "../process.ts";
import { bin } from "../tools.ts";
import { COMMON, inProject } from "./project.ts";

/** What TypeScript 7 says of the project's program. */
function tsc(folder: string, module: "nodenext" | "preserve", skipLibCheck = true): string {
  const config = {
    compilerOptions: {
      ...{ target: "es2023", module, noEmit: true, skipLibCheck },
      ...{ strict: true, exactOptionalPropertyTypes: true },
      lib: ["es2023", "es2024.string", "esnext.disposable", "dom", "dom.iterable"],
      ...{ allowArbitraryExtensions: true, allowImportingTsExtensions: true },
      types: ["node"],
      typeRoots: [join(ROOT, "node_modules/@types")],
    },
    files: ["app.ts"],
  };
  put(join(folder, "tsconfig.json"), JSON.stringify(config));
  return spawnSync(bin("tsc"), ["--project", "."], { cwd: folder, encoding: "utf8" }).stdout;
}

describe("compile --declarations", () => {
  test("writes types by which TypeScript knows imported .msg files, and --check says when they are stale", () =>
    inProject({}, async (folder) => {
      const written = await command(folder, "compile", "pingpong.msg", "--declarations");
      assert.equal(written.stdout, "wrote shared/common.d.msg.ts\nwrote pingpong.d.msg.ts\n", written.stderr);
      assert.equal(
        textOf(join(folder, "shared/common.d.msg.ts")),
        `// Made from common.msg by Holdfast's compiler. Change that file, not this one.
import { Schema } from "holdfast";

/** What is counted. */
export interface Count {
  number: number | bigint;
}

/** What a sender gives for {@link Count}: what has a default may be left out. */
export interface CountInput {
  /** @default 1 */
  number?: number | bigint | undefined;
}

/** The TypeBox schema of {@link CountInput}. */
export declare const Count: Schema.Of<CountInput>;
`,
      );
      assert.equal(tsc(folder, "nodenext", false), "");
      put(join(folder, "app.ts"), textOf(join(folder, "app.ts")).replace("9007199254740993n", '"nine"'));
      const found = tsc(folder, "preserve");
      assert.match(
        found,
        /^app\.ts\(14,\d+\): error TS2322: Type 'string' is not assignable to type 'number \| bigint/,
      );

      assert.equal((await command(folder, "compile", "pingpong.msg", "--declarations", "--check")).code, 0);
      put(join(folder, "shared/common.msg"), COMMON.replace("number", "count"));
      const stale = await command(folder, "compile", "pingpong.msg", "--declarations", "--check");
      assert.deepEqual([stale.code, stale.stdout], [1, "stale: shared/common.d.msg.ts\n"]);
    }));

  test("--out writes them elsewhere, where they still find each other", () =>
    inProject({}, async (folder) => {
      await command(folder, "compile", "pingpong.msg", "--declarations", "--out", "types");
      assert.match(textOf(join(folder, "types/pingpong.d.msg.ts")), /from "\.\/shared\/common\.msg"/);
    }));
});

describe("the plugin with `declarations`", () => {
  test("writes the same, for all that is imported, and leaves alone what is as it should be", () =>
    inProject({ "main.ts": `import { Ping } from "./pingpong.msg";\nconsole.log(Ping);\n` }, async (folder) => {
      await build({
        absWorkingDir: folder,
        entryPoints: ["main.ts"],
        bundle: true,
        packages: "external",
        write: false,
        plugins: [holdfast({ declarations: true })],
      });
      const check = await command(folder, "compile", "pingpong.msg", "--declarations", "--check");
      assert.deepEqual([check.code, check.stdout], [0, "up to date: 2 files\n"]);
    }));

  test("is a plugin as esbuild's types have it", () => {
    const plugin: Plugin = holdfast();
    assert.equal(plugin.name, "holdfast");
  });
});
