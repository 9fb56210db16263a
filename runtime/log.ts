/**
 * What the runtime has to say to whoever runs it.
 *
 * @module
 */

/** One thing that happened. */
export interface LogRecord {
  /** How much it matters. */
  readonly level: "error" | "warning" | "info";
  /** What happened, for people. */
  readonly message: string;
  /** Which connection it is about, if one. */
  readonly transportId?: string;
  /** The number by which a peer may ask about it. */
  readonly incident?: string;
  /** What was thrown, if something was. */
  readonly error?: unknown;
}

/** Takes what happened. Must not throw. */
export type Log = (record: LogRecord) => void;

/** Writes errors and warnings to the console. */
export const consoleLog: Log = ({ level, message, transportId, incident, error }) => {
  if (level === "info") return;
  const about = [transportId && `connection ${transportId}`, incident && `incident ${incident}`].filter(Boolean);
  const line = `holdfast: ${message}${about.length > 0 ? ` (${about.join(", ")})` : ""}`;
  const write = level === "error" ? console.error : console.warn;
  if (error === undefined) write(line);
  else write(line, error);
};
