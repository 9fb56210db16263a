import { type Definition, defineService } from "holdfast";
type M<T> = { write: T; read: T };
export interface PingPongTypes { connect: M<Record<string, never>>; receives: { Ping: M<{ id: number | bigint }> }; sends: { Pong: M<{ id: number | bigint }> } }
export const PingPong: Definition<PingPongTypes> = defineService({
  shape: { service: "Framework/PingPong", connect: { type: "record", fields: [] },
    messages: [{ name: "Ping", number: 0, receives: {} }, { name: "Pong", number: 1, sends: {} }],
    types: { Ping: { type: "record", fields: [{ name: "id", type: { type: "int|long" } }] }, Pong: { type: "record", fields: [{ name: "id", type: { type: "int|long" } }] } } },
  docs: {}, rules: { "receives Ping": ["all"], "sends Pong": ["all"], connect: ["all"] },
});
