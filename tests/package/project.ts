/**
 * What a project that `holdfast init` wrote must do, wherever it gets Holdfast from.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Job, type Place, succeed } from "./job.ts";

/** How a project is run. */
export interface ProjectTools {
  /** Installs what a project says that it needs; empty where that is done by itself. */
  readonly install: readonly string[];
  /** Runs one of the commands that a project names. */
  readonly task: readonly string[];
  /** What must stand before what such a command is given. */
  readonly dashes: readonly string[];
}

/**
 * Does as the project's README says: compiles, checks types, serves, and runs a client, which must be answered.
 *
 * @param project The project.
 * @param said What `init` said.
 * @param tools How it is run.
 */
export async function tryProject(project: Place, said: string, { install, task, dashes }: ProjectTools): Promise<void> {
  const here = { ...project, env: { ...project.env, PORT: "0" } };
  const wasSaid = (command: readonly string[]) =>
    assert.ok(said.includes(`\n  ${command.join(" ")}\n`), `${command.join(" ")}?\n${said}`);

  if (install.length > 0) {
    wasSaid(install);
    await succeed(here, ...install);
  }
  await succeed(here, ...task, "compile");
  await succeed(here, ...task, "cert");
  await succeed(here, ...task, "check");

  const [service, client] = [[...task, "service"], [...task, "client", ...dashes, "Ann"]] as const;
  wasSaid(service);
  wasSaid(client);
  await using serving = new Job(here, ...service);
  const [, url = ""] = await serving.says(/^Listening on (\S+), /m);
  const heard = await succeed(here, ...client, url);
  // Some runtimes say first what they run.
  assert.ok(heard.endsWith("Hello, Ann!\nAnn was greeted: greeting 1 of this service.\n"), heard);
  serving.signal("SIGINT");
  await serving.ended;
  assert.doesNotMatch(serving.output, /error/i);
}
