import assert from "node:assert/strict";
import { test } from "node:test";
import type { Inquiry, Standing } from "../../../runtime/principal.ts";
import { readRegistry, readRoster } from "../../../runtime/registry/read.ts";

const IAM = "https://iam.example/";
const CA = "/C=ch/O=Lab/CN=Lab CA";

const text = `{
  "users": {
    "alice": {
      "certificates": ["/CN=alice", { "subject": "/CN=A", "issuer": "${CA}" }],
      "tokens": [{ "issuer": "${IAM}", "subject": "a-1" }],
    },
    "bob": { "certificates": ["/CN=bob", { "subject": "/CN=A", "issuer": "/CN=Other CA" }] },
    "carol": { "certificates": ["/CN=carol"] },
    "dan": { "certificates": ["/CN=dan"], "suspended": true },
    "eve": { "certificates": ["/CN=eve"], "suspended": false },
  },
  "groups": {
    "admins": { "vo": "lab", "users": ["alice", "bob", "dan"], "properties": ["ServiceAdministrator", "NormalUser"] },
    "users": { "vo": "lab", "users": ["alice", "eve"], "properties": ["NormalUser"] },
    "others": { "users": ["carol", "eve"] },
    "empty": { "properties": ["Unheard"] },
  },
  "hosts": {
    "node-7": { "certificates": ["/CN=node-7"], "properties": ["TrustedHost"] },
    "node-8": { "tokens": [{ "issuer": "${IAM}", "subject": "n-8" }], "suspended": true },
    "node-9": { "certificates": ["/CN=node-9"] },
  },
  "defaultGroups": ["empty", "users", "others"],
}`;

const registry = readRegistry(text);
const roster = readRoster(text, "registry.jsonc");

const admins = { group: "admins", vo: "lab", properties: ["ServiceAdministrator", "NormalUser"] };
const users = { group: "users", vo: "lab", properties: ["NormalUser"] };
const others = { group: "others", properties: [] };
const alice = { name: "alice" };

type Case = readonly [what: string, asked: Partial<Inquiry> & { subject: string }, known: Standing | string];

/** Who is asked for, and who that is; or why it is nobody. By certificate, of the usual authority, unless said. */
const cases: readonly Case[] = [
  ["a user in the first default group it is in", { subject: "/CN=alice" }, { ...alice, ...users }],
  ["a user in a later default group", { subject: "/CN=carol" }, { name: "carol", ...others }],
  ["a user that is not suspended", { subject: "/CN=eve" }, { name: "eve", ...users }],
  ["a user who asks for its default group", { subject: "/CN=alice", wanted: "users" }, { ...alice, ...users }],
  ["a user who asks for another of its groups", { subject: "/CN=alice", wanted: "admins" }, { ...alice, ...admins }],
  ["a proxy for a group", { subject: "/CN=alice", group: "admins" }, { ...alice, ...admins }],
  [
    "a proxy for a group, and the same asked for",
    { subject: "/CN=alice", group: "admins", wanted: "admins" },
    { ...alice, ...admins },
  ],
  ["a certificate of any issuer", { subject: "/CN=alice", issuer: "/CN=Other CA" }, { ...alice, ...users }],
  ["a certificate of its issuer", { subject: "/CN=A" }, { ...alice, ...users }],
  ["a token", { method: "token", issuer: IAM, subject: "a-1" }, { ...alice, ...users }],
  ["a token for a group", { method: "token", issuer: IAM, subject: "a-1", group: "admins" }, { ...alice, ...admins }],
  ["a host", { subject: "/CN=node-7" }, { name: "node-7", group: "hosts", properties: ["TrustedHost"] }],
  [
    "a host that says so",
    { subject: "/CN=node-7", wanted: "hosts" },
    { name: "node-7", group: "hosts", properties: ["TrustedHost"] },
  ],
  ["a host without properties", { subject: "/CN=node-9" }, { name: "node-9", group: "hosts", properties: [] }],

  [
    "a stranger",
    { subject: "/CN=zoe" },
    `The certificate "/CN=zoe" (issued by "${CA}") belongs to nobody in the registry.`,
  ],
  [
    "a stranger who asks for a group",
    { subject: "/CN=zoe", wanted: "admins" },
    `The certificate "/CN=zoe" (issued by "${CA}") belongs to nobody in the registry.`,
  ],
  [
    "a stranger whose proxy is for a group",
    { subject: "/CN=zoe", group: "admins" },
    `The certificate "/CN=zoe" (issued by "${CA}") belongs to nobody in the registry.`,
  ],
  [
    "a user's name in capitals",
    { subject: "/CN=Alice" },
    `The certificate "/CN=Alice" (issued by "${CA}") belongs to nobody in the registry.`,
  ],
  [
    "a certificate of an issuer that it is not bound to",
    { subject: "/CN=A", issuer: "/CN=Evil CA" },
    'The certificate "/CN=A" (issued by "/CN=Evil CA") belongs to nobody in the registry.',
  ],
  [
    "a bound certificate of nobody",
    { subject: "/CN=A", issuer: "" },
    'The certificate "/CN=A" belongs to nobody in the registry.',
  ],
  [
    "a token with a certificate's subject",
    { method: "token", issuer: IAM, subject: "/CN=alice" },
    `The token "/CN=alice" (issued by "${IAM}") belongs to nobody in the registry.`,
  ],
  [
    "a certificate with a token's subject",
    { subject: "a-1", issuer: IAM },
    `The certificate "a-1" (issued by "${IAM}") belongs to nobody in the registry.`,
  ],
  [
    "a token of another issuer",
    { method: "token", issuer: "https://evil.example/", subject: "a-1" },
    'The token "a-1" (issued by "https://evil.example/") belongs to nobody in the registry.',
  ],
  [
    "a token of nobody",
    { method: "token", issuer: "", subject: "a-1" },
    'The token "a-1" belongs to nobody in the registry.',
  ],
  ["a suspended user", { subject: "/CN=dan" }, "The user dan is suspended."],
  ["a suspended user in its group", { subject: "/CN=dan", wanted: "admins" }, "The user dan is suspended."],
  ["a suspended host", { method: "token", issuer: IAM, subject: "n-8" }, "The host node-8 is suspended."],
  [
    "a user who is in no default group",
    { subject: "/CN=bob" },
    "The user bob asks for no group, and is in none of the default groups.",
  ],
  [
    "a user who asks for a group that it is not in",
    { subject: "/CN=carol", wanted: "admins" },
    'The user carol asks for the group "admins", and is not in it.',
  ],
  [
    "a proxy for a group that its user is not in",
    { subject: "/CN=carol", group: "admins" },
    'The user carol asks for the group "admins", and is not in it.',
  ],
  [
    "a user who asks for a group that there is not",
    { subject: "/CN=alice", wanted: "toString" },
    'The user alice asks for the group "toString", and is not in it.',
  ],
  [
    "a user who asks for an empty group",
    { subject: "/CN=alice", wanted: "" },
    'The user alice asks for the group "", and is not in it.',
  ],
  [
    "a user who asks for a group in capitals",
    { subject: "/CN=alice", wanted: "Admins" },
    'The user alice asks for the group "Admins", and is not in it.',
  ],
  [
    "a user who asks for another group than its proxy's",
    { subject: "/CN=alice", group: "users", wanted: "admins" },
    'The user alice asks for the group "admins" with a certificate for the group "users".',
  ],
  [
    "a user who asks for less than its token's group",
    { method: "token", issuer: IAM, subject: "a-1", group: "admins", wanted: "users" },
    'The user alice asks for the group "users" with a token for the group "admins".',
  ],
  [
    "a user that says it is a host",
    { subject: "/CN=alice", wanted: "hosts" },
    'The user alice asks for the group "hosts", and is not in it.',
  ],
  [
    "a host that asks for a group of users",
    { subject: "/CN=node-7", wanted: "admins" },
    'The host node-7 asks for the group "admins" of users.',
  ],
  [
    "a host whose proxy is for a group of users",
    { subject: "/CN=node-7", group: "admins" },
    'The host node-7 asks for the group "admins" of users.',
  ],
];

for (const [what, asked, known] of cases) {
  test(`readRegistry: ${typeof known === "string" ? "does not know" : "knows"} ${what}`, async () => {
    const inquiry: Inquiry = { method: "certificate", issuer: CA, ...asked };
    assert.deepEqual(roster.ask(inquiry), known);
    assert.deepEqual(await registry.find(inquiry), typeof known === "string" ? undefined : known);
  });
}

test("readRegistry: what a client asks for stays one short line of the log", () => {
  const wanted = "x\n".repeat(100_000);
  const answer = roster.ask({ method: "certificate", issuer: CA, subject: "/CN=alice", wanted });
  assert.ok(typeof answer === "string" && answer.length < 1_000 && !answer.includes("\n"));
});

test("readRegistry: nobody can change what a group may do", async () => {
  const inquiry: Inquiry = { method: "certificate", issuer: CA, subject: "/CN=alice" };
  const { properties } = (await registry.find(inquiry))!;
  assert.throws(() => (properties as string[]).push("ServiceAdministrator"), TypeError);
});

/**
 * What the original makes of its callers, as recorded; each sees what the original's credentials said after an `all`
 * rule. `null` is its anonymous visitor. Where this registry decides otherwise, the last column says so.
 */
const ORIGINAL = `{
  "users": {
    "ada": { "certificates": ["/C=XX/O=Lab/CN=Ada User"] },
    "sue": { "certificates": ["/C=XX/O=Lab/CN=Sue Suspended"], "suspended": true },
  },
  "groups": {
    "lab_user": { "vo": "labvo", "users": ["ada", "sue"], "properties": ["NormalUser"] },
    "lab_admin": { "vo": "labvo", "users": ["ada"], "properties": ["CSAdministrator", "NormalUser"] },
  },
  "hosts": {
    "localhost": { "certificates": ["/C=XX/O=Lab/CN=localhost"], "properties": ["TrustedHost", "JobAdministrator"] },
  },
  "defaultGroups": ["lab_user"],
}`;
const ADA = "/C=XX/O=Lab/CN=Ada User";
const STRANGER = "/C=XX/O=Lab/CN=Sam Stranger";
const HOST = "/C=XX/O=Lab/CN=localhost";
const asUser = { name: "ada", group: "lab_user", vo: "labvo", properties: ["NormalUser"] };
const asAdmin = { name: "ada", group: "lab_admin", vo: "labvo", properties: ["CSAdministrator", "NormalUser"] };
const asHost = { name: "localhost", group: "hosts", properties: ["TrustedHost", "JobAdministrator"] };
const recorded: readonly [who: string, asked: Partial<Inquiry>, original: Standing | null, here?: Standing][] = [
  ["user, no group asked", { subject: ADA }, asUser],
  ["user in group lab_user", { subject: ADA, group: "lab_user" }, asUser],
  ["user in group lab_admin", { subject: ADA, group: "lab_admin" }, asAdmin],
  ["user claiming a group that does not exist", { subject: ADA, group: "nope" }, null],
  ["user with extra credentials naming lab_admin", { subject: ADA, wanted: "lab_admin" }, asAdmin],
  ["certificate unknown to the registry", { subject: STRANGER }, null],
  // The original lets this visitor have the properties of lab_admin.
  ["certificate unknown to the registry, claiming lab_admin", { subject: STRANGER, group: "lab_admin" }, null],
  ["suspended user", { subject: "/C=XX/O=Lab/CN=Sue Suspended", group: "lab_user" }, null],
  ["host (extra credentials 'hosts')", { subject: HOST, wanted: "hosts" }, asHost],
  // Here, what is listed as a host is one without saying so.
  ["host certificate without extra credentials", { subject: HOST }, null, asHost],
  ["user claiming to be a host", { subject: ADA, wanted: "hosts" }, null],
];

test("readRegistry: takes callers for whom the original takes them", async () => {
  const registry = readRegistry(ORIGINAL);
  for (const [who, asked, original, here] of recorded) {
    const inquiry: Inquiry = { method: "certificate", subject: "", issuer: CA, ...asked };
    assert.deepEqual(await registry.find(inquiry) ?? null, here ?? original, who);
  }
});
