/**
 * Authorisation: what the words of a rule mean is for the service that runs; here they are read.
 *
 * @module
 */

import { show } from "../expectation.ts";
import type { Program, SourceFile } from "../program.ts";
import { misspeltRule, suggest } from "../suggest.ts";
import type { AuthNode, Name } from "../syntax.ts";

const RULE_HINT = "A rule is `all`, `none`, `authenticated`, a property, `group:name` or `vo:name`.";

/**
 * Reads a rule.
 *
 * @returns Its words; none if it says `none`, for then nobody may. What is wrong has been reported.
 */
export function checkAuth(program: Program, file: SourceFile, { words }: AuthNode): readonly string[] {
  for (const word of words) checkWord(program, file, word);
  const none = words.find(({ text }) => text === "none");
  if (none !== undefined && words.length > 1) {
    program.problem(file, none, "`none` means nobody: it stands alone.");
  }
  return none === undefined ? words.map(({ text }) => text) : [];
}

function checkWord(program: Program, file: SourceFile, word: Name): void {
  const [name = "", value] = word.text.split(":", 2);
  if (value === undefined) {
    if (name.toLowerCase() === "any") {
      const hint = () => "Everybody is `all`; everybody who is known is `authenticated`.";
      return program.problem(file, word, `${show(name)} is no rule.`, hint);
    }
    const meant = misspeltRule(name);
    if (meant === undefined) return;
    const message = () => `${show(name)} can't be a property: it is too like \`${meant}\`.`;
    program.problem(file, word, message, () => `Did you mean \`${meant}\`?`);
  } else if (name !== "group" && name !== "vo") {
    program.problem(file, word, `${show(`${name}:`)} is no rule.`, () => suggest(name, ["group", "vo"]) ?? RULE_HINT);
  }
}
