/**
 * Candidates on the library ws, by how messages are written.
 *
 * @module
 */

import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { type Candidate, type Kind, messageOf } from "../candidates/candidate.ts";
import type { Fields, MessageType } from "./texts.ts";

/** Writes and reads the messages of one connection. */
export interface Format {
  write(type: MessageType, message: Fields): Uint8Array | string;
  read(data: Uint8Array): [MessageType, Fields];
}

/** From so many bytes on that wait a sender should wait, too. */
const HIGH_WATER = 65_536;

/** Makes a candidate. */
export function webSocket(format: (kind: Kind) => Format): Candidate {
  return {
    async serve({ kind, cert, key }) {
      const https = createServer({ cert, key });
      const server = new WebSocketServer({ server: https });
      const pushes: ((id: number) => Promise<void> | undefined)[] = [];
      let told = 0;
      server.on("connection", (socket) => {
        const { write, read } = format(kind);
        socket.on("error", () => {});
        socket.on("message", (data: Uint8Array) => {
          const [type, message] = read(data);
          if (type === "ask") socket.send(write("answer", message));
          else told++;
        });
        pushes.push((id) => sendTo(socket, write("push", messageOf(kind, id))));
      });
      await new Promise<void>((resolve) => https.listen(0, "localhost", resolve));
      return {
        port: (https.address() as AddressInfo).port,
        get told() {
          return told;
        },
        push: (id) => pushes[0]!(id),
        broadcast: (id) => pushes.forEach((push) => push(id)),
      };
    },

    async connect({ kind, port, ca, answered, pushed }) {
      const { write, read } = format(kind);
      const socket = new WebSocket(`wss://localhost:${port}`, { ca });
      await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
      socket.on("message", (data: Uint8Array) => {
        const [type, message] = read(data);
        if (type === "answer") answered(message);
        else pushed();
      });
      return {
        ask: (id) => socket.send(write("ask", messageOf(kind, id))),
        tell: (id) => sendTo(socket, write("tell", messageOf(kind, id))),
        close: () => socket.close(),
      };
    },
  };
}

function sendTo(socket: WebSocket, data: Uint8Array | string): Promise<void> | undefined {
  if (socket.bufferedAmount < HIGH_WATER) {
    socket.send(data);
    return undefined;
  }
  return new Promise((resolve) => socket.send(data, () => resolve()));
}
