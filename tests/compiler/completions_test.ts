import { Argument, Command, Option } from "commander";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, test } from "node:test";
import { bashScript } from "../../compiler/completions/bash.ts";
import { fishScript } from "../../compiler/completions/fish.ts";
import { entries } from "../../compiler/completions/tree.ts";
import { zshScript } from "../../compiler/completions/zsh.ts";
import { holdfast, inFolder } from "./process.ts";

/** A command that has all that completions know of. */
function sample(): Command {
  const program = new Command("tool").version("1.0.0");
  program.command("make").summary("make: 'it' [all]")
    .argument("<files...>", "what to make")
    .option("--out <folder>", "where to")
    .option("-c, --ca <file>", "whom to trust")
    .option("--name <name...>", "what to call it")
    .addOption(new Option("--kind <kind>", "of which kind").choices(["small", "large"]))
    .option("--fast", "be quick");
  program.command("draw").summary("draw it").addArgument(new Argument("<shape>").choices(["circle", "square"]));
  program.command("secret", { hidden: true });
  return program;
}

/** What a shell offers for the last of these words. */
type Offer = (folder: string, script: string, words: readonly string[]) => string[];

function run(command: string, args: readonly string[], cwd: string, env: Record<string, string>): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: { PATH: process.env["PATH"], ...env },
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, "");
  return stdout;
}

const lines = (text: string) => text.split("\n").filter((line) => line !== "").sort();

const SHELLS: Readonly<Record<string, { readonly write: typeof bashScript; readonly offer: Offer }>> = {
  bash: {
    write: bashScript,
    offer: (folder, script, words) => {
      // As bash does it when Tab is pressed: with the words cut at equals signs, it calls the function that is told.
      const cut = words.flatMap((word) => word.startsWith("--") ? word.split(/(=)/).filter(Boolean) : [word]);
      const test = `source "$1"; shift; read -ra told <<< "$(complete -p tool)"
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); "\${told[2]}"; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return lines(run("bash", ["--noprofile", "--norc", "-c", test, "bash", script, ...cut], folder, {}));
    },
  },
  zsh: {
    write: zshScript,
    offer: (folder, script, words) => {
      // A shell in a terminal of its own, whose Tab writes what it would offer.
      const inner = `PS1=; autoload -Uz compinit; compinit -u -D; source ${script}
        compadd() {
          if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return $?; fi
          local -a found; builtin compadd -A found "$@"; print -rl -- "OFFER "$^found; builtin compadd "$@"
        }
        offers() { zle complete-word; print DONE; }
        zle -C complete-word complete-word _main_complete; zle -N offers; bindkey '^I' offers; print READY`;
      const typed = words.map((word) => word.replaceAll("'", "")).join(" ");
      const test = `zmodload zsh/zpty; zpty inner zsh -f -i; zpty -w inner ${JSON.stringify("source ./inner.zsh")}
        zpty -r inner text '*READY*'; zpty -w -n inner $'${typed}\\t'; zpty -r inner text '*DONE*'; print -r -- "$text"
        zpty -d inner`;
      writeFileSync(join(folder, "inner.zsh"), inner);
      const text = run("zsh", ["-f", "-c", test], folder, { TERM: "dumb", HOME: folder });
      return [...new Set([...text.matchAll(/OFFER (\S+)/g)].map(([, offer]) => offer ?? ""))].sort();
    },
  },
  fish: {
    write: fishScript,
    offer: (folder, script, words) => {
      const test = `source ${script}; complete -C ${JSON.stringify(words.join(" "))}`;
      return lines(run("fish", ["--no-config", "-c", test], folder, { HOME: folder }))
        .map((line) => line.split("\t")[0] ?? "").sort();
    },
  },
};

const FILES = { "a.msg": "", "b.txt": "", "folder/c.msg": "" };

for (const [shell, { write, offer }] of Object.entries(SHELLS)) {
  const isThere = spawnSync(shell, ["--version"], { stdio: "ignore" }).status === 0;
  describe(`completions for ${shell}`, { skip: isThere ? false : `${shell} is not installed` }, () => {
    const offers = (
      title: string,
      words: readonly string[],
      expected: readonly string[],
      absent: readonly string[] = [],
    ) =>
      test(`offer ${title}: ${words.join(" ")}`, () =>
        inFolder(FILES, async (folder) => {
          const script = join(folder, ".script");
          writeFileSync(script, write(entries(sample())));
          const offered = offer(folder, script, words).map((word) => word.replace(/\/$/, ""));
          for (const word of expected) assert.ok(offered.includes(word), `${word} is not in: ${offered.join(" ")}`);
          for (const word of absent) assert.ok(!offered.includes(word), `${word} is in: ${offered.join(" ")}`);
          await Promise.resolve();
        }));

    offers("verbs", ["tool", ""], ["make", "draw", "help"], ["secret", "a.msg", "--help"]);
    offers("verbs by their beginning", ["tool", "dr"], ["draw"], ["make"]);
    offers("options of the command", ["tool", "--"], ["--help", "--version"], ["--out"]);
    offers("options of a verb", ["tool", "make", "--"], ["--out", "--ca", "--kind", "--fast", "--help"], ["--version"]);
    offers("options by their beginning", ["tool", "make", "--fa"], ["--fast"], ["--out"]);
    offers(".msg files and folders", ["tool", "make", ""], ["a.msg", "folder"], ["draw"]);
    offers("more files", ["tool", "make", "--fast", "x.msg", ""], ["a.msg", "folder"]);
    offers("folders", ["tool", "make", "--out", ""], ["folder"], ["a.msg", "b.txt"]);
    offers("any files", ["tool", "make", "--ca", ""], ["b.txt", "a.msg", "folder"]);
    offers("nothing where nothing is known", ["tool", "make", "--name", ""], [], ["a.msg", "folder", "make"]);
    offers("choices of an option", ["tool", "make", "--kind", ""], ["small", "large"], ["a.msg"]);
    offers("choices of an argument", ["tool", "draw", ""], ["circle", "square"], ["a.msg"]);
    offers("verbs for help", ["tool", "help", ""], ["make", "draw"], ["a.msg"]);
  });
}

test("completions of bash take --option=value apart", {
  skip: spawnSync("bash").status !== 0 && "bash is not installed",
}, () =>
  inFolder(FILES, async (folder) => {
    writeFileSync(join(folder, ".script"), bashScript(entries(sample())));
    const offer = (word: string) => SHELLS["bash"]?.offer(folder, join(folder, ".script"), ["tool", "make", word]);
    assert.deepEqual(offer("--kind=sm"), ["small"]);
    assert.deepEqual(offer("--kind="), ["large", "small"]);
    await Promise.resolve();
  }));

test("holdfast completions writes a script for each shell, with every verb", () =>
  inFolder({}, async (folder) => {
    const help = (await holdfast(folder, "--help")).stdout;
    const verbs = [...help.matchAll(/^ {2}([a-z]+) /gm)].map(([, verb]) => verb ?? "");
    for (const shell of ["bash", "zsh", "fish"]) {
      const { code, stdout, stderr } = await holdfast(folder, "completions", shell);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
      for (const verb of verbs) assert.match(stdout, new RegExp(`\\b${verb}\\b`), `${shell}: ${verb}`);
    }
  }));
