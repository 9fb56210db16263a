/**
 * Bearer tokens: what a service checks them with, and the usual kind of them, JSON Web Tokens.
 *
 * No error here has a token, a part of one or what it says in it, nor a cause that has: errors are logged, and whoever
 * has a token is whom it names. What `jose` throws has all that, and stays here.
 *
 * @module
 */

import { errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from "jose";
import { type Clock, systemClock } from "./clock.ts";
import { HoldfastError } from "./errors.ts";
import { checkNames } from "./names.ts";
import type { FindKey } from "./tokens/keys.ts";
import { type JwtKeys, keyFinder } from "./tokens/sources.ts";

/** What a token shows of whoever has it. */
export interface TokenEvidence {
  /** Whom it names. Never empty. */
  readonly subject: string;
  /** Who vouches for that, if somebody is named. */
  readonly issuer?: string;
  /** When that ends: milliseconds since 1970. Not at all, if absent. */
  readonly expires?: number;
  /** The group that the token itself names, if it does. */
  readonly group?: string;
  /** Everything that the token says. */
  readonly claims?: { readonly [name: string]: unknown };
}

/**
 * Checks a bearer token. Resolves to what it shows; throws to refuse it. The text and the stack of what it throws are
 * logged, with what is also in the token struck out; the client only learns that it was refused.
 */
export type VerifyToken = (token: string) => TokenEvidence | Promise<TokenEvidence>;

/** How a token may be signed: all of these ways take one key to sign and another, a public one, to check. */
export type JwtAlgorithm =
  | "RS256"
  | "RS384"
  | "RS512"
  | "PS256"
  | "PS384"
  | "PS512"
  | "ES256"
  | "ES384"
  | "ES512"
  | "EdDSA"
  | "Ed25519";

/** What a JSON Web Token must be like. */
export interface JwtOptions {
  /**
   * Who may have issued it (`iss`): one, or several that share their keys. Each of several can make tokens in the
   * other's name; for issuers that don't trust each other, make one verifier each.
   */
  readonly issuer: string | readonly string[];
  /** Whom it must be for (`aud`): what the service is called at the issuer; one of them, if there are several. */
  readonly audience: string | readonly string[];
  /** Where the issuer's public keys are. */
  readonly keys: JwtKeys;
  /** How it may be signed; in any of the ways that there are, unless said otherwise. */
  readonly algorithms?: readonly JwtAlgorithm[];
  /** What it must say that it is (`typ`), as `at+jwt`; not looked at unless given. */
  readonly type?: string;
  /** The claim that says which group it is for: a text, or a list, whose first counts. None unless given. */
  readonly groupClaim?: string;
  /** Whether it must say when it expires (`exp`); it must, unless this is `false`. */
  readonly requireExpiry?: boolean;
  /** By how much this machine's clock may differ from the issuer's, in milliseconds; 5,000. */
  readonly clockTolerance?: number;
  /** Another clock than the runtime's, to measure how old keys are; what time it is, the system says. */
  readonly clock?: Clock;
}

const ALGORITHMS: readonly JwtAlgorithm[] = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

const OPTIONS: Readonly<Record<keyof JwtOptions, true>> = {
  issuer: true,
  audience: true,
  keys: true,
  algorithms: true,
  type: true,
  groupClaim: true,
  requireExpiry: true,
  clockTolerance: true,
  clock: true,
};

/** How long a token may be, in characters; nothing is done with a longer one. */
const MAX_LENGTH = 16 * 1024;
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const NO_JWT = "This is no signed JSON Web Token.";
const MAX_TOLERANCE = 600_000;
/** Of all that a date can be, in seconds since 1970. */
const LAST_SECOND = 8_640_000_000_000;

/**
 * Makes a check of JSON Web Tokens: signed by the issuer, for this service, and neither too old nor too new.
 *
 * @param options The issuer, the audience, the keys, and what else tokens must be like.
 * @returns The check. It rejects with a {@link HoldfastError}: `unauthorized` says why a token is refused, `unreachable`
 * why the keys can't be read (then all are refused); neither says what is in the token.
 * @throws {HoldfastError} `invalid-argument` if an option can't be used, or the key file can't be.
 *
 * @example
 * ```ts
 * import { jwtVerifier } from "holdfast";
 *
 * const verify = jwtVerifier({
 *   issuer: "https://iam.lab.example/",
 *   audience: "holdfast.lab.example",
 *   keys: { url: "https://iam.lab.example/jwks" },
 * });
 * try {
 *   await verify("not a token");
 * } catch (error) {
 *   console.assert((error as Error).message === "This is no signed JSON Web Token.");
 * }
 * ```
 */
export function jwtVerifier(options: JwtOptions): VerifyToken {
  checkNames("jwtVerifier", options, Object.keys(OPTIONS));
  const { clockTolerance = 5_000, groupClaim, type, requireExpiry = true, clock = systemClock } = options;
  if (!(clockTolerance >= 0 && clockTolerance <= MAX_TOLERANCE)) {
    throw invalid(`The option "clockTolerance" must be a number from 0 to ${MAX_TOLERANCE}: milliseconds.`);
  }
  const checks = {
    issuer: texts("issuer", options.issuer),
    audience: texts("audience", options.audience),
    algorithms: texts("algorithms", options.algorithms ?? ALGORITHMS, ALGORITHMS),
    requiredClaims: requireExpiry ? ["sub", "exp"] : ["sub"],
    clockTolerance: clockTolerance / 1_000,
    ...(type !== undefined && { typ: type }),
  };
  const findKey = keyFinder(options.keys, clock);
  return async (token) => {
    const payload = await verify(token, findKey, checks);
    return readEvidence(payload, groupClaim, clockTolerance);
  };
}

/** @throws {HoldfastError} `unauthorized` or `unreachable` */
async function verify(token: string, findKey: FindKey, checks: JWTVerifyOptions): Promise<JWTPayload> {
  if (token.length > MAX_LENGTH) throw refusal(`The token is longer than ${MAX_LENGTH} characters.`);
  // The library's decoder passes over white space.
  if (!COMPACT.test(token)) throw refusal(NO_JWT);
  let kid: unknown;
  try {
    const verified = await jwtVerify(token, (header, parts) => {
      kid = header.kid;
      return findKey(header, parts);
    }, checks).catch((error) => tryEach(token, error, checks));
    return verified.payload;
  } catch (error) {
    throw error instanceof HoldfastError ? error : refusal(explain(error, kid));
  }
}

/** A token that does not say which key it is signed with may be signed with any. */
async function tryEach(token: string, error: unknown, checks: JWTVerifyOptions): Promise<{ payload: JWTPayload }> {
  if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
  for await (const key of error) {
    try {
      return await jwtVerify(token, key, checks);
    } catch (failure) {
      if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

function readEvidence(claims: JWTPayload, groupClaim: string | undefined, clockTolerance: number): TokenEvidence {
  const { sub: subject, iss: issuer, exp } = claims;
  if (typeof subject !== "string" || subject === "") throw refusal('The token names nobody: "sub" is no text.');
  if (exp !== undefined && exp > LAST_SECOND) throw refusal('The token\'s "exp" is no time.');
  const group = groupClaim === undefined ? undefined : readGroup(claims, groupClaim);
  return {
    subject,
    claims,
    ...(issuer !== undefined && { issuer }),
    // A connection lasts for as long as the token would be taken.
    ...(exp !== undefined && { expires: exp * 1_000 + clockTolerance }),
    ...(group !== undefined && { group }),
  };
}

function readGroup(claims: JWTPayload, name: string): string | undefined {
  const claim: unknown = Object.hasOwn(claims, name) ? claims[name] : undefined;
  const group: unknown = Array.isArray(claim) ? claim[0] : claim;
  if (group === undefined) return undefined;
  if (typeof group === "string" && group !== "") return group;
  throw refusal(`The token's "${name}" names no group: it is neither a text nor a list of texts.`);
}

/** Why a token is refused, in words that have nothing of it but the name of its key. */
function explain(error: unknown, kid: unknown): string {
  const { code, claim, reason } = error as { code?: unknown; claim?: string; reason?: string };
  switch (code) {
    case "ERR_JWT_EXPIRED":
      return "The token has expired.";
    case "ERR_JWT_CLAIM_VALIDATION_FAILED":
      if (reason === "missing") return `The token has no "${claim}".`;
      return reason === "check_failed" && CLAIMS[claim ?? ""] || `The token's "${claim}" can't be read.`;
    case "ERR_JWKS_NO_MATCHING_KEY":
      return `There is no key that fits the token's${typeof kid === "string" ? ` (${show(kid)})` : ""}.`;
    case "ERR_JWS_SIGNATURE_VERIFICATION_FAILED":
      return "The token's signature is wrong.";
    case "ERR_JOSE_ALG_NOT_ALLOWED":
      return "The token is signed in a way that is not allowed here.";
    case "ERR_JOSE_NOT_SUPPORTED":
      return "The token asks for what is not known here, and says that it must be.";
    case "ERR_JWS_INVALID":
    case "ERR_JWT_INVALID":
      return NO_JWT;
    default:
      return "The token can't be checked: its key does not fit the way it is signed.";
  }
}

const CLAIMS: Readonly<Record<string, string>> = {
  iss: 'The token comes from another issuer ("iss") than those that are trusted here.',
  aud: 'The token is not for this service ("aud").',
  nbf: 'The token is not valid yet ("nbf").',
  typ: 'The token is of another type ("typ").',
};

function show(kid: string): string {
  return JSON.stringify(kid.length > 64 ? `${kid.slice(0, 64)}…` : kid);
}

/** One text or several, none of them empty. */
function texts(name: string, given: string | readonly string[], known?: readonly string[]): string[] {
  const list = typeof given === "string" ? [given] : Array.isArray(given) ? [...given] : [];
  if (list.length === 0 || !list.every((text) => typeof text === "string" && text !== "")) {
    throw invalid(`The option "${name}" is missing: a text that is not empty, or a list of some.`);
  }
  const stranger = list.find((text) => known?.includes(text) === false);
  if (stranger !== undefined) {
    throw invalid(`The option "${name}" has ${JSON.stringify(stranger)}; there are ${known?.join(", ")}.`);
  }
  return list;
}

function refusal(text: string): HoldfastError {
  return new HoldfastError("unauthorized", text);
}

function invalid(text: string): HoldfastError {
  return new HoldfastError("invalid-argument", text);
}
