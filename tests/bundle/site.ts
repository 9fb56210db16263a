/**
 * A web server for the files of a folder, on loopback.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, extname, join } from "node:path";

const TYPES: { readonly [ending: string]: string } = { ".js": "text/javascript", ".ts": "application/typescript" };

/** A running web server. */
export interface Site {
  /** Without a slash at the end. */
  readonly url: string;
  /** The names of the files that were asked for. */
  readonly asked: ReadonlySet<string>;
  close(): Promise<void>;
}

/**
 * Serves the files of a folder, not those of the folders in it.
 *
 * @param folder The folder.
 * @returns When the server listens.
 */
export async function serveFolder(folder: string): Promise<Site> {
  const asked = new Set<string>();
  const server = createServer((request, response) => {
    const name = basename(request.url ?? "");
    asked.add(name);
    try {
      const body = readFileSync(join(folder, name));
      response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "text/plain" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
