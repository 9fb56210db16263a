/**
 * `deno task interop --measure [--out FILE]`: how fast DIRAC and Holdfast are at the same work, each by itself and with
 * each other: pings over one stable connection, one at a time, and a connection with a TLS handshake for each call.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { arch, cpus } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { HOSTS } from "../../programs.ts";
import { Dirac, type Settings } from "../dirac.ts";
import { Lab } from "../lab.ts";
import type { PartySettings } from "./holdfast_party.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const SERVICE = "Framework/PingPong";

/** How long each is measured, in seconds, and how often. */
const SECONDS = 3;
const ROUNDS = 3;

/** What came of one round; times in seconds. */
interface Round {
  readonly rate: number;
  readonly middle: number;
  readonly client: number;
  readonly service: number;
  readonly lost: number;
}

/** What a client tells; times in seconds. */
interface Told {
  readonly count: bigint;
  readonly took: number;
  readonly cost: number;
  readonly middle: number;
  readonly lost: bigint;
}

/** One way of working, and who does it. */
interface Row {
  readonly work: "stable" | "calls";
  readonly protocol: "dip" | "dips" | "tls";
  readonly client: string;
  readonly service: string;
}

/** What the notes on the original say was measured on such a machine: rate, milliseconds there and back, CPU of both. */
const RECORDED: readonly (readonly [string, string, string, string, string])[] = [
  ["one stable connection, dip", "1174", "0.76", "0.30", "0.56"],
  ["one stable connection, dips, reconnects included", "129", "0.84", "0.45", "0.77"],
  ["one stable connection, dips, with a lock added", "1180", "0.79", "0.28", "0.54"],
  ["a connection for each call, dip", "594", "1.3", "0.48", "0.91"],
  ["a connection for each call, dips", "15", "64", "8.6", "10.2"],
  ["the same, Nagle's algorithm switched off", "62", "16.6", "7.1", "8.7"],
];

/**
 * Measures, and writes the table.
 *
 * @param python The Python that each release of DIRAC is installed for.
 * @param out The file to write to; standard output without it.
 */
export async function measure(python: Readonly<Record<string, string>>, out: string | undefined): Promise<void> {
  using parties = await Parties.start(python);
  const rows = parties.rows();
  const rounds = rows.map((): Round[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, row] of rows.entries()) {
      console.error(`${round + 1}/${ROUNDS} ${titleOf(row)}: ${row.client} with ${row.service}`);
      rounds[index]!.push(await parties.run(row));
    }
  }
  const text = report(rows, rounds, Object.keys(python));
  if (out === undefined) console.log(text);
  else writeFileSync(out, text);
  await parties.close();
}

/** The processes: of each make a service and a client. */
class Parties implements Disposable {
  readonly #clients = new Map<string, Dirac>();
  /** By make and protocol. */
  readonly #services = new Map<string, { readonly process: Dirac; readonly url: string }>();
  readonly #lab: Lab;

  private constructor(lab: Lab) {
    this.#lab = lab;
  }

  static async start(python: Readonly<Record<string, string>>): Promise<Parties> {
    const parties = new Parties(await Lab.make());
    for (const [release, command] of Object.entries(python)) await parties.#startDirac(`DIRAC ${release}`, command);
    for (const { name, prepare } of HOSTS.filter(({ name, skip }) => skip === false && name !== "Node")) {
      await parties.#startHoldfast(`Holdfast on ${name}`, await prepare("tests/interop/measure/holdfast_party.ts", ""));
    }
    return parties;
  }

  async #startDirac(name: string, python: string): Promise<void> {
    const script = join(HERE, "dirac_party.py");
    for (const protocol of ["dip", "dips"] as const) {
      const process = await Dirac.run([python, "-B", script], this.#settings({ [SERVICE]: { protocol, options: {} } }));
      const { ports } = process.ready as unknown as { ports: Record<string, bigint> };
      this.#services.set(`${name} ${protocol}`, {
        process,
        url: `${protocol}://localhost:${ports[SERVICE]}/${SERVICE}`,
      });
    }
    this.#clients.set(name, await Dirac.run([python, "-B", script], this.#settings({})));
  }

  async #startHoldfast(name: string, command: readonly string[]): Promise<void> {
    const { authority, cert, key } = this.#lab.files;
    const alice = String(this.#lab.callers.certificate["proxyLocation"]);
    const settings = (role: "service" | "client"): PartySettings => ({
      role,
      files: role === "service" ? { authority, cert, key } : { authority, cert: alice, key: alice },
    });
    const service = await Dirac.run(command, settings("service"));
    for (const url of service.ready["urls"] as readonly string[]) {
      this.#services.set(`${name} ${url.replace(/:.*/, "")}`, { process: service, url });
    }
    this.#clients.set(name, await Dirac.run(command, settings("client")));
  }

  /** What is measured: each by itself in every way, and with the others as DIRAC's protocol has it, with TLS. */
  rows(): Row[] {
    const names = [...this.#clients.keys()];
    return (["stable", "calls"] as const).flatMap((work) =>
      names.flatMap((client) =>
        names.flatMap((service) =>
          (["dip", "dips", "tls"] as const).map((protocol) => ({ work, protocol, client, service }))
        )
      )
    ).filter(({ client, protocol, service }) =>
      this.#services.has(`${service} ${protocol}`)
      && (client === service || protocol === "dips" && client.startsWith("DIRAC") !== service.startsWith("DIRAC"))
    );
  }

  async run({ client, protocol, service, work }: Row): Promise<Round> {
    const { process, url } = this.#services.get(`${service} ${protocol}`)!;
    const options = protocol === "dips" ? this.#lab.callers.certificate : {};
    const task = { url, seconds: BigInt(SECONDS), ...(client.startsWith("DIRAC") && { options }) };
    const before = await process.order<number>("cost", {});
    const told = await this.#clients.get(client)!.order<Told>(work, task);
    const after = await process.order<number>("cost", {});
    const { cost, count, lost, middle, took } = told;
    const number = Number(count);
    return {
      rate: number / took,
      middle,
      client: cost / number,
      service: (after - before) / number,
      lost: Number(lost),
    };
  }

  async close(): Promise<void> {
    for (const client of this.#clients.values()) await client[Symbol.asyncDispose]();
    for (const process of new Set([...this.#services.values()].map(({ process }) => process))) {
      await process[Symbol.asyncDispose]();
    }
  }

  [Symbol.dispose](): void {
    this.#lab[Symbol.dispose]();
  }

  #settings(services: Settings["services"]): Settings {
    const known = { handlerFolders: [HERE], handlers: { [SERVICE]: "PingPongHandler" } };
    return this.#lab.settings({ encoding: "json" }, services, known);
  }
}

function titleOf({ protocol, work }: Row): string {
  return `${work === "stable" ? "one stable connection" : "a connection for each call"}, ${protocol}`;
}

function report(rows: readonly Row[], rounds: readonly (readonly Round[])[], releases: readonly string[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const heads = [
    "work",
    "client",
    "service",
    "a second",
    "there and back, ms",
    "client's CPU, ms",
    "service's CPU, ms",
    "lost",
  ];
  const measured = rows.map((row, index) => {
    const middle = (of: (round: Round) => number) => median(rounds[index]!.map(of));
    const lost = rounds[index]!.reduce((sum, round) => sum + round.lost, 0);
    const times = [middle((one) => one.middle), middle((one) => one.client), middle((one) => one.service)];
    return line([
      titleOf(row),
      row.client,
      row.service,
      figure(middle((one) => one.rate)),
      ...times.map((time) => figure(1000 * time)),
      String(lost),
    ]);
  });
  const recorded = RECORDED.map(([work, rate, middle, client, service]) =>
    line([work, "DIRAC 9.0.0a31", "DIRAC 9.0.0a31", rate, middle, client, service, ""])
  );
  return `# Beside the original

Pings and pongs of a small number, one at a time, on loopback; a call of DIRAC's is its \`echo\`, one of Holdfast's a
connection, a ping, a pong, and the end. Both sides show certificates where there is TLS. Medians of ${ROUNDS} rounds of
${SECONDS} s in turn; processor time is that of all threads, for each message or call. "Lost" counts connections that
broke: DIRAC uses one TLS connection from two threads, and a client begins anew after half a second of silence.

Measured on ${new Date().toISOString().slice(0, 10)} by \`deno task interop --measure\`, on ${cpus().length} processors
(${cpus()[0]?.model.trim() ?? arch()}), with DIRAC ${releases.join(" and ")}, ${
    execFileSync("python3", ["--version"], { encoding: "utf8" }).trim()
  },
Deno ${process.versions["deno"]} and Bun:

${[line(heads), line(heads.map(() => "---")), ...measured].join("\n")}

What was recorded of the original when its protocol was observed, on a machine of the same kind:

${[line(heads), line(heads.map(() => "---")), ...recorded].join("\n")}
`;
}

function median(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  return ordered[ordered.length >> 1] ?? NaN;
}

/** Three digits. */
function figure(value: number): string {
  return String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}
