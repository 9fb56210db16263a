/**
 * A service and its clients, of whom everything is collected that they say, throw and log; and what of that is secret.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Client, type ConnectOptions, type ServeOptions, type Server, type UnknownService } from "../../../mod.ts";
import { DEFAULT_LIMITS } from "../../../runtime/limits.ts";
import { ALPN, type Network } from "../../../runtime/transport/transport.ts";
import { Decoder } from "../../../runtime/wire/native/decoder.ts";
import { readWelcome } from "../../../runtime/wire/native/handshake.ts";
import * as kinds from "../../../runtime/wire/native/kinds.ts";
import { MessageTable } from "../../../runtime/wire/native/table.ts";
import { type FaultyNetwork, faultyNetwork } from "../../faulty_network.ts";
import type { Scope } from "../../harness.ts";
import type { ManualClock } from "../../manual_clock.ts";
import { tells } from "../../secrets.ts";
import { DESK, lab } from "../credentials_lab.ts";
import { RawPeer } from "../raw_peer.ts";

const TABLE = new MessageTable(DESK, DEFAULT_LIMITS);

/** A service of which everything is heard. */
export interface Vault {
  readonly server: Server<UnknownService>;
  readonly network: FaultyNetwork;
  readonly clock: ManualClock;
  /** What was logged, thrown and told. */
  readonly said: unknown[];
  /** What must not stand in it. */
  readonly secrets: (string | Uint8Array)[];
  client(options?: ConnectOptions<UnknownService>, url?: string): Client;
  /** Fails unless something is refused; hears why. */
  fails(act: () => unknown): Promise<void>;
  /** A client without a session, who says nothing by itself. */
  raw(): Promise<RawPeer>;
}

/** Starts one, which fails its test if a secret has been told at its end, or nothing has. */
export async function vault(
  scope: Scope,
  options: Partial<ServeOptions<UnknownService>> = {},
  inner: Network = scope.memory(),
): Promise<Vault> {
  const said: unknown[] = [];
  const secrets: (string | Uint8Array)[] = [];
  const network = faultyNetwork(listening(inner, secrets));
  const log = (record: unknown) => void said.push(record);
  const { clock, server } = await lab(scope, {
    log,
    rules: { "receives Job": "all" },
    onConnect: (connection) => void connection.onStatus((status) => said.push(status)),
    onDrop: ({ principal }, reason) => void said.push(principal, reason),
    ...options,
  }, network);
  scope.cleanup(() => {
    assert.ok(said.length > 0, "somebody has said something");
    for (const secret of secrets) assert.equal(tells(said, secret), undefined, "a secret was told");
    assert.ok(secrets.length > 0, "there was a secret");
  });
  return {
    server,
    network,
    clock,
    said,
    secrets,
    client(options = {}, url = server.url) {
      const client = new Client(url, undefined, { network, clock, log, reconnect: false, ...options });
      client.onStatus((status) => said.push(status));
      client.onDisconnect((reason, outcome) => said.push(reason, outcome));
      scope.cleanup(() => client.close());
      return client;
    },
    async fails(act) {
      try {
        await act();
      } catch (error) {
        said.push(error);
        return;
      }
      assert.fail("It did not fail.");
    },
    async raw() {
      const peer = new RawPeer();
      scope.cleanup(() => peer.leave("destroy"));
      return peer.attach(await network.connect({ hostname: "localhost", port: server.port, alpn: [ALPN] }, peer));
    },
  };
}

/** Hears the sessions' tokens, which only WELCOME has. */
function listening(network: Network, secrets: (string | Uint8Array)[]): Network {
  return {
    listen: (options, accept) => network.listen(options, accept),
    connect(options, events) {
      const decoder = new Decoder({
        frame(kind, body) {
          if (kind === kinds.WELCOME) secrets.push(readWelcome(body, TABLE).token.slice());
        },
      }, 2 ** 20);
      return network.connect(options, {
        data(chunk) {
          decoder.push(chunk.slice());
          events.data(chunk);
        },
        closed: (cause) => events.closed(cause),
      });
    },
  };
}
