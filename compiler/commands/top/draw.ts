/**
 * From a snapshot to lines of text.
 *
 * @module
 */

import { eastAsianWidth } from "get-east-asian-width";
import { styleText } from "node:util";
import type { SessionSnapshot, Snapshot, SnapshotOrder } from "../../../mod.ts";
import { count } from "../../terminal.ts";
import { printable } from "../live/failure.ts";
import { bytes, duration, latency, short } from "./units.ts";

/** Where and how it is shown. */
export interface Canvas {
  /** How many columns a line may take; any number if absent. */
  readonly columns?: number;
  /** How many lines there may be; any number if absent. */
  readonly rows?: number;
  readonly color: boolean;
  /** What the sessions are sorted by. */
  readonly order: SnapshotOrder;
  /** What else there is to say: that the connection has broken, say. */
  readonly notice?: string;
}

interface Column {
  readonly title: string;
  /** The order that it shows. */
  readonly order?: SnapshotOrder;
  /** Text stands to the left, and may be cut; numbers stand to the right. */
  readonly isText?: true;
  /** Where there is no room for all, those with the largest go first. */
  readonly rank: number;
  readonly cell: (session: SessionSnapshot, at: number) => string;
}

const COLUMNS: readonly Column[] = [
  { title: "IDENTITY", isText: true, rank: 1, cell: ({ identity }) => identity },
  { title: "SUBJECT", isText: true, rank: 2, cell: ({ name, subject }) => name ?? subject },
  { title: "GROUP", isText: true, rank: 7, cell: ({ group }) => group ?? "" },
  { title: "ADDRESS", isText: true, rank: 8, cell: ({ address }) => address },
  { title: "STATE", isText: true, rank: 6, cell: ({ state }) => state },
  { title: "AGE", order: "age", rank: 9, cell: ({ since }, at) => duration(at - since.getTime()) },
  { title: "IN/s", rank: 11, cell: ({ received }) => rate(received.messageRate, short) },
  { title: "OUT/s", rank: 10, cell: ({ sent }) => rate(sent.messageRate, short) },
  { title: "IN B/s", order: "rate", rank: 4, cell: ({ received }) => rate(received.byteRate, bytes) },
  { title: "OUT B/s", order: "rate", rank: 3, cell: ({ sent }) => rate(sent.byteRate, bytes) },
  {
    title: "TOTAL",
    order: "traffic",
    rank: 13,
    cell: ({ received, sent }) => bytes(received.bytes + sent.bytes),
  },
  { title: "WINDOW", rank: 12, cell: ({ window, windowUsed }) => `${Math.floor(100 * windowUsed / window)}%` },
  { title: "UNACK", order: "unacknowledged", rank: 14, cell: ({ unacknowledged }) => short(unacknowledged) },
  { title: "WAITING", order: "waiting", rank: 0, cell: ({ waitingBytes }) => bytes(waitingBytes) },
  {
    title: "OPEN",
    order: "requests",
    rank: 15,
    cell: ({ requestsReceived, requestsSent }) => short(requestsSent + requestsReceived),
  },
  {
    title: "PING",
    order: "roundTrip",
    rank: 5,
    cell: ({ roundTrip }) => roundTrip === undefined ? "-" : latency(roundTrip),
  },
  { title: "SILENT", order: "silence", rank: 16, cell: ({ silence }) => duration(silence) },
];

/** To how many columns a text may be cut. */
const LEAST_TEXT = 10;
const GAP = "  ";

/**
 * Draws a snapshot.
 *
 * @param snapshot What to draw.
 * @param where How much room there is.
 * @returns The lines.
 */
export function draw(snapshot: Snapshot, where: Canvas): string[] {
  const { columns = Infinity, notice = "", rows = Infinity } = where;
  const head = [...summary(snapshot), clean(notice)].map((line) => cut(line, columns));
  const { sessions, clients } = snapshot;
  const isCut = clients.length < sessions || head.length + 1 + sessions > rows;
  const room = Math.max(0, rows - head.length - (isCut ? 2 : 1));
  const shown = clients.slice(0, room);
  const lines = [...head, ...table(shown, snapshot.at.getTime(), where)];
  if (isCut) lines.push(cut(`… and ${count(sessions - shown.length, "more session")}`, columns));
  return lines.slice(0, rows);
}

function summary(snapshot: Snapshot): string[] {
  const { at, begun, connections, handshakes, held, received, resumptions, resuming, sent, service, since, slow } =
    snapshot;
  const up = duration(at.getTime() - since.getTime());
  const flow = ({ byteRate, bytes: sum, messageRate }: Snapshot["sent"]) =>
    `${rate(messageRate, short)} messages/s, ${rate(byteRate, bytes)}/s, ${bytes(sum)} in all`;
  return [
    `${service}, up ${up}, at ${at.toISOString().slice(0, 19).replace("T", " ")} UTC`,
    `${count(connections, "client")}, ${slow} slow, ${resuming} resuming, ${handshakes} coming in; ${
      bytes(held)
    } held; `
    + `${begun} begun, ${count(resumptions, "resumption")}`,
    `in:  ${flow(received)}`,
    `out: ${flow(sent)}`,
  ];
}

function table(clients: readonly SessionSnapshot[], at: number, where: Canvas): string[] {
  const { color, columns: room = Infinity, order } = where;
  const rows = clients.map((session) => COLUMNS.map(({ cell }) => clean(cell(session, at))));
  const natural = COLUMNS.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => width(row[i]!))));
  const widths = fit(natural, room);
  const line = (cells: readonly string[], style: (text: string, i: number) => string) =>
    cells.flatMap((text, i) => widths[i] === 0 ? [] : style(pad(text, widths[i]!, COLUMNS[i]!.isText === true), i))
      .join(GAP).trimEnd();
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(format, text, { validateStream: false }) : text;
  return [
    line(COLUMNS.map(({ title }) => title), (text, i) => paint(COLUMNS[i]!.order === order ? "inverse" : "bold", text)),
    ...rows.map((row, i) => {
      const { state, waitingBytes } = clients[i]!;
      const text = line(row, (text) => text);
      return waitingBytes > 0 ? paint("yellow", text) : state === "open" ? text : paint("dim", text);
    }),
  ];
}

/** How wide each column is: texts are cut first, then columns left out, which get a width of 0. */
function fit(natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  const excess = () => {
    const shown = widths.filter((width) => width > 0);
    return shown.reduce((sum, width) => sum + width, 0) + GAP.length * (shown.length - 1) - room;
  };
  const byRank = COLUMNS.map((_, i) => i).sort((a, b) => COLUMNS[b]!.rank - COLUMNS[a]!.rank);
  const texts = byRank.filter((i) => COLUMNS[i]!.isText);
  for (const i of texts) {
    widths[i] = Math.max(Math.min(natural[i]!, LEAST_TEXT), natural[i]! - Math.max(0, excess()));
  }
  for (const i of byRank) if (excess() > 0) widths[i] = 0;
  // What went last may have left more room than was needed.
  for (const i of texts.reverse()) if (widths[i]! > 0) widths[i] = Math.min(natural[i]!, widths[i]! - excess());
  return widths;
}

/** A client chooses its texts, and a line is a line. */
function clean(text: string): string {
  return printable(text).replaceAll("\n", "\ufffd");
}

function rate(value: number | undefined, write: (value: number) => string): string {
  return value === undefined ? "-" : write(value);
}

function pad(text: string, to: number, isText: boolean): string {
  const fitting = cut(text, to);
  const space = " ".repeat(Math.max(0, to - width(fitting)));
  return isText ? fitting + space : space + fitting;
}

/** Cuts a text to so many columns of a terminal. */
function cut(text: string, to: number): string {
  if (width(text) <= to) return text;
  let shown = "";
  let taken = 1;
  for (const character of text) {
    taken += width(character);
    if (taken > to) break;
    shown += character;
  }
  return to < 1 ? "" : `${shown}…`;
}

/** How many columns of a terminal a text takes. */
function width(text: string): number {
  let sum = 0;
  for (const character of text) {
    if (!/^[\p{Mark}\p{Format}]$/u.test(character)) sum += eastAsianWidth(character.codePointAt(0)!);
  }
  return sum;
}
