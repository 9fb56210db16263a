/**
 * The files of a new project.
 *
 * @module
 */

import { load } from "../../idl/mod.ts";
import type { DevelopmentCertificate } from "../certificate.ts";
import type { Output } from "../files.ts";
import { generate } from "../generate.ts";
import { type Commands, manifest } from "./manifest.ts";
import { readme } from "./readme.ts";
import type { Runtime, Source } from "./source.ts";
import { CLIENT_TS, HELLO_MSG, SERVICE_TS } from "./sources.ts";

/** What to make. */
export interface ProjectOptions {
  readonly runtime: Runtime;
  /** What the project is called. */
  readonly name: string;
  /** Where it gets Holdfast. */
  readonly source: Source;
  readonly certificate: DevelopmentCertificate;
}

/** A project. */
export interface Project {
  /** Its files, by their paths within it. */
  readonly files: readonly Output[];
  /** How things are run in it. */
  readonly commands: Commands;
}

/**
 * Makes a project: a service and a client of it.
 *
 * @param options For whom.
 */
export function makeProject({ runtime, name, source, certificate }: ProjectOptions): Project {
  const { commands, files } = manifest(runtime, name, source);
  return {
    commands,
    files: [
      { path: "README.md", text: readme(name, commands) },
      ...files,
      { path: "hello.msg", text: HELLO_MSG },
      { path: "hello.msg.ts", text: compiled("hello.msg", HELLO_MSG) },
      { path: "service.ts", text: SERVICE_TS },
      { path: "client.ts", text: CLIENT_TS },
      { path: "certs/ca.pem", text: certificate.ca },
      { path: "certs/cert.pem", text: certificate.cert },
      { path: "certs/key.pem", text: certificate.key, mode: 0o600 },
      { path: ".gitignore", text: `certs/\nnode_modules/\n${runtime === "node" ? "dist/\n" : ""}` },
    ],
  };
}

function compiled(file: string, text: string): string {
  const { modules } = load([file], {
    read: () => new TextEncoder().encode(text),
    resolve: (_, specifier) => specifier,
  });
  return [...generate(modules, { holdfast: () => "holdfast", specifier: () => "" }).values()].join("");
}
