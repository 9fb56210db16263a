/**
 * Whom Holdfast can be made to speak with here: DIRAC where `deno task interop` has installed it, of which the tests are
 * told by the environment; and, wherever there is Python, a client and a service that were written from the notes on
 * its protocol alone. What is lacking is skipped by name.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import process from "node:process";
import type { Way } from "./lab.ts";
import type { Installed, Release } from "./setup.ts";

/** The variable of the environment that holds {@link INSTALLED}. */
export const INSTALLED_RELEASES = "HOLDFAST_INTEROP";

const installed: Readonly<Record<string, Installed>> = JSON.parse(process.env[INSTALLED_RELEASES] ?? "{}");

/** What there is to run: each release, plain and with TLS, in both encodings. */
export interface Run {
  /** As `DIRAC 9.1.22, dips, json`. */
  readonly name: string;
  /** Which release of DIRAC, if it is one. */
  readonly release: Release | undefined;
  readonly way: Way;
  /** Why it can't be run, or `false`. */
  readonly skip: string | false;
}

/** The runs with DIRAC; empty in the ordinary run of the tests. */
export const DIRAC_RUNS: readonly Run[] = Object.entries(installed).flatMap(([release, one]) =>
  (["dip", "dips"] as const).flatMap((protocol) =>
    (["json", "dencode"] as const).map((encoding) => ({
      name: `DIRAC ${release}, ${protocol}, ${encoding}`,
      release: release as Release,
      way: { python: "python" in one ? one.python : "", peer: "dirac" as const, protocol, encoding },
      skip: "missing" in one && `there is no ${one.missing}`,
    }))
  )
);

/** Why the other peer can't be run, or `false`. */
function lackOfPeer(): string | false {
  const has = (command: string, ...args: readonly string[]) =>
    spawnSync(command, args, { stdio: "ignore" }).status === 0;
  // It takes proxies for certificates.
  if (!has("python3", "-c", "import ssl; ssl.VERIFY_ALLOW_PROXY_CERTS")) return "there is no Python 3.10 or later";
  return !has("openssl", "version") && "there is no openssl command";
}

const LACK = lackOfPeer();

/** The runs with the other peer: either encoding, one with TLS and one without. */
const PEER_RUNS: readonly Run[] = ([["dips", "json"], ["dip", "dencode"]] as const).map(([protocol, encoding]) => ({
  name: `the peer in Python, ${protocol}, ${encoding}`,
  release: undefined,
  way: { python: "python3", peer: "python", protocol, encoding },
  skip: LACK,
}));

/** Every run. */
export const RUNS: readonly Run[] = [...PEER_RUNS, ...DIRAC_RUNS];

/** Why there are no runs with DIRAC. */
export const NOT_ASKED = "DIRAC is run by `deno task interop`";
