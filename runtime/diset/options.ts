/**
 * How a service speaks DISET, the protocol of DIRAC's clients.
 *
 * @module
 */

import { HoldfastError } from "../errors.ts";
import { checkNames } from "../names.ts";

/** How to speak DISET beside the native protocol: on the same port, over TLS, and without TLS where that is asked for. */
export interface DisetOptions {
  /** How this side writes: "json" unless told otherwise, or the older "dencode". Every peer reads both. */
  readonly encoding?: "json" | "dencode";
  /**
   * Where to listen for clients without TLS (`dip://`), which come without proof of who they are, and whose words anybody
   * on the way can read and change. Nowhere unless asked for; then on "localhost" and any free port, unless told otherwise.
   */
  readonly plain?: { readonly hostname?: string; readonly port?: number };
}

/**
 * Checks the option `diset` of `serve`.
 *
 * @returns Them; `undefined` where DISET is not to be spoken.
 * @throws {HoldfastError} `invalid-argument`
 */
export function readDisetOptions(given: boolean | DisetOptions | undefined): DisetOptions | undefined {
  if (given === undefined || given === false) return undefined;
  if (given === true) return {};
  const invalid = (text: string) => new HoldfastError("invalid-argument", text);
  if (typeof given !== "object" || given === null) {
    throw invalid('The option "diset" must be true, or an object: { encoding: "json", plain: { port: 9145 } }.');
  }
  checkNames('The option "diset"', given, ["encoding", "plain"]);
  const { encoding = "json", plain } = given;
  checkEncoding(encoding);
  if (plain === undefined) return given;
  if (typeof plain !== "object" || plain === null) {
    throw invalid('The option "diset.plain" must be an object: { hostname: "localhost", port: 9145 }.');
  }
  checkNames('The option "diset.plain"', plain, ["hostname", "port"]);
  const { port = 0 } = plain;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw invalid(`The port of "diset.plain" is ${JSON.stringify(port)}: it must be a whole number from 0 to 65535.`);
  }
  return given;
}

/** @throws {HoldfastError} `invalid-argument` where an option `encoding` names none. */
export function checkEncoding(encoding: string): void {
  if (encoding === "json" || encoding === "dencode") return;
  const given = JSON.stringify(encoding);
  throw new HoldfastError("invalid-argument", `The encoding is ${given}: it must be "json" or "dencode".`);
}
