/**
 * A program that imports `.msg` files, as its author has it: with Holdfast among its packages.
 *
 * @module
 */

import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { testCertificate } from "../../harness.ts";
import { ROOT } from "../../runtimes.ts";
import { inFolder, put } from "../process.ts";

/** What the definitions share: the service's file gets the type alone, the program the schema, too. */
export const COMMON = `/// What is counted.
Count < number: int|long = 1 >
`;

/** The service's file. */
export const PINGPONG = `import "./shared/common.msg"

Ping < count: Count >
Pong < count: Count >

service Framework/PingPong {
  auth all
  receives Ping
  sends Pong
}
`;

/** Not as it stands in the program: what looks for this project's own imports would find it. */
const definitions = (name: string) => JSON.stringify(`./${name}.msg`);

/** A service and a client that talk once. */
const APP = `import { connect, serve } from "holdfast";
import { readFileSync } from "node:fs";
import { PingPong } from ${definitions("pingpong")};
import { Count } from ${definitions("shared/common")};

const [ca = "", cert = "", key = ""] = ["ca", "cert", "key"].map((name) => readFileSync(\`\${name}.pem\`, "utf8"));
await using server = await serve(PingPong, {
  cert,
  key,
  messages: { Ping: ({ count }, connection) => connection.send("Pong", { count }) },
});
await using client = await connect(server.url, PingPong, { ca });
const pongs = client.messages("Pong");
await client.send("Ping", { count: { number: 9007199254740993n } });
for await (const { count } of pongs) {
  const counted: bigint | number = count.number;
  console.log(\`RECEIVED PONG \${counted} \${"properties" in Count}\`);
  break;
}
`;

/** What the program writes. */
export const PONG = "RECEIVED PONG 9007199254740993 true\n";

/** A folder with the program `app.ts`, its definitions, certificates, and Holdfast; gone once the test is over. */
export function inProject(
  files: { readonly [path: string]: string },
  run: (folder: string) => Promise<void>,
): Promise<void> {
  const all = { "pingpong.msg": PINGPONG, "shared/common.msg": COMMON, "app.ts": APP, ...files };
  return inFolder(all, async (folder) => {
    const certificate = await testCertificate();
    for (const name of ["ca", "cert", "key"] as const) put(join(folder, `${name}.pem`), certificate[name]);
    put(join(folder, "package.json"), '{ "type": "module" }');
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(ROOT, join(folder, "node_modules/holdfast"), process.platform === "win32" ? "junction" : "dir");
    await run(folder);
  });
}
