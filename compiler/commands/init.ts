/**
 * `holdfast init`: writes a service and a client that run.
 *
 * @module
 */

import { type Command, Option } from "commander";
import { lstatSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import process from "node:process";
import { shownPath, writeAll } from "../files.ts";
import { makeProject } from "../init/project.ts";
import { findSource, type Runtime, RUNTIMES } from "../init/source.ts";
import { CommandError, say, sayJson } from "../terminal.ts";

interface Options {
  readonly runtime: Runtime;
  readonly from?: string;
  readonly json?: true;
}

/**
 * Adds the command.
 *
 * @param program What to add it to.
 */
export function addInit(program: Command): void {
  const runtime = new Option("--runtime <runtime>", "what is to run it")
    .choices(RUNTIMES)
    .default(RUNTIMES.find((name) => name in process.versions) ?? "node", "what runs this command");
  program.command("init")
    .summary("write a service and a client that run")
    .description(
      "Writes a service, a client of it, a .msg file that says what they may say, certificates for development, and a "
        + "README with the commands that run all this. What is there already is never overwritten.",
    )
    .argument("[folder]", "where to: a new or an old folder", ".")
    .addOption(runtime)
    .option("--from <source>", "where the project gets Holdfast: a URL, a file, or a version (default: as published)")
    .option("--json", "write the files' paths to standard output, as JSON")
    .addHelpText("after", "\nExamples:\n  holdfast init\n  holdfast init greeter --runtime node")
    .action(initialize);
}

async function initialize(folder: string, { runtime, from, json }: Options): Promise<void> {
  const source = findSource(runtime, from, import.meta.url);
  // Loaded only here: the library is large, and no other command needs it.
  const { developmentCertificate } = await import("../certificate.ts");
  const certificate = await developmentCertificate();
  const { files, commands } = makeProject({ runtime, name: projectName(folder), source, certificate });
  const outputs = files.map((file) => ({ ...file, path: shownPath(join(folder, file.path)) }));
  const taken = outputs.filter(({ path }) => isThere(path)).map(({ path }) => path);
  if (taken.length > 0) {
    throw new CommandError(`${taken.join(", ")}: already there. Choose another folder, or move what is in the way.`);
  }
  writeAll(outputs);
  const written = outputs.map(({ path }) => path);
  if (json) return sayJson({ runtime, written });
  for (const path of written) say(`wrote ${path}`);
  const place = shownPath(folder);
  const enter = place === "." ? undefined : `cd ${/^[\w./\\-]+$/.test(place) ? place : `"${place}"`}`;
  const first = [enter, commands.install, commands.service].filter((command) => command !== undefined);
  say(`
Start the service:
${first.map((command) => `  ${command}`).join("\n")}
And in another terminal, there, a client:
  ${commands.client} Ann`);
}

/** Whether anything is there, a link that leads nowhere too. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // Writing will say why there can be nothing.
  }
}

/** The folder's name, as far as npm takes it for one of a package. */
function projectName(folder: string): string {
  const name = basename(resolve(folder)).toLowerCase().replaceAll(/[^a-z0-9._-]+/g, "-").replace(/^[._-]+/, "");
  return name || "greeter";
}
