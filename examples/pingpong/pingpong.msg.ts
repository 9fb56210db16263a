// Made from pingpong.msg by Holdfast's compiler. Change that file, not this one.
import { defineService, type Definition, Schema } from "holdfast";

/** Asks the service for a Pong. */
export interface Ping {
  id: number | bigint;
}

/** The TypeBox schema of {@link Ping}. */
export const Ping: Schema.Of<Ping> = Schema.Fields({ id: Schema.Integer() });

/** The answer to a Ping, with the same id. */
export interface Pong {
  id: number | bigint;
}

/** The TypeBox schema of {@link Pong}. */
export const Pong: Schema.Of<Pong> = Schema.Fields({ id: Schema.Integer() });

/** The types of what Framework/PingPong is told and tells. */
export interface PingPongTypes {
  connect: { write: Record<string, never>; read: Record<string, never> };
  receives: {
    Ping: { write: Ping; read: Ping };
  };
  sends: {
    Pong: { write: Pong; read: Pong };
  };
}

/** Answers every Ping with a Pong. */
export const PingPong: Definition<PingPongTypes> = defineService({
  shape: {
    service: "Framework/PingPong",
    connect: { type: "record", fields: [] },
    messages: [{ name: "Ping", number: 0, receives: {} }, { name: "Pong", number: 1, sends: {} }],
    types: {
      Ping: { type: "record", fields: [{ name: "id", type: { type: "int|long" } }] },
      Pong: { type: "record", fields: [{ name: "id", type: { type: "int|long" } }] },
    },
  },
  docs: {
    "": "Answers every Ping with a Pong.",
    Ping: "Asks the service for a Pong.",
    Pong: "The answer to a Ping, with the same id.",
  },
  rules: { "receives Ping": ["all"], "sends Pong": ["all"] },
});
