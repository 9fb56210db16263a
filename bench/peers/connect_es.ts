/**
 * Connect-ES: a bidirectional stream for questions and answers, another for what the service pushes.
 *
 * @module
 */

import {
  create,
  createFileRegistry,
  type DescService,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import type { GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { connectNodeAdapter, createConnectTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { type Candidate, type Kind, messageOf } from "../candidates/candidate.ts";
import { Feed } from "./feed.ts";
import type { Fields } from "./texts.ts";

// What `protoc-gen-es` makes the types of.
type Message = GenMessage<Fields & { readonly $typeName: "bench.Message" }>;
type Echo = GenService<{
  ask: { methodKind: "bidi_streaming"; input: Message; output: Message };
  push: { methodKind: "server_streaming"; input: Message; output: Message };
}>;

const STATES = ["waiting", "running", "done", "failed"];
const field = (name: string, number: number, type: Type, typeName = "", label = Label.OPTIONAL) => ({
  name,
  number,
  type,
  label,
  jsonName: name,
  ...typeName !== "" && { typeName },
});

const FIELDS = {
  ping: [field("id", 1, Type.INT32)],
  record: [
    field("id", 1, Type.INT32),
    field("owner", 2, Type.STRING),
    field("title", 3, Type.STRING),
    field("priority", 4, Type.DOUBLE),
    field("state", 5, Type.ENUM, ".bench.State"),
    field("sites", 6, Type.STRING, "", Label.REPEATED),
    field("where", 7, Type.MESSAGE, ".bench.Place"),
    field("labels", 8, Type.MESSAGE, ".bench.Message.LabelsEntry", Label.REPEATED),
    field("submitted", 9, Type.DOUBLE),
    field("input", 10, Type.BYTES),
  ],
  bytes: [field("data", 1, Type.BYTES)],
};

function echoOf(kind: Kind): Echo {
  const file = create(FileDescriptorProtoSchema, {
    name: "bench.proto",
    package: "bench",
    syntax: "proto3",
    enumType: [{ name: "State", value: STATES.map((name, number) => ({ name, number })) }],
    messageType: [
      { name: "Place", field: [field("host", 1, Type.STRING), field("slot", 2, Type.INT32)] },
      {
        name: "Message",
        field: FIELDS[kind],
        nestedType: [{
          name: "LabelsEntry",
          field: [field("key", 1, Type.STRING), field("value", 2, Type.STRING)],
          options: { mapEntry: true },
        }],
      },
    ],
    service: [{
      name: "Echo",
      method: [
        {
          name: "Ask",
          inputType: ".bench.Message",
          outputType: ".bench.Message",
          clientStreaming: true,
          serverStreaming: true,
        },
        { name: "Push", inputType: ".bench.Message", outputType: ".bench.Message", serverStreaming: true },
      ],
    }],
  });
  const service: DescService | undefined = createFileRegistry(file, () => undefined).getService("bench.Echo");
  return service as Echo;
}

/** To what is written, and back: a state and a moment are numbers. */
function written(kind: Kind, message: Fields): MessageInitShape<Message> {
  if (kind !== "record") return message;
  return { ...message, state: STATES.indexOf(message["state"]), submitted: message["submitted"].getTime() };
}

function read(kind: Kind, message: MessageShape<Message>): Fields {
  const { $typeName: _, ...fields } = message as Fields;
  if (kind !== "record") return fields;
  const { $typeName: __, ...where } = fields["where"];
  return { ...fields, where, state: STATES[fields["state"]], submitted: new Date(fields["submitted"]) };
}

/** See the module's text. */
export const candidate: Candidate = {
  async serve({ kind, cert, key }) {
    let pushes: Feed<MessageInitShape<Message>> | undefined;
    const adapter = connectNodeAdapter({
      routes: (router) =>
        router.service(echoOf(kind), {
          async *ask(messages) {
            for await (const message of messages) yield written(kind, read(kind, message));
          },
          push() {
            const feed = new Feed<MessageInitShape<Message>>();
            pushes ??= feed;
            return feed;
          },
        }),
    });
    const server = createSecureServer({ cert, key }, adapter);
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    return {
      port: (server.address() as AddressInfo).port,
      told: 0,
      push: (id) => pushes!.put(written(kind, messageOf(kind, id))),
    };
  },

  connect({ kind, port, ca, answered, pushed }) {
    const baseUrl = `https://localhost:${port}`;
    const sessionManager = new Http2SessionManager(baseUrl, {}, { ca });
    const client = createClient(echoOf(kind), createConnectTransport({ baseUrl, httpVersion: "2", sessionManager }));
    const asks = new Feed<MessageInitShape<Message>>();
    const hear = async () => {
      for await (const message of client.ask(asks)) answered(read(kind, message));
    };
    const hearPushed = async () => {
      for await (const message of client.push({})) {
        read(kind, message);
        pushed();
      }
    };
    // They end with the connection.
    hear().catch(() => {});
    hearPushed().catch(() => {});
    return Promise.resolve({
      ask: (id) => void asks.put(written(kind, messageOf(kind, id))),
      close() {
        asks.end();
        sessionManager.abort();
      },
    });
  },
};
