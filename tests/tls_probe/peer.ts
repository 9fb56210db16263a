/**
 * One end of a probe, on any runtime: `peer.ts serve IMPLEMENTATION FILE` with a certificate and its key, or
 * `peer.ts connect FILE` with attempts. It says what it sees, a line of JSON each.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import process from "node:process";
import * as tls from "node:tls";

/** What a service saw of a client. */
export interface Seen {
  /** How many certificates arrived. */
  readonly chain: number;
}

/** How a client tries. */
export interface Attempt {
  readonly port: number;
  readonly implementation: "native" | "node";
  readonly hostname?: string;
  readonly ca?: string;
  readonly crl?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly version?: tls.SecureVersion;
  /** Whether it takes up the TLS session of the attempt before. */
  readonly resumes?: boolean;
}

/** What came of it. */
export interface Outcome {
  readonly result: string;
  readonly alpn?: string;
  readonly resumed?: boolean;
  /** Milliseconds between the service's two words. */
  readonly gap?: number;
}

const ALPN = "probe";
const ALPN_LIST = Uint8Array.of(ALPN.length, ...new TextEncoder().encode(ALPN));
/** A word of one byte, and another when the first is on its way. */
const WORD = Uint8Array.of(1);
const BETWEEN_WORDS = 5;
const PATIENCE = 3_000;

// deno-lint-ignore no-explicit-any -- What the runtimes have beside `node:tls`, as it is.
const { Bun, Deno } = globalThis as any;

function say(seen: Seen): void {
  console.log(`SEEN ${JSON.stringify(seen)}`);
}

function serveNode(cert: string, key: string): void {
  const options = { cert, key, requestCert: true, rejectUnauthorized: false, ALPNProtocols: [ALPN], noDelay: true };
  const server = tls.createServer(options, (socket) => {
    socket.on("error", () => {});
    say({ chain: Deno === undefined ? chainOf(socket) : legacyChainOf(socket) });
    socket.write(WORD);
    setTimeout(() => socket.write(WORD), BETWEEN_WORDS);
  });
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1", () => console.log(`LISTENING ${(server.address() as { port: number }).port}`));
}

interface Peer {
  getPeerX509Certificate(): ReturnType<tls.TLSSocket["getPeerX509Certificate"]>;
}

function chainOf(socket: Peer): number {
  let count = 0;
  for (let one = socket.getPeerX509Certificate(); one !== undefined; one = one.issuerCertificate) count++;
  return count;
}

function legacyChainOf(socket: tls.TLSSocket): number {
  let count = 0;
  let one: tls.DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  for (; one?.raw !== undefined; one = one.issuerCertificate === one ? undefined : one.issuerCertificate) count++;
  return count;
}

function serveBun(cert: string, key: string): void {
  // deno-lint-ignore no-explicit-any
  type Socket = any;
  const listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    tls: { cert, key, requestCert: true, rejectUnauthorized: false, ALPNProtocols: ALPN_LIST },
    socket: {
      handshake(socket: Socket, success: boolean) {
        if (!success) return socket.terminate();
        say({ chain: chainOf(socket) });
        socket.write(WORD);
        setTimeout(() => socket.write(WORD), BETWEEN_WORDS);
      },
      data() {},
    },
  });
  console.log(`LISTENING ${listener.port}`);
}

async function serveDeno(cert: string, key: string): Promise<void> {
  const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key, alpnProtocols: [ALPN] });
  console.log(`LISTENING ${listener.addr.port}`);
  for await (const connection of listener) {
    void connection.handshake().then(async () => {
      say({ chain: 0 });
      await connection.write(WORD);
      setTimeout(() => connection.write(WORD).catch(() => {}), BETWEEN_WORDS);
    }, () => {});
  }
}

/** Ends a connection; gives back the TLS session that there was, if it can be used again. */
type Ending = () => Uint8Array | undefined;

/** Tells of the words, and of the end: whichever comes first. */
class Listening {
  readonly outcome: Promise<Outcome>;
  #first: number | undefined;
  #resolve!: (outcome: Outcome) => void;

  constructor() {
    this.outcome = new Promise((resolve) => this.#resolve = resolve);
    setTimeout(() => this.#resolve({ result: "nothing" }), PATIENCE);
  }

  heard(size: number, more: Omit<Outcome, "result" | "gap">): void {
    const now = performance.now();
    this.#first ??= now;
    if (size === 1 && now === this.#first) return;
    this.#resolve({ result: "in", gap: now - this.#first, ...more });
  }

  ended(why: unknown): void {
    this.#resolve({ result: String((why as { code?: unknown } | undefined)?.code ?? why ?? "closed") });
  }
}

function connectNode(attempt: Attempt, listening: Listening, session: Uint8Array | undefined): Ending {
  const { port, hostname = "localhost", ca, crl, cert, key, version } = attempt;
  const socket = tls.connect({
    host: "127.0.0.1",
    port,
    ...(hostname === "localhost" && { servername: hostname }),
    ALPNProtocols: [ALPN],
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca }),
    ...(crl !== undefined && { crl: listsOf(crl) }),
    ...(cert !== undefined && { cert, key }),
    ...(version !== undefined && { minVersion: version, maxVersion: version }),
    ...(session !== undefined && { session: Buffer.from(session) }),
  });
  let given: Uint8Array | undefined;
  socket.on("session", (one) => given = one);
  socket.on("data", ({ length }) => {
    listening.heard(length, { alpn: socket.alpnProtocol || "", resumed: socket.isSessionReused() });
  });
  socket.on("error", (error) => listening.ended(error));
  socket.on("close", () => listening.ended(undefined));
  return () => {
    socket.destroy();
    return given;
  };
}

function connectBun(attempt: Attempt, listening: Listening): Ending {
  const { port, hostname = "localhost", ca, crl, cert, key } = attempt;
  // deno-lint-ignore no-explicit-any
  type Socket = any;
  let open: Socket;
  Bun.connect({
    hostname: "127.0.0.1",
    port,
    tls: {
      ...(hostname === "localhost" && { serverName: hostname }),
      ALPNProtocols: ALPN_LIST,
      rejectUnauthorized: true,
      ...(ca !== undefined && { ca }),
      ...(crl !== undefined && { crl: listsOf(crl) }),
      ...(cert !== undefined && { cert, key }),
    },
    socket: {
      open: (socket: Socket) => void (open = socket),
      handshake(_socket: Socket, success: boolean, error: unknown) {
        if (!success || error !== null) listening.ended(error);
      },
      data: (socket: Socket, { length }: Uint8Array) => listening.heard(length, { alpn: socket.alpnProtocol }),
      close: () => listening.ended(undefined),
      error: (_socket: Socket, error: unknown) => listening.ended(error),
    },
  }).catch((error: unknown) => listening.ended(error));
  return () => open?.terminate();
}

function connectDeno(attempt: Attempt, listening: Listening): Ending {
  const { port, hostname = "localhost", ca, cert, key } = attempt;
  // deno-lint-ignore no-explicit-any
  let open: any;
  const run = async () => {
    open = await Deno.connectTls({
      hostname,
      port,
      alpnProtocols: [ALPN],
      ...(ca !== undefined && { caCerts: [ca] }),
      ...(cert !== undefined && { cert, key }),
    });
    const { alpnProtocol } = await open.handshake();
    const buffer = new Uint8Array(2);
    for (let count = await open.read(buffer); count !== null; count = await open.read(buffer)) {
      listening.heard(count, { alpn: alpnProtocol ?? "" });
    }
  };
  run().then(() => listening.ended(undefined), (error) => listening.ended(error));
  return () => open?.close();
}

async function connect(attempt: Attempt, session?: Uint8Array): Promise<[Outcome, Uint8Array | undefined]> {
  const listening = new Listening();
  let end: Ending = () => undefined;
  try {
    if (attempt.implementation === "node") end = connectNode(attempt, listening, session);
    else if (Bun !== undefined) end = connectBun(attempt, listening);
    else end = connectDeno(attempt, listening);
  } catch (error) {
    listening.ended(error);
  }
  return [await listening.outcome, end()];
}

function listsOf(crl: string): string[] {
  return crl.match(/-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g) ?? [];
}

const [mode, ...args] = process.argv.slice(2);
const given = JSON.parse(readFileSync(args.at(-1)!, "utf8"));
if (mode === "connect") {
  let session: Uint8Array | undefined;
  for (const attempt of given as Attempt[]) {
    let outcome: Outcome;
    [outcome, session] = await connect(attempt, attempt.resumes ? session : undefined);
    console.log(JSON.stringify(outcome));
  }
  process.exit();
} else {
  const { cert, key } = given as { readonly cert: string; readonly key: string };
  if (args[0] === "node") serveNode(cert, key);
  else if (Bun !== undefined) serveBun(cert, key);
  else await serveDeno(cert, key);
}
