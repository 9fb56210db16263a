/**
 * A service that is attacked: what its application sees, what its audit says, and lines on which any bytes can be said.
 *
 * @module
 */

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { hashShape } from "../../../idl/canonical.ts";
import {
  type Definition,
  type LogRecord,
  type Network,
  parse,
  serve,
  type ServeOptions,
  type Server,
  type UnknownService,
} from "../../../mod.ts";
import { type Clock, systemClock } from "../../../runtime/clock.ts";
import { DEFAULT_LIMITS } from "../../../runtime/limits.ts";
import { nodeNetwork } from "../../../runtime/transport/node.ts";
import { nativeNetwork } from "../../../runtime/transport/runtime.ts";
import { ALPN, type ClientCertificate } from "../../../runtime/transport/transport.ts";
import {
  encodeHello,
  encodeOpen,
  type Hello,
  type Open,
  readWelcome,
  type Welcome,
} from "../../../runtime/wire/native/handshake.ts";
import * as kinds from "../../../runtime/wire/native/kinds.ts";
import { Reader } from "../../../runtime/wire/native/reader.ts";
import { MessageTable } from "../../../runtime/wire/native/table.ts";
import { type Scope, testCertificate } from "../../harness.ts";
import { followedByCalendar, patientClock } from "../../manual_clock.ts";
import { type RawFrame, RawPeer } from "../raw_peer.ts";

/** What is served. */
export const VAULT: Definition<UnknownService> = parse(`
  Note < text: string >
  Job < name: string >
  Done < name: string >
  Secret < text: string >
  service Lab/Vault {
    auth authenticated
    receives Note
    receives Job -> Done auth Operator
    sends Secret
  }
`);
export const VAULT_TABLE: MessageTable = new MessageTable(VAULT, DEFAULT_LIMITS);

/** The numbers of its messages. */
export const numberOf = (name: string): number => VAULT_TABLE.name(name)!.number;

/** Lets anybody in, to send notes. */
export const OPEN_TO_ALL = { "receives Note": "all" } as const;

/** Over what is attacked: real TLS, and what is strict and quick. */
export const NETWORKS: { readonly [name: string]: (scope: Scope) => Network } = {
  "in memory": (scope) => scope.memory(),
  "over the runtime's TLS": (scope) => scope.network(nativeNetwork()),
  "over node:tls": (scope) => scope.network(nodeNetwork()),
};

/** `ada`, or `ada@1700000000000` with the time when it ends. Those of `ada` and `root` are operators. */
export function readToken(token: string): { subject: string; issuer: string; expires?: number } {
  const [subject = "", until] = token.split("@");
  if (!["ada", "bob", "root"].includes(subject)) throw new Error("There is no such token.");
  return { subject, issuer: "test", ...(until !== undefined && { expires: Number(until) }) };
}

/** What a test works with. */
export interface Vault {
  readonly server: Server<UnknownService>;
  readonly network: Network;
  readonly log: LogRecord[];
  /** What the application has seen: `in ada`, `Note ada hello`, `out ada disconnected`. */
  readonly seen: string[];
  /** What the audit says: `admitted ada`, `refused  unauthorized`. */
  audit(): string[];
  /** Lets time pass, as the service sees it. */
  pass(time: number): void;
  /** Opens a line that says this. */
  line(...says: readonly (Uint8Array | readonly number[])[]): Promise<RawPeer>;
  /** Opens another with a certificate. */
  lineOf(certificate: ClientCertificate, ...says: readonly Uint8Array[]): Promise<RawPeer>;
}

/** Starts the service. */
export async function vault(
  scope: Scope,
  options: Partial<ServeOptions<UnknownService>> = {},
  network: Network = scope.memory(),
): Promise<Vault> {
  const log: LogRecord[] = [];
  const seen: string[] = [];
  const { cert, key, ca } = await testCertificate();
  const manual = followedByCalendar(scope, patientClock());
  const clock: Clock = { ...manual, now: () => systemClock.now() + manual.now() };
  const { onConnect, ...rest } = options;
  const server = await serve(VAULT, {
    cert,
    key,
    network,
    clock,
    tokens: readToken,
    registry: ({ subject }) => ({ name: subject, properties: ["ada", "root"].includes(subject) ? ["Operator"] : [] }),
    messages: {
      Note: ({ text }, { principal: { subject } }) => void seen.push(`Note ${subject} ${text}`),
      Job: ({ name }, { principal: { subject } }) => {
        seen.push(`Job ${subject} ${name}`);
        return { name };
      },
    },
    async onConnect(connection, args) {
      seen.push(`in ${connection.principal.subject}`);
      await onConnect?.(connection, args);
    },
    onDrop: ({ principal: { subject } }, { code }) => void seen.push(`out ${subject} ${code}`),
    log: (record) => void log.push(record),
    ...rest,
  });
  scope.cleanup(() => {
    const closed = server.close({ timeout: 1 });
    manual.advance(60_000);
    return closed;
  });
  const open = async (says: readonly (Uint8Array | readonly number[])[], certificate?: ClientCertificate) => {
    const peer = new RawPeer();
    const to = { hostname: "localhost", port: server.port, ca, alpn: [ALPN], ...(certificate && { certificate }) };
    peer.attach(await network.connect(to, peer));
    scope.cleanup(() => peer.leave("destroy"));
    return peer.write(...says);
  };
  return {
    server,
    network,
    log,
    seen,
    audit: () =>
      log.filter(({ event }) => event !== undefined).map(({ event, principal, action, error }) => {
        const code = (error as { code?: string } | undefined)?.code;
        return [event, principal?.subject, action, code].filter((part) => part !== undefined).join(" ");
      }),
    pass: (time) => manual.advance(time),
    line: (...says) => open(says),
    lineOf: (certificate, ...says) => open(says, certificate),
  };
}

/** The bytes of a HELLO. */
export function hello(words: Partial<Hello> = {}): Uint8Array {
  return encodeHello({ versions: [1], service: "Lab/Vault", ...words });
}

/** The hash of the whole definition: with it in the HELLO, the OPEN may follow at once. */
export const WHOLE: Uint8Array = hashShape(VAULT.shape);

/** The bytes of an OPEN. */
export function open(words: Partial<Open> = {}): Uint8Array {
  const limits = { frame: 2 ** 30, window: 2 ** 30, requests: 1_000 };
  return encodeOpen({ limits, resumable: true, identity: "", declined: [], ...words }, VAULT_TABLE.connect, {});
}

/** HELLO and OPEN of one who shows a token, and holds the definition. */
export function enter(token: string, words: Partial<Open> = {}): Uint8Array[] {
  return [hello({ token, hash: WHOLE }), open(words)];
}

/** What the WELCOME on a line says. */
export async function welcome(line: RawPeer): Promise<Welcome> {
  return readWelcome(readerOf(await line.frame(kinds.WELCOME)), VAULT_TABLE);
}

/** Reads a frame's body. */
export function readerOf(body: Uint8Array): Reader {
  const reader = new Reader();
  reader.reset(body, 0, body.length);
  return reader;
}

/** What frames have in common that say the same: kinds and sizes, without numbers that are random. */
export function outline(frames: readonly RawFrame[]): string[] {
  return frames.map(({ kind, body }) => `0x${kind.toString(16)} ${body.length}`);
}

/** Waits until something is so. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!isSo()) {
    assert.ok(performance.now() < end, `It never came to that: ${what}`);
    await pause(1);
  }
}
