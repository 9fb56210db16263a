/**
 * A peer that takes nothing slows its sender down, and costs it no memory: real processes over real TLS.
 */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Client, type ConnectOptions, parse, serve, type Server, type UnknownService } from "../../mod.ts";
import { deferred } from "../../runtime/promises.ts";
import { check, type Scope, testCertificate } from "../harness.ts";
import { type Host, HOSTS, Program } from "../programs.ts";
import { deafClient, deafService } from "./back_pressure/deaf.ts";
import { LAB } from "./back_pressure/lab.ts";
import { message } from "./session/pair.ts";
import { ack, Alone } from "./session/raw.ts";

const MEBIBYTE = 1024 ** 2;
/** What the buffers of the runtime and the system may take, in bytes: waiting costs nothing else. */
const FLAT = 32 * MEBIBYTE;
/** Where a gigabyte is written and dropped, it lies about until it is collected: a part of it, at any time. */
const LITTER = 512 * MEBIBYTE;
/** The window; a frame beyond it; and one that is being handled. */
const MOST_GONE = MEBIBYTE + 2 * 64 * 1024;

/** Starts the program; `CA`, `CERT` and `KEY` stand for files. */
async function start(scope: Scope, host: Host, ...args: readonly string[]): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-pressure-"));
  scope.cleanup(() => rmSync(folder, { recursive: true }));
  const files = Object.entries(await testCertificate()).map(([name, text]) => {
    const path = join(folder, `${name}.pem`);
    writeFileSync(path, text);
    return [name.toUpperCase(), path] as const;
  });
  const named = new Map(files);
  const command = await host.prepare("tests/runtime/back_pressure/sender.ts", folder);
  const program = new Program(command, args.map((arg) => named.get(arg) ?? arg));
  scope.cleanup(() => program[Symbol.asyncDispose]());
  return program;
}

/** Reads what the program says of its gigabyte. */
async function isFlat(program: Program, beside = 0): Promise<void> {
  const [, ...numbers] = await program.says(/^OFFERED (\d+) (\d+) (\d+) (\d+)\n/m);
  const [went, waiting, dropped, dropping] = numbers.map(Number) as [number, number, number, number];

  assert.ok(went >= MEBIBYTE / 2 && went <= MOST_GONE + beside, `${went} bytes went`);
  // All but what fills the backlog gave way.
  assert.ok(dropped >= 1022 * MEBIBYTE, `${dropped} bytes were dropped`);
  assert.ok(waiting <= FLAT, `the process grew by ${waiting} bytes while it waited`);
  assert.ok(dropping <= LITTER, `the process grew by ${dropping} bytes while it dropped`);
}

async function connectTo(scope: Scope, url: string, options: ConnectOptions<UnknownService> = {}): Promise<Client> {
  const { ca } = await testCertificate();
  const client = new Client(url, undefined, { ca, log: () => {}, ...options });
  scope.cleanup(() => client.close());
  await client.connect();
  return client;
}

async function service(scope: Scope, chunk: () => Promise<void> | void): Promise<Server<UnknownService>> {
  const { cert, key } = await testCertificate();
  const server = await serve(parse(LAB), {
    cert,
    key,
    log: () => {},
    messages: { Ask: ({ id }) => ({ id }), Begin: () => {}, Chunk: chunk },
  });
  scope.cleanup(() => server.close({ timeout: 1 }));
  return server;
}

/** Exchanges until something has come about; gives back how often. */
async function exchange(client: Client, until: Promise<void>): Promise<number> {
  let done = false;
  const over = until.finally(() => done = true);
  let rounds = 0;
  for (; !done; rounds++) assert.deepEqual(await client.request("Ask", { id: rounds }), { id: rounds });
  await over;
  return rounds;
}

for (const host of HOSTS.filter(({ name }) => name !== "Node")) {
  const options = { skip: host.skip, timeout: 60_000 };

  check(`send: a service on ${host.name} waits for a client that reads nothing, and does not grow`, async (scope) => {
    const program = await start(scope, host, "serve", "CERT", "KEY");
    const [, url = ""] = await program.says(/^LISTENING (.*)\n/);
    const other = await connectTo(scope, url);
    await deafClient(scope, Number(new URL(url).port), (await testCertificate()).ca);
    assert.ok(await exchange(other, isFlat(program)) >= 100);
  }, options);

  check(`send: a service on ${host.name} waits for a client whose handler does not return`, async (scope) => {
    const program = await start(scope, host, "serve", "CERT", "KEY");
    const [, url = ""] = await program.says(/^LISTENING (.*)\n/);
    const other = await connectTo(scope, url);
    const handling = deferred<void>();
    const slow = await connectTo(scope, url, { limits: { handlers: 1 }, messages: { Chunk: () => handling.promise } });
    await slow.send("Begin", {});
    assert.ok(await exchange(other, isFlat(program)) >= 100);
    handling.resolve();
  }, options);

  check(`send: a client on ${host.name} waits for a service that reads nothing, and does not grow`, async (scope) => {
    const other = await service(scope, () => {});
    const port = await deafService(scope, await testCertificate());
    const program = await start(scope, host, "connect", "CA", `tls://localhost:${port}/Lab/Pressure`, other.url);
    await isFlat(program);
    const [, rounds] = await program.says(/^EXCHANGED (\d+)\n/m);
    assert.ok(Number(rounds) >= 100);
  }, options);

  check(`send: a client on ${host.name} waits for a service whose handlers do not return`, async (scope) => {
    const other = await service(scope, () => {});
    const handling = deferred<void>();
    const slow = await service(scope, () => handling.promise);
    scope.cleanup(() => handling.resolve());
    const program = await start(scope, host, "connect", "CA", slow.url, other.url);
    // 64 handlers run, beside the window.
    await isFlat(program, 64 * 64 * 1024);
  }, options);
}

test("Session: a peer that reads nothing can't free its window by guessing what was sent", () => {
  const service = new Alone("service", { window: 1_000 });
  service.take();
  for (let id = 1; id <= 3_000 && service.why() === undefined; id++) {
    void service.session.send(message("Note"), { id });
    service.push(ack({ received: id, started: id, handled: id }));
    assert.ok(service.session.held < 2_000, `${service.session.held} bytes are held`);
  }
  assert.equal(service.why(), "protocol");
});
