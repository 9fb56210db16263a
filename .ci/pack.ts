/**
 * Makes the package for npm, and checks it: `deno task pack [FOLDER]`. The folder, `dist/npm` unless given, gets the
 * tarball, and in `package/` what is in it:
 *
 * - a file and its types for each of the `exports` in `package.json`, which import their packages: users share these with
 *   whatever else uses them, and get what is mended in them (jose, asn1js: they judge tokens and certificates) when they
 *   update, without a new Holdfast
 * - the command, in one file that imports no package: who wants a service must not install a language server
 *
 * `--without-checks` only makes it. The checks are `tests/package/`: they install it on Node, Bun and Deno. `npm publish`
 * takes the tarball, and only where npm can vouch for its origin (provenance): in a run of GitHub Actions or GitLab CI.
 *
 * @module
 */

import type { Metafile } from "esbuild";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import process from "node:process";
import { bundleCode, bundleTypes, licensesOf, ROOT } from "./build.ts";

/** The variable of the environment that tells the tests which package to check. */
const PACKAGE = "HOLDFAST_PACKAGE";

interface Manifest {
  readonly [key: string]: unknown;
  readonly exports: { readonly [subpath: string]: string };
  readonly dependencies: { readonly [name: string]: string };
  readonly peerDependencies?: { readonly [name: string]: string };
  readonly repository?: unknown;
}

const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** What a sub-path's files are called: `mod` for `.`, `plugin` for `./plugin`. */
function nameOf(subpath: string): string {
  return subpath === "." ? "mod" : subpath.slice("./".length);
}

/** The packages that code imports, as a package declares them: any version that keeps to what the tested one promises. */
function dependenciesOf({ outputs }: Metafile): { readonly [name: string]: string } {
  const imports = Object.values(outputs).flatMap(({ imports }) => imports)
    .filter(({ path, external }) => external === true && !path.startsWith("node:"))
    .map(({ path }) => path.split("/").slice(0, path.startsWith("@") ? 2 : 1).join("/"));
  const names = [...new Set(imports)].sort().filter((name) => manifest.peerDependencies?.[name] === undefined);
  return Object.fromEntries(names.map((name) => {
    const version = manifest.dependencies[name];
    if (version === undefined) throw new Error(`${name} is imported, and not among the dependencies in package.json.`);
    return [name, `^${version}`];
  }));
}

/** Where the sources are: npm vouches for a package's origin (provenance) only where it says the same. */
function repository(): { readonly repository?: unknown } {
  if (manifest.repository !== undefined) return { repository: manifest.repository };
  const { status, stdout } = spawnSync("git", ["remote", "get-url", "origin"], { cwd: ROOT, encoding: "utf8" });
  const url = stdout.trim().replace(/^git@([^:]+):/, "https://$1/").replace(/^(https?:\/\/)[^@/]*@/, "$1");
  if (status === 0 && /^https:/.test(url)) return { repository: { type: "git", url: `git+${url}` } };
  console.warn("There is no remote repository to name: npm publishes this without provenance only.");
  return {};
}

/** What the package says of itself. */
function published(library: Metafile): object {
  const { name, version, description, license, type, engines, peerDependencies, peerDependenciesMeta } = manifest;
  const subpaths = Object.keys(manifest.exports).map((subpath) => {
    const file = `./${nameOf(subpath)}`;
    return [subpath, { types: `${file}.d.ts`, default: `${file}.js` }];
  });
  return {
    ...{ name, version, description, keywords: ["tls", "rpc", "messages", "streaming", "typed", "DIRAC"] },
    ...{ license, ...repository() },
    ...{ type, exports: { ...Object.fromEntries(subpaths), "./package.json": "./package.json" } },
    bin: { holdfast: "cli.js" },
    files: ["*.js", "*.js.map", "*.d.ts", "licenses.txt"],
    ...{ engines, dependencies: dependenciesOf(library) },
    ...peerDependencies !== undefined && { peerDependencies, peerDependenciesMeta },
    publishConfig: { access: "public", provenance: true },
  };
}

/** Makes the tarball. */
async function pack(folder: string): Promise<string> {
  const content = join(folder, "package");
  rmSync(content, { recursive: true, force: true });
  mkdirSync(content, { recursive: true });
  const entries = Object.fromEntries(
    Object.entries(manifest.exports).map(([subpath, source]) => [nameOf(subpath), source.slice("./".length)]),
  );
  const library = await bundleCode({ entries, folder: content, importsPackages: true });
  const command = await bundleCode({
    entries: { cli: "compiler/cli.ts" },
    folder: content,
    firstLine: "#!/usr/bin/env node",
    conditions: ["node"],
    sourceMaps: false,
  });
  bundleTypes({ entries, folder: content, inlined: Object.keys(manifest.dependencies) });
  writeFileSync(join(content, "licenses.txt"), licensesOf([library, command]));
  for (const file of ["README.md", "LICENSE"]) copyFileSync(join(ROOT, file), join(content, file));
  writeFileSync(join(content, "package.json"), `${JSON.stringify(published(library), undefined, 2)}\n`);
  const args = ["pack", content, "--pack-destination", folder, "--json", "--ignore-scripts"];
  const [packed] = JSON.parse(execFileSync("npm", args, { encoding: "utf8" }));
  return join(folder, basename(packed.filename));
}

const [given] = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
const tarball = await pack(resolve(given ?? join(ROOT, "dist/npm")));
console.log(tarball);
if (!process.argv.includes("--without-checks")) {
  const env = { ...process.env, [PACKAGE]: tarball };
  const { status } = spawnSync(process.execPath, ["test", "-A", "tests/package"], { cwd: ROOT, env, stdio: "inherit" });
  process.exitCode = status === 0 ? 0 : 1;
}
