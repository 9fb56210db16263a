/**
 * The runtime's own WebSocket and JSON, on Deno and on Bun.
 *
 * @module
 */

import { type Candidate, type ConnectOptions, messageOf, type ServeOptions } from "../candidates/candidate.ts";
import { type Fields, fromText, type MessageType, toText } from "./texts.ts";

/** From so many bytes on that wait a sender should wait, too. */
const HIGH_WATER = 65_536;

/** What is used of Deno. */
interface Deno {
  serve(options: object, handler: (request: Request) => Response): { readonly addr: { readonly port: number } };
  upgradeWebSocket(request: Request): { readonly socket: WebSocket; readonly response: Response };
  createHttpClient(options: { readonly caCerts: readonly string[] }): unknown;
}

/** What is used of Bun. */
interface Bun {
  serve(options: object): { readonly port: number };
}

/** What is used of Bun's WebSocket at a service. */
interface BunSocket {
  /** Gives back -1 where the sender should wait. */
  send(text: string): number;
}

const { Deno: deno, Bun: bun } = globalThis as { Deno?: Deno; Bun?: Bun };

async function drained(socket: WebSocket): Promise<void> {
  while (socket.bufferedAmount > HIGH_WATER) await new Promise((resolve) => setTimeout(resolve));
}

function serveDeno({ kind, cert, key }: ServeOptions, receive: (text: string, answer: (text: string) => void) => void) {
  const sockets: WebSocket[] = [];
  const server = deno!.serve({ hostname: "localhost", port: 0, cert, key, onListen() {} }, (request) => {
    const { socket, response } = deno!.upgradeWebSocket(request);
    sockets.push(socket);
    socket.onmessage = ({ data }) => receive(data, (text) => socket.send(text));
    return response;
  });
  const push = (id: number) => {
    const socket = sockets[0]!;
    socket.send(toText(kind, "push", messageOf(kind, id)));
    return socket.bufferedAmount > HIGH_WATER ? drained(socket) : undefined;
  };
  return { port: server.addr.port, push };
}

function serveBun({ kind, cert, key }: ServeOptions, receive: (text: string, answer: (text: string) => void) => void) {
  const sockets: BunSocket[] = [];
  let go: (() => void) | undefined;
  const server = bun!.serve({
    hostname: "localhost",
    port: 0,
    tls: { cert, key },
    fetch: (request: Request, server: { upgrade(request: Request): boolean }) =>
      server.upgrade(request) ? undefined : new Response("A WebSocket is expected.", { status: 400 }),
    websocket: {
      open: (socket: BunSocket) => void sockets.push(socket),
      message: (socket: BunSocket, text: string) => receive(text, (answer) => socket.send(answer)),
      drain: () => go?.(),
    },
  });
  const push = (id: number) => {
    const sent = sockets[0]!.send(toText(kind, "push", messageOf(kind, id)));
    return sent === -1 ? new Promise<void>((resolve) => go = resolve) : undefined;
  };
  return { port: server.port, push };
}

function connect(port: number, ca: string): WebSocket {
  const options = deno === undefined ? { tls: { ca } } : { client: deno.createHttpClient({ caCerts: [ca] }) };
  return new WebSocket(`wss://localhost:${port}`, options as unknown as string[]);
}

/** See the module's text. */
export const candidate: Candidate = {
  serve(options) {
    let told = 0;
    const receive = (text: string, answer: (text: string) => void) => {
      const [type, message] = fromText(options.kind, text);
      if (type === "ask") answer(toText(options.kind, "answer", message));
      else told++;
    };
    const serving = deno === undefined ? serveBun(options, receive) : serveDeno(options, receive);
    return Promise.resolve({
      ...serving,
      get told() {
        return told;
      },
    });
  },

  async connect({ kind, port, ca, answered, pushed }: ConnectOptions) {
    const socket = connect(port, ca);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    socket.onmessage = ({ data }) => {
      const [type, message]: [MessageType, Fields] = fromText(kind, data);
      if (type === "answer") answered(message);
      else pushed();
    };
    return {
      ask: (id) => socket.send(toText(kind, "ask", messageOf(kind, id))),
      close: () => socket.close(),
    };
  },
};
