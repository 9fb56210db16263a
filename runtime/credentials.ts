/**
 * From what a client shows to who it is.
 *
 * @module
 */

import { unauthorized } from "./authorization.ts";
import type { ClientVerifier } from "./certificates/client_verifier.ts";
import { HoldfastError } from "./errors.ts";
import { ANONYMOUS, type Evidence, type Principal, type Registry } from "./principal.ts";
import type { TokenEvidence, VerifyToken } from "./tokens.ts";
import { withoutToken } from "./tokens/without_token.ts";

/** What a client shows. */
export interface Credentials {
  /** Its certificate, and the chain behind it: DER. Empty if it has none. */
  readonly certificates: readonly Uint8Array[];
  /** Its token, if it has one. */
  readonly token?: string;
  /** The group that it asks to act in. */
  readonly wanted?: string;
}

/** What an {@link Authenticator} is made with. */
export interface AuthenticatorOptions {
  readonly certificates: ClientVerifier | undefined;
  readonly tokens: VerifyToken | undefined;
  readonly registry: Registry | undefined;
}

/** Somebody who has shown who he is, in a way that can be asked about again. */
export interface Identified {
  readonly principal: Principal;
  /** What was shown; nothing by an anonymous client. */
  readonly evidence?: Evidence;
  /** Its certificates, if it has shown some: to be decided on again. */
  readonly certificates?: readonly Uint8Array[] | undefined;
  readonly wanted?: string;
}

/** The last moment that there is a date for. */
const LAST_MOMENT = 8.64e15;

const NOBODY: Identified = { principal: ANONYMOUS };

/** See the module's text. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  #certificates: ClientVerifier | undefined;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#certificates = options.certificates;
  }

  /** Has certificates decided on by another from now on. */
  believe(certificates: ClientVerifier): void {
    this.#certificates = certificates;
  }

  /**
   * Finds out who a client is. What it shows must be good, all of it: a token says who it is where there is one, and
   * else its certificate.
   *
   * @returns At once, if it shows nothing.
   * @throws {HoldfastError} `unauthorized`, and `internal` where it could not be found out; the cause is for this side's
   * log.
   */
  identify(credentials: Credentials): Identified | Promise<Identified> {
    const { certificates, token } = credentials;
    return certificates.length === 0 && token === undefined ? NOBODY : this.#verify(credentials);
  }

  /**
   * Decides on certificates again that were believed before.
   *
   * @throws {HoldfastError} `unauthorized` where they are not any more; the cause is for this side's log.
   */
  async judge(certificates: readonly Uint8Array[]): Promise<void> {
    try {
      await this.#certificate(certificates);
    } catch (cause) {
      throw unauthorized(cause);
    }
  }

  /**
   * Looks up again who has shown who he is.
   *
   * @throws {HoldfastError} `unauthorized`, as {@link Authenticator.identify}.
   */
  async lookUp(
    evidence: Evidence,
    wanted?: string,
    certificates?: readonly Uint8Array[],
  ): Promise<Identified> {
    const { registry } = this.#options;
    const { method, subject, issuer, expires, limited = false, claims } = evidence;
    const shown = {
      method,
      subject,
      issuer,
      limited,
      ...(expires !== undefined && { expires }),
      ...(claims !== undefined && { claims }),
    };
    const again = { evidence, certificates, ...(wanted !== undefined && { wanted }) };
    if (registry === undefined) {
      return { principal: { ...shown, authenticated: true, properties: [] }, ...again };
    }
    let standing;
    try {
      standing = await registry.find({ ...evidence, ...(wanted !== undefined && { wanted }) });
    } catch (cause) {
      throw unknown(cause);
    }
    if (standing === undefined) return { principal: { ...shown, authenticated: false, properties: [] }, ...again };
    const { name, group, properties = [], vo } = standing;
    const place = { ...(group !== undefined && { group }), ...(vo !== undefined && { vo }) };
    return { principal: { ...shown, authenticated: true, name, properties, ...place }, ...again };
  }

  async #verify({ certificates, token, wanted }: Credentials): Promise<Identified> {
    let evidence: Evidence | undefined;
    try {
      if (certificates.length > 0) evidence = await this.#certificate(certificates);
      if (token !== undefined) evidence = await this.#token(token);
    } catch (cause) {
      const isOurs = cause instanceof HoldfastError && (cause.code === "internal" || cause.code === "unreachable");
      throw isOurs ? unknown(cause) : unauthorized(cause);
    }
    if (evidence!.expires !== undefined && evidence!.expires <= Date.now()) {
      throw unauthorized(new HoldfastError("expired", "What the client shows has expired."));
    }
    return await this.lookUp(evidence!, wanted, certificates.length > 0 ? certificates : undefined);
  }

  async #certificate(chain: readonly Uint8Array[]): Promise<Evidence> {
    const verify = this.#certificates;
    if (verify === undefined) {
      throw new HoldfastError("certificate", "A client shows a certificate, which this service does not ask for.");
    }
    return await verify(chain, Date.now());
  }

  async #token(token: string): Promise<Evidence> {
    const { tokens: verify } = this.#options;
    if (verify === undefined) {
      throw new HoldfastError(
        "unauthorized",
        "A client shows a token, and this service has no option to check tokens.",
      );
    }
    let evidence: TokenEvidence;
    try {
      evidence = await verify(token);
    } catch (thrown) {
      throw withoutToken(thrown, token);
    }
    return { ...checkEvidence(evidence), method: "token" };
  }
}

/** Not everybody who writes a check of tokens has TypeScript; and where an end is no number, there would be none. */
function checkEvidence(evidence: TokenEvidence): TokenEvidence & { readonly issuer: string } {
  const { subject, issuer = "", expires } = Object(evidence) as TokenEvidence;
  const wrong = typeof subject !== "string" || subject === ""
    ? "whose this one is"
    : typeof issuer !== "string"
    ? "by whom this one was issued, in a text"
    : expires !== undefined && !(typeof expires === "number" && expires <= LAST_MOMENT)
    ? "when this one ends, in milliseconds since 1970"
    : undefined;
  if (wrong === undefined) return { ...evidence, issuer };
  throw new HoldfastError("unauthorized", `What checks the tokens did not say ${wrong}.`);
}

/** The client can't help it, and may try again. */
function unknown(cause: unknown): HoldfastError {
  return new HoldfastError("internal", "The service could not find out who this client is: try again later.", {
    cause,
  });
}

/** Names whom sessions belong to: equal for those who are the same. "" stands for all who have shown nothing. */
export function ownerOf({ method, issuer, subject }: Principal): string {
  return method === "none" ? "" : JSON.stringify([method, issuer, subject]);
}

/** Who somebody is, as far as it belongs into a log. */
export function withoutClaims({ claims: _, ...principal }: Principal): Omit<Principal, "claims"> {
  return principal;
}
