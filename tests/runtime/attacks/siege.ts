/**
 * Many clients that have not been let in, at one stage of the handshake, and what they cost a service that runs in a
 * process of its own.
 *
 * @module
 */

import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nativeNetwork } from "../../../runtime/transport/runtime.ts";
import { ALPN, type Stream } from "../../../runtime/transport/transport.ts";
import { testCertificate } from "../../harness.ts";
import { type Host, Program } from "../../programs.ts";
import { hello, open } from "./lab.ts";

/** Bytes for each client. */
export interface Cost {
  /** What the runtime counts: objects, and buffers outside of its heap. */
  readonly counted: number;
  /** What the system counts: with what TLS holds, and with what was used before and not given back. */
  readonly resident: number;
}

/** As long as a frame of the handshake may be, and not whole: its length, its kind, and most of the rest. */
const MOST_OF_HELLO = [0x80, 0x80, 0x04, 0x01, ...new Array<number>(65_000).fill(1)];
const TOKEN = "x".repeat(16_384);
/** As much as may wait for an answer: nothing of it is looked at. */
const FLOOD = new Uint8Array(65_000);

/** What the clients say at each stage; the token, and `onConnect`, wait for ever. */
export const STAGES: { readonly [stage: string]: readonly Uint8Array[] } = {
  "TLS is done, and nothing more is said": [],
  "HELLO begins, and does not end": [Uint8Array.of(0x80, 0x01, 0x01, 1)],
  "HELLO is as long as may be, and does not end": [Uint8Array.from(MOST_OF_HELLO)],
  "a token is looked at": [hello({ token: "x" })],
  "a token is looked at, as long as may be, with as much behind it": [hello({ token: TOKEN }), FLOOD],
  "onConnect runs": [hello(), open()],
  "onConnect runs, with as much behind it as may be": [hello(), open(), FLOOD],
};

/** A service under siege. */
export class Siege implements AsyncDisposable {
  readonly #service: Program;
  readonly #ports: readonly [service: number, teller: number];
  readonly #folder: string;
  readonly #ca: string;

  private constructor(service: Program, ports: readonly [number, number], folder: string, ca: string) {
    this.#service = service;
    this.#ports = ports;
    this.#folder = folder;
    this.#ca = ca;
  }

  /** Starts the service. */
  static async begin(host: Host, asksForCertificates: boolean): Promise<Siege> {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-siege-"));
    const files = Object.entries(await testCertificate()).map(([name, text]) => {
      writeFileSync(join(folder, name), text);
      return [name, join(folder, name)];
    });
    const { ca, cert, key } = Object.fromEntries(files);
    const [command = "", ...rest] = await host.prepare("tests/runtime/attacks/testdata/besieged.ts", folder);
    const [run, ...more] = rest;
    const flags = {
      Deno: [command, run!, "--v8-flags=--expose-gc", ...more],
      Bun: [command, ...rest],
      Node: [command, "--expose-gc", ...rest],
    };
    const service = new Program(flags[host.name], [asksForCertificates ? "certificates" : "", cert, key, ca]);
    const [, port, teller] = await service.says(/^PORTS (\d+) (\d+)$/m);
    return new Siege(service, [Number(port), Number(teller)], folder, (await testCertificate()).ca);
  }

  /** Lets so many clients come to a stage, and go again. */
  async cost(says: readonly Uint8Array[], count: number): Promise<Cost> {
    // The first are paid for what is made once.
    await this.#leave(await this.#come(says, 20));
    const [counted, resident] = await this.#used();
    const streams = await this.#come(says, count);
    const [countedAfter, residentAfter] = await this.#used();
    await this.#leave(streams);
    return {
      counted: Math.round((countedAfter! - counted!) / count),
      resident: Math.round((residentAfter! - resident!) / count),
    };
  }

  async #come(says: readonly Uint8Array[], count: number): Promise<Stream[]> {
    const network = nativeNetwork();
    const to = { hostname: "localhost", port: this.#ports[0], ca: this.#ca, alpn: [ALPN] };
    const streams: Stream[] = [];
    while (streams.length < count) {
      const some = Array.from({ length: Math.min(20, count - streams.length) }, async () => {
        const stream = await network.connect(to, { data() {}, closed() {} });
        for (const bytes of says) stream.write(bytes);
        return stream;
      });
      streams.push(...await Promise.all(some));
    }
    return streams;
  }

  async #leave(streams: readonly Stream[]): Promise<void> {
    for (const stream of streams) stream.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  async #used(): Promise<readonly number[]> {
    // By then, all that was said has arrived.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const socket = connect(this.#ports[1], "localhost");
    let text = "";
    socket.setEncoding("utf8").on("data", (part: string) => text += part);
    await once(socket, "end");
    socket.destroy();
    return text.split(" ").map(Number);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true });
  }
}
