/**
 * How names are spelt in a registry, so that rules can speak of them.
 *
 * @module
 */

/** One kind of names. */
export interface Spelling {
  readonly pattern: RegExp;
  /** How to spell one. */
  readonly hint: string;
}

/** Users and hosts: as they are called elsewhere, by an account, an address or a host name. */
export const MEMBER_NAME: Spelling = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9_.@+-]*$/,
  hint: "It is made of the letters A to Z, digits and `_ . @ + -`; a letter or a digit comes first.",
};

/** Groups and VOs: what `group:` and `vo:` take in a rule. */
export const GROUP_NAME: Spelling = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
  hint: "It is made of the letters A to Z, digits and `_ . -`; a letter or a digit comes first.",
};

/** Properties: what a rule takes for one, but for words that mean something else there. */
export const PROPERTY: Spelling = {
  pattern: /^(?!(all|any|none|authenticated)$)[A-Za-z][A-Za-z0-9_]*$/i,
  hint: "It is made of the letters A to Z, digits and `_`; a letter comes first. "
    + "`all`, `any`, `none` and `authenticated` mean something else in a rule.",
};

/** Subjects and issuers of certificates. */
export const DISTINGUISHED_NAME: Spelling = {
  // deno-lint-ignore no-control-regex
  pattern: /^\/[^/=\x00-\x1f\x7f-\x9f]+=[^\x00-\x1f\x7f-\x9f]+$/,
  hint: "It is written as `/C=ch/O=Lab/CN=alice`, the country first.",
};
