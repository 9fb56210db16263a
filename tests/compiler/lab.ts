/**
 * A service that lives while a test runs commands against it.
 *
 * @module
 */

import { join } from "node:path";
import { Failure, parse, serve, type Server } from "../../mod.ts";
import { testCertificate } from "../harness.ts";
import { type Ended, holdfast, holdfastWith, inFolder, put, Running, type RunOptions } from "./process.ts";

const DESK = parse(`
  /// What is to be done.
  Job < id: int|long, when?: timestamp, data: list<bytes>, more?: any >
  Done < id: int|long, when?: timestamp, data: list<bytes>, more?: any >
  Ping < id: long >
  Pong < id: long >
  Fail < how: string >
  Secret < >
  Queue < behind: int >
  Place < place: int >
  service Lab/Desk {
    auth all
    connect < team: string = "none", size?: long >
    receives Job -> Done, Ping
    receives Fail -> Done
    receives Queue -> Place
    receives Secret  auth Operator
    sends Pong
  }
`);

/** The service, and the commands. */
export interface Lab {
  readonly server: Server;
  readonly folder: string;
  /** The connect arguments and the numbers of Pings that came. */
  readonly met: unknown[];
  /** How many requests stood in the queue at once, at the most: each until so many have come behind it. */
  readonly gate: { readonly most: number };
  /** Runs a verb against the service. */
  run(verb: string, ...args: string[]): Promise<Ended>;
  runWith(options: RunOptions, verb: string, ...args: string[]): Promise<Ended>;
  running(options: RunOptions, verb: string, ...args: string[]): Running;
}

/** Runs a service, and something with it. */
export function inLab(use: (lab: Lab) => Promise<void>): Promise<void> {
  return inFolder({}, async (folder) => {
    const { ca, cert, key } = await testCertificate();
    put(join(folder, "ca.pem"), ca);
    const met: unknown[] = [];
    const gate = { place: 0, open: 0, most: 0, waiting: [] as (() => void)[] };
    const server = await serve(DESK, {
      cert,
      key,
      log: () => {},
      tokens: (token) => {
        if (token !== "sesame") throw new Error("No.");
        return { subject: "kit", issuer: "https://iam.lab.example/" };
      },
      onConnect: (_connection, args) => {
        met.push(args);
        if (args["team"] === "foes") throw new Failure("Foes are not let in.");
      },
      messages: {
        Job: (job) => job as never,
        Ping: async ({ id }, connection) => {
          met.push(id);
          await connection.send("Pong", { id });
        },
        Fail: ({ how }) => {
          if (how === "loudly") throw new Failure("It can't be done.\x1b[2J");
          return new Promise<never>(() => {});
        },
        Secret: () => {},
        Queue: async ({ behind }) => {
          const place = gate.place + 1;
          gate.place = place;
          gate.most = Math.max(gate.most, ++gate.open);
          for (const wake of gate.waiting.splice(0)) wake();
          while (gate.place < place + (behind as number)) await new Promise<void>((wake) => gate.waiting.push(wake));
          gate.open--;
          return { place };
        },
      },
    });
    try {
      const args = (verb: string, rest: string[]) => [verb, server.url, ...rest, "--ca", "ca.pem"];
      await use({
        ...{ server: server as Server, folder, met, gate },
        run: (verb, ...rest) => holdfast(folder, ...args(verb, rest)),
        runWith: (options, verb, ...rest) => holdfastWith(options, folder, ...args(verb, rest)),
        running: (options, verb, ...rest) => new Running(folder, args(verb, rest), options),
      });
    } finally {
      await server.close({ timeout: 0 });
    }
  });
}
