/**
 * `deno run -A tests/interop/setup.ts [RELEASE…]`: installs DIRAC from PyPI, each release in a virtual environment of
 * its own, or says what this machine lacks for that. What is installed already is left alone.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { ROOT } from "../runtimes.ts";

/** The releases: the one whose bytes were recorded, and the newest. */
export const RELEASES = ["9.0.0a31", "9.1.22"] as const;

/** One of {@link RELEASES}. */
export type Release = (typeof RELEASES)[number];

/** The Python that a release is installed for, or what is lacking, in words that follow "there is no". */
export type Installed = { readonly python: string } | { readonly missing: string };

/** What builds M2Crypto, which PyPI has in source only. Later setuptools lack what DIRAC imports of them. */
const BUILDERS = ["setuptools==79.0.1", "wheel==0.48.0", "swig==4.1.1"];

/** DIRAC asks for it. */
const OLDEST_PYTHON = [3, 11] as const;

/** How installing fails, and what that says of the machine. */
const LACKS: readonly (readonly [RegExp, string])[] = [
  [/ensurepip|No module named '?(venv|pip)/, "pip and venv for Python (on Debian: python3-venv)"],
  [/Failed to establish a new connection|name resolution|Could not connect|timed out|ProxyError/, "way to PyPI"],
  [/opensslv\.h|openssl\/\S+\.h|OpenSSL .*not found/, "headers of OpenSSL (on Debian: libssl-dev)"],
  [/Python\.h/, "headers of Python (on Debian: python3-dev)"],
  [/(gcc|cc|clang)['"]?( failed)?: No such file/, "C compiler (on Debian: gcc)"],
  [/No matching distribution/, "such release on the PyPI at hand"],
];

/** After so many minutes an installation hangs. */
const PATIENCE_MINUTES = 15;

/**
 * Installs a release, if it is not.
 *
 * @param release Which.
 * @returns Its Python, or what is lacking.
 */
export async function install(release: Release): Promise<Installed> {
  const requirements = join(ROOT, "tests/interop/requirements", `${release}.txt`);
  const recipe = createHash("sha256").update(readFileSync(requirements)).update(BUILDERS.join()).digest("hex");
  // Out of git, and gone with the packages.
  const folder = join(ROOT, "node_modules/.cache/holdfast-interop", release);
  const bin = join(folder, process.platform === "win32" ? "Scripts" : "bin");
  const python = join(bin, "python");
  const mark = join(folder, "installed");
  if (existsSync(mark) && readFileSync(mark, "utf8") === recipe && (await run([python, "--version"])).ok) {
    return { python };
  }
  if (!(await run(["openssl", "version"])).ok) return { missing: "openssl command" };
  const base = await findPython();
  if (base === undefined) return { missing: `Python ${OLDEST_PYTHON.join(".")} or later` };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const pip = [python, "-m", "pip", "install", "--quiet", "--retries=1", "--disable-pip-version-check"];
  for (
    const command of [
      [base, "-m", "venv", folder],
      [...pip, ...BUILDERS],
      // Not all that DIRAC asks for: most of it serves other parts, and one cannot be built without a grid's libraries.
      [...pip, "--no-deps", "--no-build-isolation", "--requirement", requirements],
    ]
  ) {
    // swig is in the environment too.
    const { ok, output } = await run(command, { PATH: `${bin}:${process.env["PATH"]}`, MAKEFLAGS: "-j1" });
    if (!ok) return { missing: lack(output) };
  }
  writeFileSync(mark, recipe);
  return { python };
}

/** A Python that is new enough. */
async function findPython(): Promise<string | undefined> {
  const check = `import sys; sys.exit(sys.version_info < (${OLDEST_PYTHON.join(", ")}))`;
  for (const name of ["python3", "python3.13", "python3.12", "python3.11", "python"]) {
    if ((await run([name, "-c", check])).ok) return name;
  }
  return undefined;
}

function lack(output: string): string {
  const known = LACKS.find(([pattern]) => pattern.test(output));
  return known?.[1] ?? `installation that ends well: ${output.trim().split("\n").slice(-5).join(" | ")}`;
}

/** Runs a command to its end. */
function run(command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ ok: boolean; output: string }> {
  return new Promise((done) => {
    const [executable = "", ...args] = command;
    const child = spawn(executable, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    // Not by `timeout`: on Deno, that goes on where there is no such command.
    const watchdog = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MINUTES * 60_000);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => output += text);
    }
    const end = (ok: boolean, said: string) => {
      clearTimeout(watchdog);
      done({ ok, output: said });
    };
    child.on("error", (error) => end(false, error.message));
    child.on("close", (code) => end(code === 0, output));
  });
}

if (import.meta.main) {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !RELEASES.includes(name as Release));
  if (unknown.length > 0) {
    console.error(`There is no ${unknown.join(", no ")} here: give ${RELEASES.join(" or ")}, or nothing for both.`);
    process.exit(2);
  }
  for (const release of named.length > 0 ? named as Release[] : RELEASES) {
    const installed = await install(release);
    if ("python" in installed) console.log(`DIRAC ${release}: installed`);
    else {
      console.log(`DIRAC ${release}: there is no ${installed.missing}`);
      process.exitCode = 1;
    }
  }
}
