/**
 * What each runtime's TLS can do, as tables: `deno run -A tests/tls_probe.ts`. What `docs/security.md` says of that was
 * found by it.
 *
 * It asks the runtimes themselves, not Holdfast: each TLS that they have plays the service to a client on Node, and the
 * client to services on Node, since OpenSSL sends whatever it is given. Holdfast's own tests show what becomes of it.
 *
 * @module
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forgedKey, issue, makeAuthority, makeProxy } from "./certificates.ts";
import { type Host, HOSTS, Program } from "./programs.ts";
import { PROXY, type Shown, TRUSTED, UNTRUSTED } from "./runtime/transport/certificates.ts";
import type { Attempt, Outcome, Seen } from "./tls_probe/peer.ts";

const PEER = "tests/tls_probe/peer.ts";
const folder = mkdtempSync(join(tmpdir(), "holdfast-probe-"));
const commands = new Map<Host, readonly string[]>();
for (const host of HOSTS.filter(({ skip }) => skip === false)) commands.set(host, await host.prepare(PEER, folder));
const node = HOSTS.find(({ name }) => name === "Node")!;
const reference = commands.get(node);
if (reference === undefined) throw new Error("The probe needs Node.");

interface Tls {
  readonly name: string;
  readonly command: readonly string[];
  readonly implementation: "native" | "node";
}

const ALL: readonly Tls[] = [...commands].flatMap(([{ name }, command]) => [
  ...(name === "Node" ? [] : [{ name: `${name}, its own`, command, implementation: "native" as const }]),
  { name: `${name}, \`node:tls\``, command, implementation: "node" as const },
]);

type Rows = Map<string, string>;

/** What clients show to the service in question. */
const authority = await makeAuthority({ subject: "/O=Lab/CN=Clients" });
const between = await makeAuthority({ of: authority, subject: "/O=Lab/CN=Between" });
const person = await issue({ of: between });
const proxy = await makeProxy(person);
const limited = await makeProxy(proxy, { limited: true });
const SHOWN: Readonly<Record<string, { readonly cert: string; readonly key: string }>> = {
  "a chain": person,
  "signed by itself": await issue(),
  "of an authority unknown": await issue({ of: await makeAuthority() }),
  "expired": await issue({ of: authority, until: -60 }),
  "for services only": await issue({ of: authority, purposes: ["server"] }),
  "a proxy (RFC 3820)": proxy,
  "a limited proxy of a proxy": limited,
};
const FORGED = { cert: person.cert, key: await forgedKey(person) };
const SERVICE = await TRUSTED[0]![1]();

interface Environment {
  readonly [name: string]: string;
}

const UNAUTHORIZED: Environment = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };

async function ask(
  command: readonly string[],
  attempts: readonly Attempt[],
  env: Environment = {},
): Promise<Outcome[]> {
  const file = join(folder, "attempts.json");
  writeFileSync(file, JSON.stringify(attempts));
  const { stdout, stderr } = await new Program(command, ["connect", file], env).ended;
  const outcomes = stdout.trim().split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  if (outcomes.length !== attempts.length) throw new Error(stderr);
  return outcomes;
}

/** Starts a service, tries all attempts on it, and gives back what it saw of each: nothing of who was refused. */
async function serve(
  { command, implementation }: Pick<Tls, "command" | "implementation">,
  { cert, key }: Shown,
  by: (port: number) => Promise<Outcome[]>,
  env: Environment = {},
): Promise<{ readonly outcomes: Outcome[]; readonly seen: (Seen | undefined)[] }> {
  const file = join(folder, "service.json");
  writeFileSync(file, JSON.stringify({ cert, key }));
  await using service = new Program(command, ["serve", implementation, file], env);
  const [, port] = await service.says(/^LISTENING (\d+)\n/m);
  const outcomes = await by(Number(port));
  const count = outcomes.filter(({ result }) => result === "in").length;
  const [text] = await service.says(new RegExp(`(?:[^]*?^SEEN.*\n){${count}}`, "m"));
  const entries = [...text.matchAll(/^SEEN (.*)$/gm)].map(([, json]) => JSON.parse(json!) as Seen);
  return { outcomes, seen: outcomes.map(({ result }) => result === "in" ? entries.shift() : undefined) };
}

async function probeService(tls: Tls): Promise<Rows> {
  const rows: Rows = new Map();
  const others = Object.entries(SHOWN).slice(1);
  const versions = ["TLSv1.2", "TLSv1.3"] as const;
  const attempts = (port: number): Attempt[] =>
    versions.flatMap((version) => {
      const to = { port, implementation: "node" as const, version, ca: SERVICE.ca! };
      return [
        { ...to, ...FORGED },
        { ...to, ...pick(person) },
        { ...to, ...pick(person), resumes: true },
        ...others.map(([, shown]) => ({ ...to, ...pick(shown) })),
      ];
    });
  const run = async (env: Environment) => await serve(tls, SERVICE, (port) => ask(reference!, attempts(port)), env);
  const { outcomes, seen } = await run({});
  const both = (cell: (at: number) => string) => same(cell(0), cell(3 + others.length));
  const asks = seen.some((one) => one !== undefined && one.chain > 0);
  const asked = (cell: (at: number) => string) => asks ? both(cell) : "";

  rows.set("asks for a certificate", asks ? "yes" : "no");
  rows.set("refuses who has not the key", asked((at) => outcomes[at]!.result === "in" ? "**no**" : "yes"));
  rows.set("gets the whole chain", asked((at) => seen[at + 1]?.chain === 2 ? "yes" : "only the first"));
  rows.set(
    "a TLS session that is resumed",
    both((at) => {
      if (!outcomes[at + 2]!.resumed) return "is not";
      if (!asks) return "is";
      return seen[at + 2]!.chain === seen[at + 1]!.chain ? "has the same chain" : "**has lost the chain**";
    }),
  );
  others.forEach(([what], index) => {
    rows.set(
      `lets through, for Holdfast to decide: ${what}`,
      asked((at) => (seen[at + 3 + index]?.chain ?? 0) > 0 ? "yes" : "no"),
    );
  });
  rows.set("agrees on a protocol (ALPN)", both((at) => outcomes[at + 1]!.alpn === "probe" ? "yes" : "no"));
  rows.set("`TCP_NODELAY`", outcomes.every(({ gap = 0 }) => gap < 25) ? "yes" : "no");
  const again = await run(UNAUTHORIZED);
  const results = (all: typeof again) => JSON.stringify(all.seen);
  rows.set(
    "`NODE_TLS_REJECT_UNAUTHORIZED=0` changes",
    results(again) === results({ outcomes, seen }) ? "nothing" : "**something**",
  );
  return rows;
}

async function probeClient({ command, implementation }: Tls): Promise<Rows> {
  const rows: Rows = new Map();
  const origin = { command: reference!, implementation: "node" } as const;

  const { seen } = await serve(origin, SERVICE, (port) =>
    ask(
      command,
      Object.values(SHOWN).map((shown) => ({ port, implementation, ca: SERVICE.ca!, ...pick(shown) })),
    ));
  Object.keys(SHOWN).forEach((what, index) => {
    rows.set(`shows: ${what}`, (seen[index]?.chain ?? 0) > 0 ? "yes" : "no");
  });

  const known = join(folder, "known.pem");
  writeFileSync(known, SERVICE.ca!);
  const { outcomes: [beside] } = await serve(origin, SERVICE, (port) =>
    // Trusted by the system, for all that the runtime knows; not by what the client is told.
    ask(command, [{ port, implementation, ca: authority.own }], { NODE_EXTRA_CA_CERTS: known, DENO_CERT: known }));
  rows.set("trusts those that it knows beside `ca`", beside!.result === "in" ? "**yes**" : "no");

  const usage = { ...SERVICE, ...pick(await issueWithoutSignatures()) };
  const wrong = [
    ...UNTRUSTED,
    PROXY,
    ["whose key is not for signatures (key usage)", () => Promise.resolve(usage)] as const,
  ];
  for (const env of [{}, UNAUTHORIZED]) {
    const accepted: string[] = [];
    const unlisted: string[] = [];
    for (const [what, make] of wrong) {
      const shown = await make();
      const { outcomes: [outcome] } = await serve(
        origin,
        shown,
        (port) => ask(command, [{ port, implementation, ...told(shown) }], env),
      );
      if (outcome!.result !== "in") continue;
      if (shown.crl !== undefined) unlisted.push(what);
      else accepted.push(what);
    }
    const after = env === UNAUTHORIZED ? ", with `NODE_TLS_REJECT_UNAUTHORIZED=0`" : "";
    rows.set(`takes, though it is wrong, a certificate${after}`, accepted.join("; ") || "none");
    rows.set(`heeds revocation lists (\`crl\`)${after}`, unlisted.length === 0 ? "yes" : "no");
  }
  return rows;
}

async function issueWithoutSignatures(): Promise<{ readonly cert: string; readonly key: string; readonly ca: string }> {
  const of = await makeAuthority();
  // keyEncipherment alone: what RSA key transport needed, which TLS 1.3 has done away with.
  return { ...await issue({ of, names: ["localhost"], usages: 4 }), ca: of.own };
}

function told({ ca, crl, hostname }: Shown): Pick<Attempt, "ca" | "crl" | "hostname"> {
  return {
    ...(ca !== undefined && { ca }),
    ...(crl !== undefined && { crl }),
    ...(hostname !== undefined && { hostname }),
  };
}

function pick<T extends { readonly cert: string; readonly key: string; readonly ca?: string }>(
  { cert, key, ca }: T,
): { cert: string; key: string; ca?: string } {
  return { cert, key, ...(ca !== undefined && { ca }) };
}

/** What holds for TLS 1.2 and for TLS 1.3, in one cell. */
function same(one: string, other: string): string {
  return one === other ? one : `1.2: ${one}; 1.3: ${other}`;
}

function print(title: string, columns: readonly (readonly [Tls, Rows])[]): void {
  console.log(`\n| ${[title, ...columns.map(([{ name }]) => name)].join(" | ")} |`);
  console.log(`|${" --- |".repeat(columns.length + 1)}`);
  for (const row of columns[0]![1].keys()) {
    console.log(`| ${[row, ...columns.map(([, rows]) => rows.get(row))].join(" | ")} |`);
  }
}

try {
  for (const [title, probe] of [["a service", probeService], ["a client", probeClient]] as const) {
    const columns: (readonly [Tls, Rows])[] = [];
    for (const tls of ALL) columns.push([tls, await probe(tls)]);
    print(title, columns);
  }
} finally {
  rmSync(folder, { recursive: true });
}
