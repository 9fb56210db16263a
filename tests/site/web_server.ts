/**
 * A web server for a folder with all that is in it, on loopback.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const TYPES: { readonly [ending: string]: string } = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
};

/** A running web server. */
export interface WebServer extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly origin: string;
}

/**
 * Serves a folder. What is not there is answered by its `404.html`, as hosts for such sites do.
 *
 * @param folder The folder.
 * @returns When the server listens.
 */
export async function serveSite(folder: string): Promise<WebServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    const answer = (status: number, path: string) => {
      const body = readFileSync(join(folder, path));
      response.writeHead(status, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(body);
    };
    try {
      answer(200, path);
    } catch {
      answer(404, "404.html");
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
