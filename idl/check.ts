/**
 * Checks files together: a table of passes, each of which builds on what those before it have found out. Every pass
 * reports all that it finds; what a problem makes uncertain is not judged.
 *
 * @module
 */

import { checkAliases } from "./checks/aliases.ts";
import { checkDefaults } from "./checks/defaults.ts";
import { checkDocs } from "./checks/docs.ts";
import { checkFinite } from "./checks/finite.ts";
import { checkNames } from "./checks/names.ts";
import { checkReach } from "./checks/reach.ts";
import { checkServices } from "./checks/services.ts";
import { checkTypes } from "./checks/types.ts";
import { checkUnions } from "./checks/unions.ts";
import { Lowering } from "./lower.ts";
import type { Program } from "./program.ts";

/**
 * Checks a program.
 *
 * @param program The files. Its problems, and what is known of its declarations, are added to it.
 */
export function check(program: Program): void {
  const lowering = new Lowering(program);
  checkNames(program);
  checkTypes(program, lowering, checkAliases(program));
  checkServices(program, lowering);
  checkUnions(program);
  checkDefaults(program);
  checkFinite(program);
  checkReach(program);
  checkDocs(program);
}
