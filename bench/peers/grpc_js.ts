/**
 * grpc-js with proto-loader: a bidirectional stream for questions and answers, another for what the service pushes.
 *
 * @module
 */

import {
  credentials,
  type GrpcObject,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerWritableStream,
  type ServiceClientConstructor,
} from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";
import { Buffer } from "node:buffer";
import { type Candidate, type Kind, messageOf } from "../candidates/candidate.ts";
import type { Fields } from "./texts.ts";

const FIELDS = {
  ping: { id: { type: "int32", id: 1 } },
  record: {
    id: { type: "int32", id: 1 },
    owner: { type: "string", id: 2 },
    title: { type: "string", id: 3 },
    priority: { type: "double", id: 4 },
    state: { type: "State", id: 5 },
    sites: { rule: "repeated", type: "string", id: 6 },
    where: { type: "Place", id: 7 },
    labels: { keyType: "string", type: "string", id: 8 },
    submitted: { type: "double", id: 9 },
    input: { type: "bytes", id: 10 },
  },
  bytes: { data: { type: "bytes", id: 1 } },
};

function echoOf(kind: Kind): ServiceClientConstructor {
  const types = { requestType: "Message", responseType: "Message" };
  const json = {
    nested: {
      bench: {
        nested: {
          Echo: {
            methods: {
              Ask: { ...types, requestStream: true, responseStream: true },
              Push: { ...types, responseStream: true },
            },
          },
          Message: { fields: FIELDS[kind] },
          State: { values: { waiting: 0, running: 1, done: 2, failed: 3 } },
          Place: { fields: { host: { type: "string", id: 1 }, slot: { type: "int32", id: 2 } } },
        },
      },
    },
  };
  const { bench } = loadPackageDefinition(fromJSON(json as Parameters<typeof fromJSON>[0], { enums: String }));
  return (bench as GrpcObject)["Echo"] as ServiceClientConstructor;
}

/** To what is written, and back: a moment is a number. */
const written = (kind: Kind, message: Fields) =>
  kind === "record" ? { ...message, submitted: message["submitted"].getTime() } : message;
const read = (kind: Kind, message: Fields) =>
  kind === "record" ? { ...message, submitted: new Date(message["submitted"]) } : message;

/** See the module's text. */
export const candidate: Candidate = {
  async serve({ kind, cert, key }) {
    const server = new Server();
    let pushes: ServerWritableStream<Fields, Fields> | undefined;
    server.addService(echoOf(kind).service, {
      Ask(stream: ServerDuplexStream<Fields, Fields>) {
        stream.on("data", (message) => stream.write(written(kind, read(kind, message))));
        stream.on("end", () => stream.end());
        stream.on("error", () => {});
      },
      Push(stream: ServerWritableStream<Fields, Fields>) {
        pushes ??= stream;
        stream.on("error", () => {});
      },
    });
    const pair = { private_key: Buffer.from(key), cert_chain: Buffer.from(cert) };
    const port = await new Promise<number>((resolve, reject) => {
      const bound = (error: Error | null, port: number) => error === null ? resolve(port) : reject(error);
      server.bindAsync("localhost:0", ServerCredentials.createSsl(null, [pair]), bound);
    });
    return {
      port,
      told: 0,
      push(id) {
        const stream = pushes!;
        const hasRoom = stream.write(written(kind, messageOf(kind, id)));
        return hasRoom ? undefined : new Promise((resolve) => stream.once("drain", resolve));
      },
    };
  },

  async connect({ kind, port, ca, answered, pushed }) {
    // A channel of its own for each client: else all of a process share one connection.
    const options = { "grpc.use_local_subchannel_pool": 1 };
    const client = new (echoOf(kind))(`localhost:${port}`, credentials.createSsl(Buffer.from(ca)), options);
    await new Promise<void>((resolve, reject) =>
      client.waitForReady(
        Date.now() + 10_000,
        (error) => error === undefined || error === null ? resolve() : reject(error),
      )
    );
    const asks = client["Ask"]!();
    asks.on("data", (message: Fields) => answered(read(kind, message)));
    asks.on("error", () => {});
    const pushes = client["Push"]!({});
    pushes.on("data", (message: Fields) => {
      read(kind, message);
      pushed();
    });
    pushes.on("error", () => {});
    return {
      ask: (id) => void asks.write(written(kind, messageOf(kind, id))),
      close: () => client.close(),
    };
  },
};
