/**
 * What is compared: who writes and reads the same two values.
 *
 * @module
 */

/** One of the values, as a candidate writes and reads it. */
export interface Task {
  /** Writes the value once. */
  readonly encode: () => unknown;
  /** Reads it once. */
  readonly decode: () => unknown;
  /** What `decode` gives, in the form that an application has it in, to show that all do the same work. */
  readonly arrives: () => unknown;
  /** How many bytes it takes. */
  readonly bytes: number;
}

/** One who writes and reads both. */
export interface Candidate {
  /** What it is called in the results. */
  readonly name: string;
  readonly ping: Task;
  readonly record: Task;
}

/** The measurements of one candidate: nanoseconds an operation, by round, or bytes. */
export interface Measured {
  readonly metric: string;
  readonly candidate: string;
  readonly unit: "ns" | "bytes";
  readonly samples: readonly number[];
}
