/**
 * Socket.IO, over WebSockets from the start. It carries bytes; a moment is text.
 *
 * @module
 */

import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Server, type Socket } from "socket.io";
import { io } from "socket.io-client";
import { type Candidate, type Kind, messageOf } from "../candidates/candidate.ts";
import type { Fields } from "./texts.ts";

const TRANSPORTS = { transports: ["websocket"] as ["websocket"] };

/** So many packets may wait before a sender should wait, too. */
const HIGH_WATER = 1_024;

function read(kind: Kind, message: Fields): Fields {
  return kind === "record" ? { ...message, submitted: new Date(message["submitted"]) } : message;
}

/** See the module's text. */
export const candidate: Candidate = {
  async serve({ kind, cert, key }) {
    const https = createServer({ cert, key });
    const server = new Server(https, TRANSPORTS);
    let first: Socket | undefined;
    server.on("connection", (socket) => {
      first ??= socket;
      socket.on("ask", (message) => socket.emit("answer", read(kind, message)));
    });
    await new Promise<void>((resolve) => https.listen(0, "localhost", resolve));
    return {
      port: (https.address() as AddressInfo).port,
      told: 0,
      push(id) {
        first!.emit("push", messageOf(kind, id));
        const { conn } = first!;
        const { writeBuffer } = conn as unknown as { writeBuffer: readonly unknown[] };
        return writeBuffer.length < HIGH_WATER ? undefined : new Promise((resolve) => conn.once("drain", resolve));
      },
    };
  },

  async connect({ kind, port, ca, answered, pushed }) {
    const socket = io(`https://localhost:${port}`, { ...TRANSPORTS, ca, forceNew: true, reconnection: false });
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("connect_error", reject));
    socket.on("answer", (message) => answered(read(kind, message)));
    socket.on("push", (message) => {
      read(kind, message);
      pushed();
    });
    return {
      ask: (id) => void socket.emit("ask", messageOf(kind, id)),
      close: () => socket.close(),
    };
  },
};
