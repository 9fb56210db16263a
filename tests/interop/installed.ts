/**
 * What `deno task interop` has installed, as its tests see it: they are told by the environment, and skip by name where
 * they are not, or where something is lacking.
 *
 * @module
 */

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
  readonly release: Release;
  readonly way: Way;
  /** Why it can't be run, or `false`. */
  readonly skip: string | false;
}

/** Every run; empty in the ordinary run of the tests. */
export const RUNS: readonly Run[] = Object.entries(installed).flatMap(([release, one]) =>
  (["dip", "dips"] as const).flatMap((protocol) =>
    (["json", "dencode"] as const).map((encoding) => ({
      name: `DIRAC ${release}, ${protocol}, ${encoding}`,
      release: release as Release,
      way: { python: "python" in one ? one.python : "", protocol, encoding },
      skip: "missing" in one && `there is no ${one.missing}`,
    }))
  )
);

/** Why there are no runs at all. */
export const NOT_ASKED = "DIRAC is run by `deno task interop`";
