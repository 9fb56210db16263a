/**
 * An editor that a test drives: it starts the language server as a process, and speaks with it as editors do.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../../runtimes.ts";
import { RUN } from "../process.ts";

/** After how long a server that says nothing is taken to be stuck, in milliseconds. */
const DEADLINE = 60_000;

// deno-lint-ignore no-explicit-any
type Json = any;

interface Waiting {
  readonly matches: (message: Json) => boolean;
  readonly done: (message: Json) => void;
}

/** An editor and its language server. */
export class Editor {
  /** What the server's process ended with. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #heard: Json[] = [];
  readonly #waiting = new Set<Waiting>();
  readonly #versions = new Map<string, number>();
  #buffer = Buffer.alloc(0);
  #next = 1;
  #hasEnded = false;

  constructor(folder: string, command: readonly string[] = [...RUN, join(ROOT, "compiler/cli.ts")]) {
    this.#folder = folder;
    const [program = "", ...args] = command;
    const child = spawn(program, [...args, "lsp", "--stdio"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
    this.#child = child;
    child.stdout.on("data", (chunk: Buffer) => this.#read(chunk));
    this.ended = new Promise((done, fail) => {
      child.on("error", fail);
      child.on("close", (code) => {
        this.#hasEnded = true;
        done(code);
      });
    });
  }

  /** Says who it is, and what it works on. */
  async initialize(capabilities: object = {}): Promise<Json> {
    const uri = pathToFileURL(this.#folder).href;
    const workspaceFolders = [{ uri, name: "folder" }];
    const result = await this.request("initialize", { processId: null, rootUri: uri, workspaceFolders, capabilities });
    this.notify("initialized", {});
    return result;
  }

  /** Refuses what the server asks for next, and gives back what that was. */
  async refuse(): Promise<Json> {
    const { id, method, params } = await this.#wait((message) => message.id !== undefined && message.method);
    this.#send({ id, error: { code: -32601, message: "no" } });
    return { method, params };
  }

  /** What it calls a file. */
  uri(path: string): string {
    return pathToFileURL(join(this.#folder, path)).href;
  }

  /** Opens a file, and gives back what the server says of its problems. */
  open(path: string, text: string): Promise<readonly Json[]> {
    const uri = this.uri(path);
    this.#versions.set(uri, 1);
    const problems = this.problems(path);
    this.notify("textDocument/didOpen", { textDocument: { uri, languageId: "msg", version: 1, text } });
    return problems;
  }

  /** Changes a part of a file, and gives back what the server says of its problems then. */
  change(path: string, line: number, from: number, to: number, text: string): Promise<readonly Json[]> {
    const uri = this.uri(path);
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    const range = { start: { line, character: from }, end: { line, character: to } };
    const problems = this.problems(path);
    this.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ range, text }] });
    return problems;
  }

  /** Waits for what the server says next of a file's problems. */
  async problems(path: string): Promise<readonly Json[]> {
    const uri = this.uri(path);
    const told = await this.#wait(({ method, params }) =>
      method === "textDocument/publishDiagnostics" && params.uri === uri
    );
    return told.params.diagnostics;
  }

  /** Asks about a place in a file. */
  ask(method: string, path: string, line: number, character: number, more: object = {}): Promise<Json> {
    const position = { line, character };
    return this.request(`textDocument/${method}`, { textDocument: { uri: this.uri(path) }, position, ...more });
  }

  /** Asks anything; fails if the answer is an error. */
  async request(method: string, params?: object): Promise<Json> {
    const id = this.#next++;
    const answer = this.#wait((message) => message.id === id && message.method === undefined);
    this.#send({ id, method, params });
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(error.message);
    return result;
  }

  notify(method: string, params?: object): void {
    this.#send({ method, params });
  }

  /** Closes the line to the server, as the end of an editor's process does. */
  hangUp(): void {
    this.#child.stdin!.end();
  }

  /** Ends the server, whatever it does. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#hasEnded) this.#child.kill("SIGKILL");
    await this.ended;
  }

  #wait(matches: (message: Json) => boolean): Promise<Json> {
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`no answer; heard: ${JSON.stringify(this.#heard)}`)), DEADLINE);
      const waiting: Waiting = {
        matches,
        done: (message) => {
          clearTimeout(timer);
          this.#waiting.delete(waiting);
          done(message);
        },
      };
      this.#waiting.add(waiting);
    });
  }

  #send(message: object): void {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    this.#child.stdin!.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#child.stdin!.write(body);
  }

  #read(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const end = this.#buffer.indexOf("\r\n\r\n");
      if (end < 0) return;
      const [, length] = /^Content-Length: (\d+)$/m.exec(this.#buffer.toString("latin1", 0, end)) ?? [];
      assert.ok(length !== undefined, "a message without a length");
      const start = end + 4;
      if (this.#buffer.length < start + Number(length)) return;
      const message = JSON.parse(this.#buffer.toString("utf8", start, start + Number(length)));
      this.#buffer = this.#buffer.subarray(start + Number(length));
      this.#heard.push(message);
      for (const waiting of this.#waiting) if (waiting.matches(message)) waiting.done(message);
    }
  }
}
