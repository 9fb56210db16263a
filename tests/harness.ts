/**
 * Tests that leave nothing behind: `check` is `test` of `node:test`, and fails a test after which a timer, a promise
 * that the project's code made, a socket, or a listener or stream of one of its networks is still there.
 *
 * @module
 */

import { test } from "node:test";
import {
  type DevelopmentCertificate,
  developmentCertificate,
  type DevelopmentCertificateOptions,
} from "../compiler/certificate.ts";
import { memoryNetwork, type MemoryNetworkOptions } from "../runtime/transport/memory.ts";
import type { Network } from "../runtime/transport/transport.ts";
import { type Leftover, watch } from "./harness/leaks.ts";
import { counted } from "./harness/network.ts";

/** What a test gets. */
export interface Scope {
  /** Calls this at the end, whatever the outcome; what was given last is called first. */
  cleanup(release: () => unknown): void;
  /** An in-memory network; the test fails if something is open on it at the end. */
  memory(options?: MemoryNetworkOptions): Network;
  /** The same for any network. */
  network(network: Network): Network;
  /** Fails the test if, at the end, there are some of these: sessions of a server, say. */
  none(what: string, count: () => number): void;
}

/** How a test is run. */
export interface CheckOptions {
  /** Why not, or `false`. */
  readonly skip?: string | false;
  /** How long it may take, in milliseconds: 30 seconds unless told otherwise. */
  readonly timeout?: number;
  /** How long what was ended may take to be gone, in milliseconds: a second unless told otherwise. */
  readonly grace?: number;
}

const POLL = 10;

/**
 * A test that leaves nothing behind.
 *
 * @param name The symbol and the criterion.
 * @param body The test.
 * @param options How it is run.
 */
export function check(
  name: string,
  body: (scope: Scope) => Promise<void> | void,
  options: CheckOptions = {},
): void {
  test(name, { skip: options.skip ?? false }, () => {
    const done = running.then(() => run(body, options));
    running = done.catch(() => {});
    return done;
  });
}

/** One by one: Bun goes on as soon as a test has thrown where nobody caught it, although the test still runs. */
let running: Promise<void> = Promise.resolve();

let certificate: Promise<DevelopmentCertificate> | undefined;

/**
 * A certificate for tests on loopback: without options always the same one.
 *
 * @param options What it should say.
 * @returns The authority's certificate, the service's, and the service's private key.
 */
export function testCertificate(options?: DevelopmentCertificateOptions): Promise<DevelopmentCertificate> {
  return options === undefined ? certificate ??= developmentCertificate() : developmentCertificate(options);
}

async function run(body: (scope: Scope) => Promise<void> | void, options: CheckOptions): Promise<void> {
  const watching = watch();
  const open = new Set<Leftover>();
  const counts: { what: string; count: () => number }[] = [];
  const releases: (() => unknown)[] = [];
  const network = (network: Network) => counted(network, open);
  const leftovers = () => [
    ...watching.leftovers(),
    ...open,
    ...counts.flatMap(({ what, count }) => count() === 0 ? [] : [{ what: `${count()} ${what}`, origin: undefined }]),
  ];
  try {
    try {
      await within(options.timeout ?? 30_000, leftovers, async () =>
        await body({
          cleanup: (release) => void releases.push(release),
          memory: (options) => network(memoryNetwork(options)),
          network,
          none: (what, count) => void counts.push({ what, count }),
        }));
    } finally {
      for (const release of releases.reverse()) await release();
      // After a failure too: what is on its way out must not be found by the next test.
      await settled(leftovers, options.grace ?? 1_000);
    }
    const left = leftovers();
    if (left.length > 0) throw new Error(`The test left behind:\n${list(left)}`);
  } finally {
    watching.stop();
  }
}

async function within(limit: number, leftovers: () => Leftover[], body: () => Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`The test is not done after ${limit} ms. There are:\n${list(leftovers())}`));
    }, limit);
  });
  try {
    await Promise.race([body(), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

async function settled(leftovers: () => Leftover[], grace: number): Promise<void> {
  // Counted in looks, not in time: while this process has to stand still, so has what is to be gone.
  for (let looks = grace / POLL; looks > 0 && leftovers().length > 0; looks--) {
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
}

function list(leftovers: Leftover[]): string {
  return leftovers.map(({ what, origin }) => `- ${what}${origin === undefined ? "" : `, made at ${origin}`}`).join(
    "\n",
  );
}
