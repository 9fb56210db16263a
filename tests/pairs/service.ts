/**
 * A service that has all that a connection can carry, and one that asks its clients for certificates:
 * `service.ts CERT KEY CA`, where CA is the authority of the clients. Their clients know no definition but what they
 * tell. It says where they listen, and runs until it is killed.
 *
 * @module
 */

import { Failure, parse, serve } from "holdfast";
import { readFileSync } from "node:fs";
import process from "node:process";
import { setImmediate } from "node:timers/promises";

const definition = parse(`
  Ping      < id: int|long, payload: bytes, at: timestamp >
  Pong      < id: int|long, payload: bytes, at: timestamp >
  Submit    < id: long, payload: bytes >
  Accepted  < id: long, payload: bytes >
  Interview < questions: list<string> >
  Interviewed < answers: map<string> >
  Ask       < question: string >
  Told      < answer: string >
  Note      < text: string >
  Recall    <>
  Notes     < texts: list<string> >
  Forward   < transportId: string, text: string >
  Forwarded < text: string, by: string >
  Gone      < transportId: string, reason: string >
  Dismiss   < reason: string >

  service Tests/Pairs {
    auth all
    connect < name: string, unwanted: bool = false >
    receives Ping, Note, Forward, Dismiss
    receives Submit -> Accepted
    receives Interview -> Interviewed
    receives Recall -> Notes
    sends Pong, Forwarded, Gone
    sends Ask -> Told
  }
`);

const [cert = "", key = "", ca = ""] = process.argv.slice(2).map((file) => readFileSync(file, "utf8"));
const names = new Map<string, string>();
const notes: string[] = [];

const server = await serve(definition, {
  cert,
  key,
  onConnect({ transportId }, { name, unwanted }) {
    if (unwanted) throw new Failure(`No ${name} today.`);
    names.set(transportId, name);
  },
  onDrop({ transportId }, { message }) {
    names.delete(transportId);
    server.broadcast("Gone", { transportId, reason: message });
  },
  messages: {
    Ping: (ping, connection) => connection.send("Pong", ping),
    Submit({ id, payload }) {
      if (id < 0n) throw new Failure(`${id} is no id.`);
      return { id: id + 1n, payload: payload.slice().reverse() };
    },
    async Interview({ questions }, connection) {
      const answers: Record<string, string> = {};
      for (const question of questions) {
        const { answer } = await connection.request("Ask", { question });
        answers[question] = answer;
      }
      return { answers };
    },
    async Note({ text }) {
      // An acknowledgement that came when the note arrived would be too early.
      for (let turn = 0; turn < 10; turn++) await setImmediate();
      notes.push(text);
    },
    Recall: () => ({ texts: notes.splice(0) }),
    async Forward({ transportId, text }, connection) {
      await server.send(transportId, "Forwarded", { text, by: names.get(connection.transportId) });
    },
    Dismiss: ({ reason }, connection) => connection.close(reason),
  },
});

// One of its own: a service that asks for certificates uses another TLS on some runtimes.
const asking = await serve(
  parse("Who <>  Known < subject: string >  service Tests/Who { auth all  receives Who -> Known }"),
  {
    cert,
    key,
    clientCertificates: { ca },
    messages: { Who: (_, { principal }) => ({ subject: principal.subject }) },
  },
);
console.log(`LISTENING ${server.url} ${asking.url}`);
