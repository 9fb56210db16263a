/**
 * What a new project says of itself to the runtime that is to run it.
 *
 * @module
 */

import type { Output } from "../files.ts";
import type { Runtime, Source } from "./source.ts";

/** The commands that people run in a project. */
export interface Commands {
  /** Gets what the project needs, where that has to be done first. */
  readonly install?: string;
  readonly service: string;
  readonly client: string;
  readonly compile: string;
  readonly cert: string;
  readonly check: string;
}

/** What differs from runtime to runtime. */
export interface Manifest {
  readonly commands: Commands;
  /** The files, by their paths within the project. */
  readonly files: readonly Output[];
}

const COMPILE = "compile hello.msg";
const CERT = "cert --out certs --force";

/** Strict, and for files that are never made JavaScript by `tsc`: it only checks them. */
const COMPILER_OPTIONS = {
  target: "es2023",
  lib: ["es2023", "esnext.disposable", "dom"],
  module: "preserve",
  noEmit: true,
  allowImportingTsExtensions: true,
  verbatimModuleSyntax: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
};

/**
 * Writes what one runtime needs.
 *
 * @param runtime The runtime.
 * @param name What the project is called.
 * @param source Where it gets Holdfast.
 */
export function manifest(runtime: Runtime, name: string, source: Source): Manifest {
  if (runtime === "deno") return denoManifest(source);
  return runtime === "bun" ? bunManifest(name, source) : nodeManifest(name, source);
}

function denoManifest({ code, command, hosts }: Source): Manifest {
  const imports = hosts.map((host) => `--allow-import=${host} `).join("");
  const run = `deno run ${imports}--allow-net --allow-read=certs`;
  const holdfast = `deno run ${imports}--allow-env --allow-read=. --allow-write=. ${command}`;
  const config = {
    tasks: {
      service: `${run} --allow-env=PORT service.ts`,
      client: `${run} client.ts`,
      compile: `${holdfast} ${COMPILE}`,
      cert: `${holdfast} ${CERT}`,
      check: `deno check ${imports}service.ts client.ts`,
    },
    imports: { holdfast: code },
    compilerOptions: { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
  };
  return { commands: commands("deno task"), files: [json("deno.json", config)] };
}

function bunManifest(name: string, { code, command }: Source): Manifest {
  // Not by Node, which may not be there: it is what the command asks for by itself.
  const holdfast = `bunx --bun ${command}`;
  const scripts = {
    service: "bun service.ts",
    client: "bun client.ts",
    compile: `${holdfast} ${COMPILE}`,
    cert: `${holdfast} ${CERT}`,
    check: "tsc",
  };
  const tools = { "@types/bun": "^1.4.5", typescript: "^7.0.2" };
  return {
    commands: { install: "bun install", ...commands("bun run") },
    files: packageFiles(name, scripts, code, tools, "bun"),
  };
}

function nodeManifest(name: string, { code, command }: Source): Manifest {
  // Node 20 runs neither TypeScript nor `await using`.
  const build = "esbuild --bundle --packages=external --platform=node --target=node20 --format=esm --outdir=dist"
    + " --log-level=warning";
  const scripts = {
    service: `${build} service.ts && node dist/service.js`,
    client: `${build} client.ts && node dist/client.js`,
    compile: `${command} ${COMPILE}`,
    cert: `${command} ${CERT}`,
    check: "tsc",
  };
  const tools = { "@types/node": "^20.19.0", esbuild: "^0.28.2", typescript: "^7.0.2" };
  return {
    commands: { install: "npm install", ...commands("npm run"), client: "npm run client --" },
    files: packageFiles(name, scripts, code, tools, "node"),
  };
}

function commands(run: string): Commands {
  const [service, client, compile, cert, check] = ["service", "client", "compile", "cert", "check"]
    .map((task) => `${run} ${task}`) as [string, string, string, string, string];
  return { service, client, compile, cert, check };
}

function packageFiles(name: string, scripts: object, holdfast: string, tools: object, types: string): Output[] {
  return [
    json("package.json", {
      name,
      private: true,
      type: "module",
      scripts,
      dependencies: { holdfast },
      devDependencies: tools,
    }),
    json("tsconfig.json", { compilerOptions: { ...COMPILER_OPTIONS, types: [types] }, include: ["*.ts"] }),
  ];
}

function json(path: string, value: unknown): Output {
  return { path, text: `${JSON.stringify(value, undefined, 2)}\n` };
}
