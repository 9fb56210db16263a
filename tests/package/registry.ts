/**
 * A registry of packages that has one package of ours, as if it had been published, and sends whoever asks for another to
 * the registry that npm uses otherwise.
 *
 * @module
 */

import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";

/** A running registry. */
export interface Registry {
  /** Its address, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Whether npm's registry answers: nothing can be installed otherwise. */
export function isOnline(): boolean {
  const args = ["view", "fastest-levenshtein", "name", "--fetch-retries=0", "--fetch-timeout=10000"];
  return spawnSync("npm", args, { stdio: "ignore" }).status === 0;
}

/**
 * Serves a package on loopback.
 *
 * @param tarball The package, as `npm pack` makes it.
 * @returns When the registry listens.
 */
export async function serveRegistry(tarball: string): Promise<Registry> {
  const upstream = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim().replace(/\/$/, "");
  const manifest = JSON.parse(execFileSync("tar", ["-xzOf", tarball, "package/package.json"], { encoding: "utf8" }));
  const bytes = readFileSync(tarball);
  const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  const path = `/${manifest.name}/-/${basename(tarball)}`;

  const server = createServer((request, response) => {
    if (request.url === path) response.writeHead(200).end(bytes);
    else if (request.url === `/${manifest.name}`) {
      const { name, version } = manifest;
      const dist = { tarball: url + path, integrity };
      const body = { name, "dist-tags": { latest: version }, versions: { [version]: { ...manifest, dist } } };
      response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
      response.end(JSON.stringify(body));
    } else response.writeHead(307, { location: `${upstream}${request.url}` }).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
