/**
 * Who a client is: from what it has shown to what that means here.
 *
 * ```
 * certificate chain ─ certificates/ ─┐
 *                                    ├─▶ Evidence ─ registry ─▶ Principal ─ authorization ─▶ what it may do
 * token ───────────── tokens ────────┘
 * ```
 *
 * @module
 */

/** What a client has shown of itself, checked: whoever made this has proof of each word. */
export interface Evidence {
  /** By what it has shown that. */
  readonly method: "certificate" | "token";
  /** Whom it names: a distinguished name as `/C=ch/O=Lab/CN=alice`, or a token's subject. Never empty. */
  readonly subject: string;
  /** Who vouches for that: the distinguished name of the authority, or a token's issuer; "" if nobody is named. */
  readonly issuer: string;
  /** When that ends: milliseconds since 1970. Not at all, if absent. */
  readonly expires?: number;
  /** The group that the credentials themselves name, if they do: what the client asks for by itself is not this. */
  readonly group?: string;
  /** Whether it was shown by a limited proxy, which is to be trusted with less. */
  readonly limited?: boolean;
  /** Everything that the token says. */
  readonly claims?: { readonly [name: string]: unknown };
}

/** What is asked of a registry. */
export interface Inquiry extends Evidence {
  /** The group that the client asks to act in, if it asks for one. It has no right to it: the registry must say so. */
  readonly wanted?: string;
}

/** What a registry knows of somebody. */
export interface Standing {
  /** What it is called here. */
  readonly name: string;
  /** The group that it acts in. */
  readonly group?: string;
  /** The virtual organisation of that group. */
  readonly vo?: string;
  /** What its group, or the host itself, may do: words for `auth` clauses. */
  readonly properties?: readonly string[];
}

/** Knows who belongs here. */
export interface Registry {
  /**
   * Looks somebody up.
   *
   * @param inquiry What was shown, and the group asked for.
   * @returns What is known, or `undefined` of a stranger, and of one who may not act in the group that it asks for. Such
   * a client is let in as far as an anonymous one is. Where it throws, the client is refused.
   */
  find(inquiry: Inquiry): Standing | undefined | Promise<Standing | undefined>;
  /**
   * Says when what is known has changed: then everybody who is connected is looked up again.
   *
   * @param changed To be called after each change.
   * @returns Stops that.
   */
  watch?(changed: () => void): () => void;
}

/** Who a client is. */
export interface Principal {
  /** By what it has shown that; "none" for an anonymous client. */
  readonly method: "none" | "certificate" | "token";
  /** As in {@link Evidence}; "" for an anonymous client. */
  readonly subject: string;
  /** As in {@link Evidence}; "" for an anonymous client. */
  readonly issuer: string;
  /** Whether it has shown who it is, and belongs here: known to the registry, if there is one. */
  readonly authenticated: boolean;
  /** What the registry calls it. */
  readonly name?: string;
  /** The group that it acts in. */
  readonly group?: string;
  /** The virtual organisation of that group. */
  readonly vo?: string;
  /** Words for `auth` clauses. */
  readonly properties: readonly string[];
  /** Whether it was shown by a limited proxy. */
  readonly limited: boolean;
  /** When its credentials end: milliseconds since 1970. Not at all, if absent. */
  readonly expires?: number;
  /** Everything that its token says. */
  readonly claims?: { readonly [name: string]: unknown };
}

/** Somebody who has shown nothing. */
export const ANONYMOUS: Principal = {
  method: "none",
  subject: "",
  issuer: "",
  authenticated: false,
  properties: [],
  limited: false,
};
