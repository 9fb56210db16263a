/**
 * The services to which the recorded clients speak: they do what those of the original did.
 *
 * @module
 */

import {
  type Connection,
  Failure,
  type Handlers,
  parse,
  serve,
  type ServeOptions,
  type Server,
  type UnknownService,
} from "../../../mod.ts";
import { nativeNetwork } from "../../../runtime/transport/runtime.ts";
import type { Encoding } from "../../../runtime/wire/diset/encodings.ts";
import { testCertificate } from "../../harness.ts";
import type { Conversation } from "../wire/diset/captures.ts";

/** What they all have. The original's checks of types are by exact type, and by name where there is none. */
export const MESSAGES = `
  Ping < id: int|long >
  Pong < id: int|long >
  Any < value: any >
  AnyReply < value: any >
  Big < text: string >
  BigReply < text: string >
  Typed < a: bool, b: float, c: list<any>, d: any, e: string, f: int | string >
  Multi < zeta: string, Alpha: string, beta: string, Gamma: string, b10: string, B2: string, _under: string >
  MultiReply < zeta: string, Alpha: string, beta: string, Gamma: string, b10: string, B2: string, _under: string >
  SameLower < ab: string, Ab: string, aB: string, AB: string >
  NoAttrs < >
  NoAttrsReply < >
  Fail < text: string >
  Raise < text: string >
  BadReturn < text: string >
  Kick < text: string >
  Secret < id: int >
  Slow < seconds: float >
  ServerKA < start: int >
  Push < count: int >
  Notice < number: int, text: string >
  AskAck < id: int >
  Question < id: int >
  AckResult < ok: bool, text: string >
`;

/** The definition of a service, whose messages go both ways where the original's client sends them the wrong one. */
export function definitionOf(service: string, auth = "all"): string {
  return `${MESSAGES}
    service ${service} {
      auth ${auth}
      connect <
        a?: int, name?: string, nested?: map<any>, newValue?: bool, pushOnConnect?: bool, reject?: string, slots?: int,
        tags?: list<string>
      >
      receives Ping, Any, Big, Typed, Multi, SameLower, NoAttrs, Fail, Raise, BadReturn, Kick, Slow, ServerKA, Push, AskAck
      receives Secret auth CSAdministrator
      sends Pong, AnyReply, BigReply, MultiReply, NoAttrsReply, Notice, Question, AckResult
    }`;
}

type Values = Record<string, unknown>;

const handlers: Handlers<UnknownService> = {
  Ping: ({ id }, connection) => connection.send("Pong", { id }),
  Any: (values, connection) => connection.send("AnyReply", values),
  Big: (values, connection) => connection.send("BigReply", values),
  Typed: () => {},
  Multi(values, connection) {
    checkNames(values);
    return connection.send("MultiReply", values);
  },
  SameLower: checkNames,
  NoAttrs: (_, connection) => connection.send("NoAttrsReply", {}),
  Fail({ text }) {
    throw new Failure(String(text));
  },
  Raise({ text }) {
    throw new Error(String(text));
  },
  BadReturn({ text }) {
    throw new Error(String(text));
  },
  Kick: (_, connection) => connection.close(),
  Secret: () => {},
  Slow: () => new Promise((resolve) => setTimeout(resolve, 300)),
  ServerKA: () => {},
  async Push({ count }, connection) {
    for (let number = 0; number < (count as number); number++) {
      await connection.send("Notice", { number, text: `notice ${number}` });
    }
  },
  AskAck: ({ id }, connection) => void ask(connection, id),
};

/** The recorded clients have given each field its own name: so it shows whether they stand where they should. */
function checkNames(values: Values): void {
  for (const [name, value] of Object.entries(values)) {
    if (value !== name) throw new Error(`${name} is ${value}.`);
  }
}

/** Not waited for by the handler, as the answer comes while it runs. */
async function ask(connection: Connection<UnknownService>, id: unknown): Promise<void> {
  await connection.send("Question", { id }, { acknowledge: true });
  await connection.send("AckResult", { ok: true, text: "" });
}

async function onConnect(connection: Connection<UnknownService>, { pushOnConnect, reject }: Values): Promise<void> {
  if (reject === "new") throw new Failure("No new friends");
  if (typeof reject === "string" && reject.startsWith("new-")) throw new Error("boom in conn_new");
  if (typeof reject === "string" && reject.startsWith("connected")) setTimeout(() => connection.close(), 0);
  if (pushOnConnect === true) await connection.send("Notice", { number: 0, text: "welcome" });
}

/** What a scenario's client asks for that is not there under its name, or is there with something else. */
const PLACES: Readonly<Record<string, string>> = {
  "unknown-service": "Framework/PingPong",
  "raw-too-many-connections": "small",
};

/** The services, each on a port of its own without TLS; they are started when they are first asked for. */
export class RecordedServices {
  readonly #network = nativeNetwork();
  readonly #servers = new Map<string, Promise<Server<UnknownService>>>();

  /** The port at which a conversation's client finds its service. */
  async port({ encodings, scenario, spoken }: Conversation): Promise<number> {
    const proposal = new TextDecoder().decode(spoken.find(({ bytes }) => bytes !== undefined)!.bytes);
    const [named = "Framework/Lab"] = /Framework\/\w+?(?=["s\d]|$)/.exec(proposal) ?? [];
    const place = PLACES[scenario] ?? named;
    const key = `${place} ${encodings.service}`;
    const started = this.#servers.get(key) ?? this.#start(place, encodings.service);
    this.#servers.set(key, started);
    const { disetUrls } = await started;
    return Number(new URL(disetUrls.find((url) => url.startsWith("dip:"))!.replace("dip", "http")).port);
  }

  async close(): Promise<void> {
    for (const server of this.#servers.values()) await (await server).close({ timeout: 0 });
  }

  async #start(place: string, encoding: Encoding): Promise<Server<UnknownService>> {
    const { cert, key } = await testCertificate();
    const isSmall = place === "small";
    const auth = {
      "Framework/Locked": "CSAdministrator",
      "Framework/Authed": "authenticated",
      "Framework/GroupLocked": "group:lab_admin",
    }[place];
    const options: ServeOptions<UnknownService> = {
      cert,
      key,
      network: this.#network,
      diset: { encoding, plain: {} },
      limits: { failures: Infinity, ...(isSmall && { connections: 2 }) },
      log: () => {},
      messages: handlers,
      onConnect,
    };
    return await serve(parse(definitionOf(isSmall ? "Framework/Lab" : place, auth)), options);
  }
}
