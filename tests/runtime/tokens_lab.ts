/**
 * An issuer of tokens, and the address at which its keys are.
 *
 * @module
 */

import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from "jose";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { DevelopmentCertificate } from "../../compiler/certificate.ts";
import { HoldfastError } from "../../runtime/errors.ts";
import type { VerifyToken } from "../../runtime/tokens.ts";
import type { Scope } from "../harness.ts";
import { testCertificate } from "../harness.ts";

export const ISSUER = "https://iam.lab.example/";
export const AUDIENCE = "holdfast.lab.example";

/** Who signs tokens. */
export interface Issuer {
  /** The public key, as a set has it. */
  readonly jwk: JWK;
  readonly privateKey: CryptoKey;
  /** A token: a good one, but for what is asked. `undefined` takes a claim out. */
  token(claims?: { readonly [name: string]: unknown }, header?: Partial<JWTHeaderParameters>): Promise<string>;
}

/** Seconds since 1970. */
export const now = (): number => Math.floor(Date.now() / 1_000);

/** Makes one, with a key of its own. */
export async function makeIssuer(kid: string | undefined, alg = "ES256"): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const named = kid === undefined ? {} : { kid };
  const jwk = { ...await exportJWK(publicKey), ...named };
  const good: JWTPayload = { iss: ISSUER, aud: AUDIENCE, sub: "alice", exp: now() + 600 };
  return {
    jwk,
    privateKey,
    token: (claims = {}, header = {}) =>
      new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg, ...named, ...header }).sign(privateKey, {
        // What is said to be critical is the verifier's to know.
        crit: Object.fromEntries((header.crit ?? []).map((name) => [name, true])),
      }),
  };
}

/** A part of a token. */
export function part(value: unknown): string {
  return btoa(typeof value === "string" ? value : JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Asks for a check that is to fail; fails where what is thrown tells of the token. */
export async function refused(verify: VerifyToken, token: string): Promise<HoldfastError> {
  let error: unknown;
  try {
    await verify(token);
  } catch (thrown) {
    error = thrown;
  }
  if (!(error instanceof HoldfastError)) throw new Error(`Not refused, or by ${error}`);
  const all = everything(error);
  for (const secret of token.split(".")) {
    if (secret.length >= 8 && all.includes(secret)) throw new Error(`The error tells of the token: ${all}`);
  }
  return error;
}

/** All texts that are in an error, its causes, their properties and stacks. */
export function everything(thrown: unknown, seen: Set<unknown> = new Set()): string {
  if (typeof thrown !== "object" || thrown === null || seen.has(thrown)) return String(thrown);
  seen.add(thrown);
  return Reflect.ownKeys(thrown).map((key) => everything((thrown as Record<PropertyKey, unknown>)[key], seen)).join(
    " ",
  );
}

/** An address with keys. */
export interface KeyServer {
  /** The option that names it. */
  readonly keys: { readonly url: string; readonly ca: string };
  /** How often it was asked. */
  asked: number;
  /** What it answers. */
  answer: { readonly status?: number; readonly text?: string; readonly silent?: boolean; readonly cut?: boolean };
}

/** Starts one. */
export async function keyServer(
  scope: Scope,
  keys: readonly JWK[],
  certificate?: DevelopmentCertificate,
): Promise<KeyServer> {
  const { ca, cert, key } = certificate ?? await testCertificate();
  const server = createServer({ cert, key }, (request, response) => {
    state.asked++;
    const { status = 200, text = "", silent = false, cut = false } = state.answer;
    if (silent) return;
    if (cut) {
      response.writeHead(status, { "content-length": text.length + 1 });
      response.write(text, () => request.socket.destroy());
    } else response.writeHead(status, { location: "/elsewhere" }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  scope.cleanup(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  const state: KeyServer = {
    keys: { url: `https://localhost:${port}/jwks?tenant=lab`, ca },
    asked: 0,
    answer: { text: JSON.stringify({ keys }) },
  };
  return state;
}
