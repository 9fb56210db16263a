// Made from executor.msg by Holdfast's compiler. Change that file, not this one.
import { defineService, type Definition, Schema } from "holdfast";

/** A piece of work. An executor has it from when it is sent this, until it says what became of it or is dropped. */
export interface Task {
  id: number;
  steps: number;
}

/** The TypeBox schema of {@link Task}. */
export const Task: Schema.Of<Task> = Schema.Fields({ id: Schema.Int(), steps: Schema.Int() });

/** The task is done: the sum of its steps. */
export interface Done {
  id: number;
  sum: number;
}

/** The TypeBox schema of {@link Done}. */
export const Done: Schema.Of<Done> = Schema.Fields({ id: Schema.Int(), sum: Schema.Int() });

/** The task can't be done, ever. */
export interface Failed {
  id: number;
  why: string;
}

/** The TypeBox schema of {@link Failed}. */
export const Failed: Schema.Of<Failed> = Schema.Fields({ id: Schema.Int(), why: Schema.Text() });

/** The task can't be done now: somebody is to try it again. */
export interface Frozen {
  id: number;
}

/** The TypeBox schema of {@link Frozen}. */
export const Frozen: Schema.Of<Frozen> = Schema.Fields({ id: Schema.Int() });

/** What a client gives on connecting to Framework/Mind. */
export interface MindConnect {
  name: string;
  slots: number;
}

/** The TypeBox schema of {@link MindConnect}. */
export const MindConnect: Schema.Of<MindConnect> = Schema.Fields({
  name: Schema.Text(),
  slots: Schema.Int({ min: 1, max: 1000 }),
});

/** The types of what Framework/Mind is told and tells. */
export interface MindTypes {
  connect: { write: MindConnect; read: MindConnect };
  receives: {
    Done: { write: Done; read: Done };
    Failed: { write: Failed; read: Failed };
    Frozen: { write: Frozen; read: Frozen };
  };
  sends: {
    Task: { write: Task; read: Task };
  };
}

/** Hands tasks to executors, as many as each has free slots for. */
export const Mind: Definition<MindTypes> = defineService({
  shape: {
    service: "Framework/Mind",
    connect: {
      type: "record",
      fields: [{ name: "name", type: { type: "string" } }, { name: "slots", type: { type: "int", min: 1, max: 1000 } }],
    },
    messages: [
      { name: "Task", number: 0, sends: {} },
      { name: "Done", number: 1, receives: {} },
      { name: "Failed", number: 2, receives: {} },
      { name: "Frozen", number: 3, receives: {} },
    ],
    types: {
      Task: {
        type: "record",
        fields: [{ name: "id", type: { type: "int" } }, { name: "steps", type: { type: "int" } }],
      },
      Done: { type: "record", fields: [{ name: "id", type: { type: "int" } }, { name: "sum", type: { type: "int" } }] },
      Failed: {
        type: "record",
        fields: [{ name: "id", type: { type: "int" } }, { name: "why", type: { type: "string" } }],
      },
      Frozen: { type: "record", fields: [{ name: "id", type: { type: "int" } }] },
    },
  },
  docs: {
    "": "Hands tasks to executors, as many as each has free slots for.",
    Task:
      "A piece of work. An executor has it from when it is sent this, until it says what became of it or is dropped.",
    Done: "The task is done: the sum of its steps.",
    Failed: "The task can't be done, ever.",
    Frozen: "The task can't be done now: somebody is to try it again.",
  },
  rules: { "sends Task": ["all"], "receives Done": ["all"], "receives Failed": ["all"], "receives Frozen": ["all"] },
});
