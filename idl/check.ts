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

const PASSES: readonly ((program: Program, lowering: Lowering) => void)[] = [
  checkNames,
  checkAliases,
  checkTypes,
  checkServices,
  checkUnions,
  checkDefaults,
  checkFinite,
  checkReach,
  checkDocs,
];

/**
 * Checks a program.
 *
 * @param program The files. Its problems, and what is known of its declarations, are added to it.
 */
export function check(program: Program): void {
  const lowering = new Lowering(program);
  for (const pass of PASSES) if (!program.problems.full) pass(program, lowering);
}
