import assert from "node:assert/strict";
import { test } from "node:test";
import { RegistryError } from "../../../runtime/registry/error.ts";
import { MAX_SIZE, readRegistry } from "../../../runtime/registry/read.ts";

/** What is wrong with a text, each as `line:column message (hint)`. */
function problemsOf(text: string): string[] {
  try {
    readRegistry(text);
    return [];
  } catch (error) {
    assert.ok(error instanceof RegistryError && error.code === "invalid-argument");
    return error.problems.map(({ line, column, message, hint }) =>
      `${line}:${column} ${message}${hint === undefined ? "" : ` (${hint})`}`
    );
  }
}

const alice = `"alice": { "certificates": ["/CN=alice"] }`;
const bob = `"bob": { "tokens": [{ "issuer": "https://iam.example/", "subject": "b-1" }] }`;
const MEMBER = "(It is made of the letters A to Z, digits and `_ . @ + -`; a letter or a digit comes first.)";
const GROUP = "(It is made of the letters A to Z, digits and `_ . -`; a letter or a digit comes first.)";
const PROPERTY = "(It is made of the letters A to Z, digits and `_`; a letter comes first. "
  + "`all`, `any`, `none` and `authenticated` mean something else in a rule.)";
const DN = "(It is written as `/C=ch/O=Lab/CN=alice`, the country first.)";
const NOTHING = '(Give it `"certificates": ["/C=…/O=…/CN=…"]`, or `"tokens": [{ "issuer": "…", "subject": "…" }]`.)';
const ONE = "(It has to say who somebody is: give it to one user, or to one host.)";

/** A text, and what is wrong with it. */
const cases: Record<string, readonly [text: string, ...problems: string[]]> = {
  "nothing but braces": ["{}"],
  "comments and trailing commas": [`// Us\n{ "users": { ${alice}, /* no more */ }, }\n`],
  "a byte order mark": [`\ufeff{ "users": { ${alice} } }`],
  "a group without users": [`{ "groups": { "empty": {} }, "defaultGroups": ["empty"] }`],
  "a user of no group": [`{ "users": { ${alice}, ${bob} } }`],
  "names of objects' own parts": [
    `{ "users": { "constructor": { "certificates": ["/CN=c"] } }, "groups": { "toString": { "users": ["constructor"] } } }`,
  ],
  "a subject of several issuers": [
    `{ "users": { "a": { "certificates": [{ "subject": "/CN=a", "issuer": "/CN=1" }] },
                  "b": { "certificates": [{ "subject": "/CN=a", "issuer": "/CN=2" }] } } }`,
  ],
  "a certificate's subject as that of a token": [
    `{ "users": { ${alice} }, "hosts": { "h": { "tokens": [{ "issuer": "i", "subject": "/CN=alice" }] } } }`,
  ],
  "a host of a user's name": [`{ "users": { ${alice} }, "hosts": { "alice": { "certificates": ["/CN=host"] } } }`],

  "no text": ["", "1:1 A value is missing here."],
  "half a file": [`{ "users": {\n${alice}`, "2:43 A closing brace `}` is missing here."],
  "no JSON": [
    "users:\n  alice",
    "1:1 This is no JSON. Texts and names stand in double quotes.",
  ],
  "more behind it": ["{}\n{}", "2:1 The file should end before this."],
  "a missing comma": [`{ "users": {}\n  "groups": {} }`, "2:3 A comma is missing before this."],
  "a missing colon": [`{ "users" {} }`, "1:11 A colon is missing before this."],
  "an endless comment": ["{} /* ", "1:4 This comment never ends."],
  "several slips": [
    `{\n"users": {}\n"groups": {},\n"hosts": x,\n1\n}`,
    "3:1 A comma is missing before this.",
    "4:10 This is no JSON. Texts and names stand in double quotes.",
    "5:1 A name in double quotes is missing here.",
  ],
  "too many brackets": [`{ "users": ${"[".repeat(99_999)}`, "1:27 Brackets are nested more than 16 deep."],
  "a list": ["[]", "1:1 A registry must be an object: `{ … }`."],

  "a misspelt part": [`{ "user": {} }`, "1:3 A registry has no `user`. (Did you mean `users`?)"],
  "an unknown part": [
    `{ "Methods": {} }`,
    "1:3 A registry has no `Methods`. (It may have `users`, `groups`, `hosts`, `defaultGroups`.)",
  ],
  "a part twice": [`{ "users": {},\n  "users": {} }`, "2:3 `users` is there twice: first at registry.jsonc:1:3."],
  "a prototype": [
    `{ "__proto__": { "users": {} } }`,
    "1:3 A registry has no `__proto__`. (It may have `users`, `groups`, `hosts`, `defaultGroups`.)",
  ],
  "users called as they can't be": [
    `{ "users": { "__proto__": { "certificates": ["/CN=a"] }, "": { "certificates": ["/CN=b"] },
  "a b": { "certificates": ["/CN=c"] } }, "groups": { "g": { "users": ["a b"] } } }`,
    `1:14 \`__proto__\` can't be a name in \`users\`. ${MEMBER}`,
    `1:58 \`\` can't be a name in \`users\`. ${MEMBER}`,
    `2:3 \`a b\` can't be a name in \`users\`. ${MEMBER}`,
  ],
  "groups called as they can't be": [
    `{ "groups": { "a:b": {}, "__proto__": {}, "Hosts": {}, "a@b": {} } }`,
    `1:15 \`a:b\` can't be a name in \`groups\`. ${GROUP}`,
    `1:26 \`__proto__\` can't be a name in \`groups\`. ${GROUP}`,
    "1:43 `hosts` is the group that all hosts act in: no group of users is called so.",
    `1:56 \`a@b\` can't be a name in \`groups\`. ${GROUP}`,
  ],
  "a VO called as it can't be": [
    `{ "groups": { "a": { "vo": "x y" }, "b": { "vo": "" }, "c": { "vo": null } } }`,
    `1:28 \`x y\` can't be a VO. ${GROUP}`,
    '1:50 A VO must be a text: `"…"`, and not empty.',
    '1:69 A VO must be a text: `"…"`.',
  ],
  "properties that are none": [
    `{ "groups": { "a": { "properties": ["Job-Admin", "ALL", "group:x", 1, "One", "one"] } } }`,
    `1:37 \`Job-Admin\` can't be a property. ${PROPERTY}`,
    `1:50 \`ALL\` can't be a property. ${PROPERTY}`,
    `1:57 \`group:x\` can't be a property. ${PROPERTY}`,
    '1:68 A property must be a text: `"…"`.',
    "1:78 `one` is there twice.",
  ],
  "a user with nothing to show": [
    `{ "users": { "a": {}, "b": { "certificates": [], "tokens": [] } }, "hosts": { "c": {} } }`,
    `1:14 The user \`a\` has nothing to show, so nobody can be it. ${NOTHING}`,
    `1:23 The user \`b\` has nothing to show, so nobody can be it. ${NOTHING}`,
    `1:79 The host \`c\` has nothing to show, so nobody can be it. ${NOTHING}`,
  ],
  "parts of a wrong type": [
    `{ "users": [], "groups": 1, "hosts": null, "defaultGroups": {} }`,
    "1:12 `users` must be an object: `{ … }`.",
    "1:26 `groups` must be an object: `{ … }`.",
    "1:38 `hosts` must be an object: `{ … }`.",
    "1:61 `defaultGroups` must be a list: `[ … ]`.",
  ],
  "a user's parts of a wrong type": [
    `{ "users": { "a": { "certificates": ["/CN=a"], "suspended": "no" }, "b": "/CN=b" } }`,
    "1:61 `suspended` must be `true` or `false`.",
    "1:69 The user `b` has nothing to show, so nobody can be it. " + NOTHING,
    "1:74 A user must be an object: `{ … }`.",
  ],
  "certificates that are none": [
    `{ "users": { "a": { "certificates": ["CN=a,O=Lab", "", 7, "/CN=", "/a", "/CN=a\\u0000"] } } }`,
    `1:38 \`CN=a,O=Lab\` can't be a certificate's subject. ${DN}`,
    '1:52 A certificate\'s subject must be a text: `"…"`, and not empty.',
    '1:56 A certificate is its subject, `"/C=…/O=…/CN=…"`, or `{ "subject": …, "issuer": … }`.',
    `1:59 \`/CN=\` can't be a certificate's subject. ${DN}`,
    `1:67 \`/a\` can't be a certificate's subject. ${DN}`,
    `1:73 \`/CN=a\0\` can't be a certificate's subject. ${DN}`,
  ],
  "half a certificate": [
    `{ "users": { "a": { "certificates": [{ "subject": "/CN=a" }, { "issuer": "/CN=i", "subjekt": "/CN=a" }] } } }`,
    "1:38 A certificate needs both `subject` and `issuer`. "
    + '(If the issuer does not matter, write only the subject: `"/C=…/O=…/CN=…"`.)',
    "1:62 A certificate needs both `subject` and `issuer`. "
    + '(If the issuer does not matter, write only the subject: `"/C=…/O=…/CN=…"`.)',
    "1:83 A certificate has no `subjekt`. (Did you mean `subject`?)",
  ],
  "half a token": [
    `{ "users": { "a": { "tokens": [{ "subject": "a" }, "b", { "issuer": "", "subject": "c" }] } } }`,
    "1:32 A token needs both `issuer` and `subject`. "
    + "(Every issuer has subjects of its own: one may call somebody as another calls somebody else.)",
    "1:52 A token must be an object: `{ … }`.",
    '1:69 A token\'s issuer must be a text: `"…"`, and not empty.',
  ],
  "a certificate of two": [
    `{ "users": { ${alice}, "b": { "certificates": ["/CN=alice"] } }, "hosts": { "h": { "certificates": ["/CN=alice"] } } }`,
    `1:82 This certificate belongs to the user \`alice\` already (registry.jsonc:1:14). ${ONE}`,
    `1:135 This certificate belongs to the user \`alice\` already (registry.jsonc:1:14). ${ONE}`,
  ],
  "a certificate of two, one with its issuer": [
    `{ "users": { ${alice}, "b": { "certificates": [{ "subject": "/CN=alice", "issuer": "/CN=i" }] } } }`,
    `1:82 This certificate belongs to the user \`alice\` already (registry.jsonc:1:14). ${ONE}`,
  ],
  "a certificate of two, the other with its issuer": [
    `{ "users": { "b": { "certificates": [{ "subject": "/CN=alice", "issuer": "/CN=i" }] }, ${alice} } }`,
    `1:116 This certificate belongs to the user \`b\` already (registry.jsonc:1:14). ${ONE}`,
  ],
  "a token of two": [
    `{ "users": { ${bob} }, "hosts": { ${bob} } }`,
    `1:126 This token belongs to the user \`bob\` already (registry.jsonc:1:14). ${ONE}`,
  ],
  "a certificate twice": [
    `{ "users": { "a": { "certificates": ["/CN=a", "/CN=a"] } } }`,
    "1:47 This certificate is there twice.",
  ],
  "unknown users and groups": [
    `{ "users": { ${alice} }, "groups": { "lab": { "users": ["alise", "zoe", "alice", "alice"] } },
  "defaultGroups": ["labs", "lab", "lab"] }`,
    "1:91 There is no user `alise`. (Did you mean `alice`?)",
    "1:100 There is no user `zoe`.",
    "1:116 `alice` is there twice.",
    "2:21 There is no group `labs`. (Did you mean `lab`?)",
    "2:36 `lab` is there twice.",
  ],
};

for (const [what, [text, ...problems]] of Object.entries(cases)) {
  test(`readRegistry ${problems.length === 0 ? "takes" : "reports"} ${what}`, () => {
    assert.deepEqual(problemsOf(text), problems);
  });
}

test("readRegistry shows the line, with a caret below what is wrong", () => {
  const text = `{\n  "users": {\n    "alice": { "certificate": ["/CN=alice"] }\n  }\n}`;
  assert.throws(() => readRegistry(text, "lab.jsonc"), {
    message: [
      "lab.jsonc:3:5: The user `alice` has nothing to show, so nobody can be it.",
      ' 3 |     "alice": { "certificate": ["/CN=alice"] }',
      "   |     ^^^^^^^",
      '    Give it `"certificates": ["/C=…/O=…/CN=…"]`, or `"tokens": [{ "issuer": "…", "subject": "…" }]`.',
      "",
      "lab.jsonc:3:16: A user has no `certificate`.",
      ' 3 |     "alice": { "certificate": ["/CN=alice"] }',
      "   |                ^^^^^^^^^^^^^",
      "    Did you mean `certificates`?",
    ].join("\n"),
  });
});

test("readRegistry holds back problems of which there are too many", () => {
  const users = Array.from({ length: 1_000 }, (_, index) => `"u${index}": {}`);
  const problems = problemsOf(`{ "users": { ${users.join(",\n")} } }`);
  assert.equal(problems.length, 101);
  assert.match(problems.at(-1)!, /another 900 problems/);
});

test("readRegistry does not look at what is too long", () => {
  assert.equal(
    problemsOf(" ".repeat(MAX_SIZE) + "{}")[0],
    `1:1 The registry is too long: ${MAX_SIZE} bytes are the most.`,
  );
});
