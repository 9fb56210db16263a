/**
 * Holdfast as its examples show it, with all that is on by default. The client learns the definition from the service.
 * Messages are answered by messages.
 *
 * @module
 */

import { Client, type Connection, type Definition, parse, serve, type UnknownService } from "holdfast";
import { type Candidate, type Kind, messageOf, toil } from "./candidate.ts";

const FIELDS: { readonly [K in Kind]: string } = {
  ping: "id: int",
  record: `
    id: int, owner: string, title: string, priority: float, state: State, sites: list<string>, where: Place,
    labels: map<string>, submitted: timestamp, input: bytes`,
  bytes: "data: bytes",
};

function definitionOf(kind: Kind): Definition<UnknownService> {
  const messages = ["Ask", "Answer", "Tell", "Push", "Call", "Return"].map((name) => `${name} < ${FIELDS[kind]} >\n`);
  return parse(`
    enum State { waiting, running, done, failed }
    Place < host: string, slot?: int >
    ${messages.join("")}
    service Bench/Echo {
      auth all
      receives Ask, Tell
      receives Call -> Return
      sends Answer, Push
    }
  `);
}

/** Makes a candidate. */
export function holdfast(use: "messages" | "requests", renewable = false): Candidate {
  return {
    async serve({ kind, cert, key, sharedPort, work = 0 }) {
      let told = 0;
      let toiled = 0;
      let first: Connection<UnknownService> | undefined;
      const server = await serve(definitionOf(kind), {
        cert,
        key,
        renewable,
        ...sharedPort !== undefined && { port: sharedPort, reusePort: true },
        onConnect(connection) {
          first ??= connection;
        },
        onDrop(connection) {
          if (connection === first) first = undefined;
        },
        messages: {
          Ask(message, connection) {
            if (work > 0) toiled ^= toil(work);
            return connection.send("Answer", message);
          },
          Tell() {
            told++;
          },
          Call: (message) => message,
        },
      });
      return {
        port: server.port,
        get told() {
          return told;
        },
        push: (id) => first!.send("Push", messageOf(kind, id)),
        broadcast: (id) => server.broadcast("Push", messageOf(kind, id)),
      };
    },

    async connect({ kind, port, ca, answered, pushed }) {
      const client = new Client(`tls://localhost:${port}/Bench/Echo`, undefined, {
        ca,
        messages: { Answer: answered, Push: pushed },
      });
      await client.connect();
      const fail = (error: unknown) => {
        throw error;
      };
      return {
        ask: use === "messages"
          ? (id) => void client.send("Ask", messageOf(kind, id))
          : (id) => void client.request("Call", messageOf(kind, id)).then(answered, fail),
        tell: (id) => client.send("Tell", messageOf(kind, id)),
        close: () => client.close(),
      };
    },
  };
}

/** See the module's text. */
export const candidate: Candidate = holdfast("messages");
