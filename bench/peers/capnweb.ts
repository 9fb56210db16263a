/**
 * Cap'n Web over ws, which its documentation has for Node: calls that give back what they are given, and a callback of
 * the client's for what the service pushes.
 *
 * @module
 */

import { newWebSocketRpcSession, RpcTarget } from "capnweb";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { type Candidate, messageOf } from "../candidates/candidate.ts";
import type { Fields } from "./texts.ts";

// It looks at the constants of the global class, which Node 20 does not have.
if (!("WebSocket" in globalThis)) Object.assign(globalThis, { WebSocket });

/** So many pushed messages may be on their way before a sender should wait. */
const HIGH_WATER = 1_024;

type Callback = ((message: Fields) => Promise<void>) & { dup(): Callback };

class Echo extends RpcTarget {
  readonly #subscribed: (callback: Callback) => void;

  constructor(subscribed: (callback: Callback) => void) {
    super();
    this.#subscribed = subscribed;
  }

  ask(message: Fields): Fields {
    return message;
  }

  subscribe(callback: Callback): void {
    this.#subscribed(callback.dup());
  }
}

/** See the module's text. */
export const candidate: Candidate = {
  async serve({ kind, cert, key }) {
    const https = createServer({ cert, key });
    const server = new WebSocketServer({ server: https });
    let callback: Callback | undefined;
    const echo = new Echo((given) => callback ??= given);
    server.on("connection", (socket) => {
      newWebSocketRpcSession(socket as unknown as globalThis.WebSocket, echo);
    });
    await new Promise<void>((resolve) => https.listen(0, "localhost", resolve));
    let open = 0;
    return {
      port: (https.address() as AddressInfo).port,
      told: 0,
      push(id) {
        open++;
        const called = callback!(messageOf(kind, id)).then(() => void open--);
        return open < HIGH_WATER ? undefined : called;
      },
    };
  },

  async connect({ kind, port, ca, answered, pushed }) {
    const socket = new WebSocket(`wss://localhost:${port}`, { ca });
    const stub = newWebSocketRpcSession<Echo>(socket as unknown as globalThis.WebSocket);
    const callback = () => pushed();
    await stub.subscribe(callback as unknown as Callback);
    const ask = stub.ask as unknown as (message: Fields) => Promise<Fields>;
    const fail = (error: unknown) => {
      throw error;
    };
    return {
      ask: (id) => void ask(messageOf(kind, id)).then(answered, fail),
      close: () => socket.close(),
    };
  },
};
