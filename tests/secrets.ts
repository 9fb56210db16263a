/**
 * What must never be printed: the runner looks for it in everything that the tests say.
 *
 * @module
 */

/** Tests' own tokens have this in them, so that one that gets out is known for what it is. */
export const SECRET = "hf-secret-canary";

/** What a secret looks like, and what it is called. */
const SIGNS: readonly (readonly [what: string, sign: RegExp])[] = [
  ["a private key", /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/g],
  ["a JSON Web Token", /\beyJ[\w-]{6,}\.eyJ[\w-]{6,}\.[\w-]*/g],
  ["a test's token", new RegExp(SECRET, "g")],
];

/** How much of what stands before a secret is told, in characters: enough to find out who printed it. */
const CONTEXT = 120;

/**
 * Finds secrets in a text.
 *
 * @param text What was printed.
 * @returns What was found, each with what stands before it; never the secret itself.
 */
export function findSecrets(text: string): readonly string[] {
  return SIGNS.flatMap(([what, sign]) =>
    [...text.matchAll(sign)].map(({ index }) =>
      `It printed ${what}, after ${JSON.stringify(text.slice(Math.max(0, index - CONTEXT), index))}.`
    )
  );
}
