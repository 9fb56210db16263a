/**
 * Where snapshots are shown: on the whole of a terminal, or as text or JSON one behind the other.
 *
 * @module
 */

import { once } from "node:events";
import process from "node:process";
import { Monitor, type Snapshot, type SnapshotOrder } from "../../../mod.ts";
import { JsonWriter } from "../../live/write_json.ts";
import { hasColor, note } from "../../terminal.ts";
import { draw } from "./draw.ts";

/** Shows snapshots. */
export interface Display {
  /** @returns When there is room for more. */
  show(snapshot: Snapshot): Promise<void>;
  /** Tells what has become of the connection; nothing, where all is well again. */
  notice(text: string): void;
  /** Leaves everything as it was found. Safe to call again. */
  close(): void;
}

/** Writes a snapshot on each line, for programs. */
export class JsonDisplay implements Display {
  readonly #writer = new JsonWriter(Monitor.shape.types);

  show(snapshot: Snapshot): Promise<void> {
    return put(`${this.#writer.write(snapshot, Monitor.shape.types["Snapshot"]!)}\n`);
  }

  notice(text: string): void {
    if (text !== "") note(text);
  }

  close(): void {}
}

/** Writes one snapshot below the other. */
export class TextDisplay implements Display {
  readonly #order: SnapshotOrder;
  #isFirst = true;

  /** @param order What the sessions are sorted by. */
  constructor(order: SnapshotOrder) {
    this.#order = order;
  }

  show(snapshot: Snapshot): Promise<void> {
    const lines = draw(snapshot, { color: hasColor(process.stdout, process.env), order: this.#order });
    const before = this.#isFirst ? "" : "\n";
    this.#isFirst = false;
    return put(`${before}${lines.join("\n")}\n`);
  }

  notice(text: string): void {
    if (text !== "") note(text);
  }

  close(): void {}
}

/** What the keys sort by. */
const KEYS: Readonly<Record<string, SnapshotOrder>> = {
  w: "waiting",
  u: "unacknowledged",
  r: "rate",
  t: "traffic",
  o: "requests",
  p: "roundTrip",
  s: "silence",
  a: "age",
};

const HELP =
  "sort by: w waiting, u unacknowledged, r rate, t traffic, o open requests, p ping, s silence, a age; q quit";

/** The alternate screen, and no cursor. */
const ENTER = "\x1b[?1049h\x1b[?25l";
const LEAVE = "\x1b[?25h\x1b[?1049l";

/** What somebody at a terminal may ask for. */
export interface ScreenEvents {
  /** To sort by something else. */
  sort(order: SnapshotOrder): void;
  /** To end. */
  quit(): void;
}

/** Has a terminal for itself, and draws every snapshot over the last one. */
export class Screen implements Display {
  readonly #events: ScreenEvents;
  readonly #redraw = (): void => this.#draw();
  readonly #leave = (): void => this.close();
  readonly #typed = (chunk: Uint8Array | string): void => this.#keys(String(chunk));
  #order: SnapshotOrder;
  #notice = "";
  #snapshot: Snapshot | undefined;
  #isOpen = true;

  /**
   * @param order What the sessions are sorted by.
   * @param events Hears what is typed.
   */
  constructor(order: SnapshotOrder, events: ScreenEvents) {
    this.#order = order;
    this.#events = events;
    process.stdout.write(ENTER);
    process.stdout.on("resize", this.#redraw);
    // However the process ends.
    process.on("exit", this.#leave);
    if (process.stdin.isTTY) {
      process.stdin.setRawMode(true);
      process.stdin.on("data", this.#typed);
    }
  }

  show(snapshot: Snapshot): Promise<void> {
    this.#snapshot = snapshot;
    this.#draw();
    return process.stdout.writableNeedDrain ? once(process.stdout, "drain").then(() => {}) : Promise.resolve();
  }

  notice(text: string): void {
    this.#notice = text;
    this.#draw();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.off("exit", this.#leave);
    process.stdout.off("resize", this.#redraw);
    if (process.stdin.isTTY) {
      process.stdin.off("data", this.#typed);
      process.stdin.setRawMode(false);
      process.stdin.pause();
    }
    process.stdout.write(LEAVE);
  }

  #keys(typed: string): void {
    for (const key of typed) {
      const order = KEYS[key];
      // In this mode, a terminal says Ctrl+C as it says any other key.
      if (key === "\x03") process.kill(process.pid, "SIGINT");
      else if (key === "q") this.#events.quit();
      else if (order !== undefined) {
        this.#order = order;
        this.#events.sort(order);
      }
    }
  }

  #draw(): void {
    if (!this.#isOpen || this.#snapshot === undefined) return;
    const { columns, rows } = process.stdout;
    const lines = draw(this.#snapshot, {
      columns,
      rows,
      color: hasColor(process.stdout, process.env),
      order: this.#order,
      notice: this.#notice === "" ? HELP : this.#notice,
    });
    // Line by line over what is there, so that nothing flickers.
    process.stdout.write(`\x1b[H${lines.map((line) => `${line}\x1b[K`).join("\r\n")}\x1b[J`);
  }
}

async function put(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}
