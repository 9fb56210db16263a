/**
 * How a client speaks DISET, the protocol of DIRAC's services.
 *
 * @module
 */

import { HoldfastError } from "../errors.ts";
import { checkNames } from "../names.ts";
import type { Encoding } from "../wire/diset/encodings.ts";
import type { Delegate, Proposal } from "../wire/diset/handshake.ts";
import { checkEncoding } from "./options.ts";

/** How a client speaks with a service of DIRAC's, at `dips://` and `dip://`. */
export interface DisetClientOptions {
  /** How this side writes: "json" unless told otherwise, or the older "dencode". Every peer reads both. */
  readonly encoding?: "json" | "dencode";
  /** The setup that the client means to be in. "None" unless told otherwise, as DIRAC's later releases say. */
  readonly setup?: string;
  /** The virtual organisation. */
  readonly vo?: string;
  /**
   * What goes beside the certificate: "hosts" for a host that acts as one, or whom a host that is trusted speaks for.
   * A user's group is the client's option `group`.
   */
  readonly extraCredentials?: "hosts" | Delegate;
}

/** What a client proposes, whatever its service. */
export type Proposing = Pick<Proposal, "setup" | "vo" | "credentials">;

/** What a client says, and how. */
export interface Spoken {
  readonly encoding: Encoding;
  readonly proposing: Proposing;
}

/**
 * Reads the option `diset` of a client.
 *
 * @param given The option.
 * @param group The client's option `group`.
 * @throws {HoldfastError} `invalid-argument`
 */
export function readDisetClientOptions(given: unknown, group: string | undefined): Spoken {
  const invalid = (text: string) => new HoldfastError("invalid-argument", text);
  if (typeof given !== "object" || given === null) {
    throw invalid('The option "diset" must be an object: { encoding: "json", setup: "Production", vo: "lab" }.');
  }
  checkNames("A client's option diset", given, ["encoding", "setup", "vo", "extraCredentials"]);
  const { encoding = "json", setup = "None", vo, extraCredentials } = given as DisetClientOptions;
  checkEncoding(encoding);
  for (const [name, value] of [["setup", setup], ["vo", vo ?? ""]]) {
    if (typeof value !== "string") throw invalid(`The option "diset.${name}" must be a text.`);
  }
  if (extraCredentials !== undefined && group !== undefined) {
    throw invalid('Give either "group" or "diset.extraCredentials": they take the same place.');
  }
  const credentials = extraCredentials === undefined ? group ?? "" : readExtra(extraCredentials);
  return { encoding, proposing: { setup, ...(vo !== undefined && { vo }), credentials } };
}

function readExtra(extra: unknown): "hosts" | Delegate {
  if (extra === "hosts") return extra;
  const { subject, group } = (extra ?? {}) as Partial<Delegate>;
  if (typeof subject === "string" && typeof group === "string") return { subject, group };
  throw new HoldfastError(
    "invalid-argument",
    'The option "diset.extraCredentials" must be "hosts" or { subject: "/C=ch/CN=Alice", group: "lab_user" }.',
  );
}
