/**
 * A definition that the user has at hand: for services that do not tell theirs, as DIRAC's, and for who wants to know
 * whether theirs still fits.
 *
 * @module
 */

import type { Definition } from "../../../mod.ts";
import { loadFiles } from "../../compile.ts";
import { report } from "../../report.ts";
import { CommandError, EXIT_PROBLEMS, EXIT_USAGE } from "../../terminal.ts";

/**
 * Reads the definition of a service.
 *
 * @param file The `.msg` file.
 * @param url The service's: its path says which one is meant.
 * @throws {CommandError} Where there is none. Problems in the file have been told then.
 */
export function ownDefinition(file: string, url: string): Definition {
  const { modules, problems } = loadFiles([file]);
  if (problems.length > 0) {
    report(problems);
    throw new CommandError(`${file} has problems.`, EXIT_PROBLEMS);
  }
  const name = url.replace(/^\w+:\/\/[^/]*\//, "");
  const services = modules.flatMap(({ services }) => services);
  const found = services.find((service) => service.name === name);
  if (found !== undefined) return found.definition;
  const known = services.map((service) => service.name).join(", ") || "no service";
  throw new CommandError(`${file} says nothing of ${name}: it has ${known}.`, EXIT_PROBLEMS);
}

const DIRAC = /^dips?:/i;

/**
 * Checks that a URL is not one where DIRAC's protocol is spoken.
 *
 * @param wanted What is wanted of the service, in words.
 * @throws {CommandError} Where it is.
 */
export function checkNative(url: string, wanted: string): void {
  if (!DIRAC.test(url)) return;
  throw new CommandError(`a service ${wanted} at tls:// only: DIRAC's protocol has no words for that.`, EXIT_USAGE);
}

/**
 * Whether a URL is that of a service that does not tell its definition.
 *
 * @throws {CommandError} Where a definition is needed and none was given.
 */
export function checkDefinition(url: string, file: string | undefined): void {
  if (file !== undefined || !DIRAC.test(url)) return;
  throw new CommandError(
    "a service of DIRAC's does not tell its messages: say by --definition FILE which .msg file has them.",
    EXIT_USAGE,
  );
}
