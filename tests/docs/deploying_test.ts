import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectTcp, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { developmentCertificate } from "../../compiler/certificate.ts";
import { type Client, connect } from "../../mod.ts";
import { OWN_HOST, Program } from "../programs.ts";
import { ROOT } from "../runtimes.ts";
import { blocksOf } from "./blocks.ts";

const blocks = blocksOf("docs/deploying.md", readFileSync(join(ROOT, "docs/deploying.md"), "utf8"));

// Within the project, so that "holdfast" is found as in a user's project.
mkdirSync(join(ROOT, "dist"), { recursive: true });
const folder = mkdtempSync(join(ROOT, "dist", "deploying-"));
const file = (name: string) => join(folder, name);
after(() => rmSync(folder, { recursive: true }));

let ca = "";
let service: Program;
let port: number;

/** Gives the service a certificate, in one step for each file, as who renews certificates does. */
async function certify(): Promise<void> {
  const made = await developmentCertificate();
  for (const name of ["cert", "key"] as const) {
    writeFileSync(file("new.pem"), made[name]);
    renameSync(file("new.pem"), file(`${name}.pem`));
  }
  ca = made.ca;
}

/** The program, as systemd starts it on Deno; elsewhere, as any other. */
async function command(): Promise<readonly string[]> {
  const program = blocks.find(({ info }) => info === "service.ts")!.text;
  writeFileSync(file("service.ts"), program.replace("./pingpong.msg.ts", "../../examples/pingpong/pingpong.msg.ts"));
  const path = file("service.ts").slice(ROOT.length + 1);
  if (OWN_HOST.name !== "Deno") return await OWN_HOST.prepare(path, folder);
  const unit = blocks.find(({ language }) => language === "ini")!.text;
  const [, flags = ""] = /^ExecStart=\S+\/deno run (.*) service\.ts$/m.exec(unit) ?? [];
  assert.notEqual(flags, "");
  return [process.execPath, "run", "--no-check", ...flags.split(" "), join(ROOT, path)];
}

/** A balancer that passes TCP on to the service, perhaps with something in front, and looks at what comes first. */
async function balancer(look: (first: string) => string): Promise<{ port: number } & Disposable> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    client.once("data", (first) => {
      const behind = connectTcp(port, "127.0.0.1");
      behind.write(look(first.toString("latin1")), "latin1");
      behind.write(first);
      client.pipe(behind).pipe(client);
      for (const [socket, other] of [[client, behind], [behind, client]] as const) {
        sockets.add(socket);
        socket.on("error", () => {}).on("close", () => other.destroy());
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.dispose]: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const open = (at = port): Promise<Client> =>
  connect(`tls://localhost:${at}/Framework/PingPong`, { ca, reconnect: false, log: () => {} });

/** Whether it is answered. */
async function answers(client: Client): Promise<void> {
  const pongs = client.messages("Pong");
  await client.send("Ping", { id: 1 });
  assert.equal((await pongs[Symbol.asyncIterator]().next()).value?.["id"], 1);
}

before(async () => {
  await certify();
  const env = { CERT: file("cert.pem"), HOST: "127.0.0.1", KEY: file("key.pem"), PORT: "0" };
  service = new Program(await command(), [], env);
  port = Number((await service.says(/^Listening on port (\d+)\.\n/))[1]);
});

after(() => service[Symbol.asyncDispose]());

test("deploying: probes by TCP do no harm, however many", async () => {
  for (let probe = 0; probe < 40; probe++) {
    const socket = connectTcp(port, "127.0.0.1");
    await new Promise<void>((done) => socket.on("connect", () => done()));
    await new Promise<void>((done) => socket.on("close", () => done()).destroy());
  }
  await using client = await open();
  await answers(client);
});

test("deploying: behind a balancer that passes TCP on, which sees the service's name and the protocol's", async () => {
  let seen = "";
  using pass = await balancer((first) => {
    seen = first;
    return "";
  });
  await using client = await open(pass.port);
  await answers(client);
  assert.match(seen, /localhost/);
  assert.match(seen, /holdfast\/1/);
});

test("deploying: nobody gets in behind the header of the PROXY protocol", async () => {
  using pass = await balancer(() => "PROXY TCP4 192.0.2.1 192.0.2.2 1024 9145\r\n");
  await assert.rejects(open(pass.port), { code: "protocol" });
});

test("deploying: SIGHUP renews the certificate; whoever is connected stays", async () => {
  await using before = await open();
  await certify();
  service.signal("SIGHUP");
  await service.says(/There is a new certificate\.\n/);
  await using after = await open();
  await answers(after);
  await answers(before);
});

test("deploying: a certificate that can't be used leaves the old one in its place", async () => {
  const key = readFileSync(file("key.pem"));
  writeFileSync(file("key.pem"), "nonsense");
  service.signal("SIGHUP");
  await service.complains(/The old certificate stays\./);
  writeFileSync(file("key.pem"), key);
  await using client = await open();
  await answers(client);
});

test("deploying: SIGTERM ends it, well", async () => {
  service.signal("SIGTERM");
  assert.equal((await service.ended).code, 0);
});
