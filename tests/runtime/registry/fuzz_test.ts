import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Problem } from "../../../idl/problem.ts";
import { RegistryError } from "../../../runtime/registry/error.ts";
import { MAX_SIZE, readRegistry, readRoster } from "../../../runtime/registry/read.ts";
import { seeded } from "../../seed.ts";

const good = `// Who belongs here
{
  "users": {
    "alice": {
      "certificates": ["/C=ch/O=Lab/CN=alice", { "subject": "/CN=a", "issuer": "/CN=CA" }],
      "tokens": [{ "issuer": "https://iam.example/", "subject": "a-1" }],
      "suspended": false
    },
    "bob": { "certificates": ["/C=ch/O=Lab/CN=bob \\u00e9 😀"] }
  },
  "groups": { "production": { "vo": "lab", "users": ["alice", "bob"], "properties": ["JobAdministrator"] }, "x": {} },
  "hosts": { "node-7": { "certificates": ["/CN=node-7"], "properties": ["TrustedHost"] } }, /* the default
  comes last */
  "defaultGroups": ["production"]
}
`;

/** What a registry is made of, and what it is not. */
const piece = fc.oneof(
  fc.constantFrom(..."{}[]:,\"'/\\ \n\t\r0-e."),
  fc.constantFrom("//", "/*", "*/", "true", "null", '"x"', '"/CN=x"', "\ufeff", "é", "😀", "\\u12", "1e999"),
  fc.constantFrom('"users":', '"groups":', '"hosts":', '"defaultGroups":', '"certificates":', '"tokens":'),
  fc.constantFrom('"alice"', '"production"', '"__proto__":', '"constructor":', '"subject":', '"issuer":', '"vo":'),
  fc.oneof(fc.constantFrom("\0", "\ud800"), fc.string({ unit: "binary", maxLength: 3 })),
);

/** A good text after some accidents: pieces cut out, put in, or said twice. */
const mutated = fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.option(piece)), { minLength: 1, maxLength: 8 })
  .map((accidents) =>
    accidents.reduce((text, [place, length, inserted]) => {
      const at = place % (text.length + 1);
      const put = inserted ?? text.slice(at, at + length).repeat(2);
      return text.slice(0, at) + put + text.slice(at + length % 7);
    }, good)
  );

const soup = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(""));

/** What is wrong with a text; throws what should not have been thrown. */
function problemsOf(text: string): readonly Problem[] {
  try {
    readRegistry(text);
    return [];
  } catch (error) {
    assert.ok(error instanceof RegistryError, String(error));
    assert.ok(error.problems.length > 0 && error.message !== "");
    return error.problems;
  }
}

function check(text: string): void {
  for (const { offset, length, line, column, source } of problemsOf(text)) {
    if (source === undefined) continue;
    assert.ok(offset >= 0 && length >= 0 && offset + length <= text.length);
    assert.equal(text.slice(0, offset).split("\n").length, line);
    assert.ok(column >= 1 && column <= [...source].length + 2);
  }
}

test("readRegistry throws nothing but RegistryError, and places every problem, whatever has happened to a text", () => {
  fc.assert(fc.property(mutated, check), seeded("changed registries", 2_000));
});

test("readRegistry throws nothing but RegistryError, and places every problem, in any soup of words", () => {
  fc.assert(fc.property(soup, check), seeded("soups of registries", 2_000));
});

test("readRegistry takes no beginning of a text for the whole", () => {
  const end = good.lastIndexOf("}") + 1;
  for (let length = 0; length <= good.length; length++) {
    const text = good.slice(0, length);
    check(text);
    assert.equal(problemsOf(text).length === 0, length >= end, text);
  }
});

test("readRegistry says the same of two texts only if they know the same people", () => {
  const { content } = readRoster(good, "a");
  assert.equal(readRoster(good.replaceAll(/\n +/g, " ").replace("// Who belongs here", "\n"), "b").content, content);
  assert.notEqual(readRoster(good.replace("false", "true"), "a").content, content);
});

/** Texts as long as can be, each bad for some part of the reading. */
const hostile: Record<string, string> = {
  brackets: "[".repeat(MAX_SIZE),
  "a comment in a comment": "/*".repeat(MAX_SIZE / 2),
  commas: `[${",".repeat(MAX_SIZE - 1)}`,
  "mistakes at the end of a line": `{${'"a":1,'.repeat(690_000)}${",".repeat(10_000)}`,
  words: "x ".repeat(MAX_SIZE / 2),
  lines: "x\n".repeat(MAX_SIZE / 2),
  "an endless text": '"' + "\\".repeat(MAX_SIZE - 1),
  "one name again and again": `{"users":{${'"a":{},'.repeat(500_000)}}}`,
  "names in one line": `{"users":{${Array.from({ length: 300_000 }, (_, i) => `"u${i}":{}`).join(",")}}}`,
  "one certificate again and again": `{"users":{"a":{"certificates":[${'"/CN=a",'.repeat(500_000)}]}}}`,
  "one subject of many issuers": `{"users":{"a":{"certificates":[${
    Array.from({ length: 90_000 }, (_, i) => `{"subject":"/CN=a","issuer":"/CN=${i}"}`).join(",")
  }]}}}`,
  "users that are nearly there": `{"users":{${
    Array.from({ length: 50_000 }, (_, i) => `"user${i}":{"certificates":["/CN=${i}"]}`).join(",")
  }},"groups":{"g":{"users":[${Array.from({ length: 100_000 }, (_, i) => `"vser${i}x"`).join(",")}]}}}`,
};

for (const [what, text] of Object.entries(hostile)) {
  test(`readRegistry is soon done with 4 MiB of ${what}`, () => {
    assert.ok(text.length <= MAX_SIZE);
    const start = performance.now();
    problemsOf(text);
    // It takes a second; what grows with the square takes minutes.
    assert.ok(performance.now() - start < 15_000);
  });
}
