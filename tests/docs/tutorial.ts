/**
 * Does what the tutorial tells its readers to do. What a fence says after its language:
 *
 * | fence | meaning |
 * | --- | --- |
 * | ` ```ts service.ts ` | the reader writes this file |
 * | ` ```sh ` | the reader runs this in the first terminal; it ends well |
 * | ` ```sh fails ` | the same, and it does not end well |
 * | ` ```text ` | all that it has said, `…` for anything |
 * | ` ```sh service ` | the reader runs this in a terminal of that name, after Ctrl+C if something runs there |
 * | ` ```text service ` | what it says then, sooner or later, behind what it was known to have said |
 *
 * @module
 */

import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Block } from "./blocks.ts";

/** So long may a command take to end, and a program to say what it should. In milliseconds. */
const PATIENCE = 90_000;

/** A reader, with a keyboard and as many terminals as it takes. */
export class Reader implements AsyncDisposable {
  #folder: string;
  #said = "";
  readonly #env: NodeJS.ProcessEnv;
  readonly #terminals = new Map<string, Terminal>();
  readonly #whereabouts: string;

  /**
   * Sits down.
   *
   * @param folder Where the first terminal begins.
   * @param env The environment of all terminals.
   */
  constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#env = env;
    this.#whereabouts = join(folder, ".whereabouts");
  }

  /** Does what a block says, and looks at what comes of it. */
  async follow({ language, info, place, text }: Block): Promise<void> {
    if (/^[\w.]+\.\w+$/.test(info)) writeFileSync(join(this.#folder, info), text);
    else if (language === "text" && info === "") {
      assert.match(this.#said, pattern(text, "whole"), `${place}: it did not say that, but\n${this.#said}`);
    } else if (language === "text") await this.#terminal(info).says(pattern(text, "somewhere"), place);
    else if (language === "sh" && /^(fails)?$/.test(info)) await this.#run(text, info === "", place);
    else if (language === "sh") await this.#start(info, text);
    else assert.fail(`${place}: ${language} ${info}?`);
  }

  async #run(text: string, endsWell: boolean, place: string): Promise<void> {
    const script = `${text}pwd > ${this.#whereabouts}\n`;
    const options = { cwd: this.#folder, env: this.#env, timeout: PATIENCE };
    const [error, said] = await new Promise<[Error | null, string]>((done) => {
      execFile("sh", ["-ec", script], options, (error, stdout, stderr) => done([error, stdout + stderr]));
    });
    assert.equal(error === null, endsWell, `${place}: ${said}`);
    this.#said = said;
    if (endsWell) this.#folder = readFileSync(this.#whereabouts, "utf8").trim();
  }

  async #start(name: string, text: string): Promise<void> {
    await this.#terminals.get(name)?.end("SIGINT");
    this.#terminals.set(name, new Terminal(text, this.#folder, this.#env));
  }

  #terminal(name: string): Terminal {
    const terminal = this.#terminals.get(name);
    assert.ok(terminal !== undefined, `Nothing was started in a terminal ${name}.`);
    return terminal;
  }

  /** Closes all terminals. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#terminals.values()].map((terminal) => terminal.end("SIGKILL")));
  }
}

/** A terminal in which a program runs. */
class Terminal {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #said = "";
  #hasEnded = false;
  #heard: () => void = () => {};

  constructor(text: string, cwd: string, env: NodeJS.ProcessEnv) {
    // Not beside the shell but in its place, so that it gets the signals.
    this.#child = spawn("sh", ["-ec", `exec ${text}`], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#said += text;
        this.#heard();
      });
    }
    this.#ended = new Promise((resolve, reject) => {
      this.#child.on("error", reject);
      this.#child.on("close", () => {
        this.#hasEnded = true;
        this.#heard();
        resolve();
      });
    });
  }

  async says(wanted: RegExp, place: string): Promise<void> {
    const isLate = AbortSignal.timeout(PATIENCE);
    isLate.addEventListener("abort", () => this.#heard());
    for (;;) {
      const found = wanted.exec(this.#said);
      if (found !== null) {
        this.#said = this.#said.slice(found.index + found[0].length);
        return;
      }
      assert.ok(!this.#hasEnded && !isLate.aborted, `${place}: it did not say that, but\n${this.#said}`);
      await new Promise<void>((heard) => this.#heard = heard);
    }
  }

  async end(signal: "SIGINT" | "SIGKILL"): Promise<void> {
    if (!this.#hasEnded) process.kill(this.#child.pid!, signal);
    await this.#ended;
  }
}

/** What fits a text of the tutorial, in which `…` stands for anything. */
function pattern(text: string, where: "whole" | "somewhere"): RegExp {
  const inside = text.split("…").map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("[^]*?");
  return new RegExp(where === "whole" ? `^${inside}$` : inside);
}
