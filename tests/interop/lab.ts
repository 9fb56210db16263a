/**
 * What DIRAC's processes of a test have in common: certificates made for the occasion, a registry of who has them, and
 * the services `Tests/Lab`, `Tests/Guarded` and `Tests/Small`.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Identity, issue, makeAuthority, makeProxy } from "../certificates.ts";
import { type Configuration, Dirac, HANDLERS, type Settings } from "./dirac.ts";
import type { Dict } from "./values.ts";

/** What follows `Tests/` in the names of the services. */
export const COMPONENTS = ["Lab", "Guarded", "Small"] as const;

/** What the configuration says of them. */
const OPTIONS: { readonly [component in (typeof COMPONENTS)[number]]: Configuration } = {
  Lab: {},
  Guarded: { Authorization: { Default: "CSAdministrator", Connection: { Default: "CSAdministrator" } } },
  // One more is let in.
  Small: { MaxMessagingConnections: "1" },
};

/** Their handlers. */
const KNOWN: Pick<Settings, "handlerFolders" | "handlers"> = {
  handlerFolders: [HANDLERS],
  handlers: Object.fromEntries(COMPONENTS.map((component) => [`Tests/${component}`, `${component}Handler`])),
};

/** How a process writes, and whether with TLS. */
export interface Way {
  readonly python: string;
  /** Who is at the other end: DIRAC, or what was written from the notes on its protocol alone. */
  readonly peer: "dirac" | "python";
  readonly encoding: "json" | "dencode";
  readonly protocol: "dip" | "dips";
}

/** What runs in a process, by who it is. */
const PROGRAMS = {
  dirac: { client: "dirac_client.py", service: "dirac_service.py" },
  python: { client: "python/client.py", service: "python/service.py" },
} as const;

/** Whose certificates there are: their distinguished names. */
export const SUBJECTS = {
  alice: "/C=ch/O=Lab/CN=alice",
  host: "/C=ch/O=Lab/CN=localhost",
} as const;

const REGISTRY = {
  DefaultGroup: "lab_user",
  Users: { alice: { DN: SUBJECTS.alice } },
  Groups: {
    lab_user: { Users: ["alice"], Properties: ["NormalUser"], VO: "labvo" },
    lab_admin: { Users: ["alice"], Properties: ["CSAdministrator", "NormalUser"], VO: "labvo" },
  },
  Hosts: { localhost: { DN: SUBJECTS.host, Properties: ["TrustedHost"] } },
};

/** Who a client can be, as options of DIRAC's clients: `options.useCertificates`, `options.proxyLocation`, … */
export interface Callers {
  /** Alice's proxy of `lab_user`. */
  readonly user: Dict;
  /** Alice's proxy of `lab_admin`. */
  readonly admin: Dict;
  /** Alice's proxy of no group. */
  readonly groupless: Dict;
  /** Alice's own certificate. */
  readonly certificate: Dict;
  /** The host. */
  readonly host: Dict;
  /** An Alice of an authority that nobody trusts. */
  readonly stranger: Dict;
}

/** The folder and the certificates of a test. */
export class Lab implements Disposable {
  readonly #folder: string;
  #processes = 0;
  readonly callers: Callers;
  /** The files of the host's certificate and key, and of the authority's certificate; and the folder of the latter. */
  readonly files: {
    readonly cert: string;
    readonly key: string;
    readonly authority: string;
    readonly authorities: string;
  };

  private constructor(folder: string, callers: Callers, files: Lab["files"]) {
    this.#folder = folder;
    this.callers = callers;
    this.files = files;
  }

  /** Makes everything. */
  static async make(): Promise<Lab> {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-interop-"));
    const write = (name: string, text: string) => {
      const path = join(folder, name);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    };
    // As OpenSSL wants a proxy: itself, its key, and who is behind it.
    const bundle = (name: string, { behind, key, own }: Identity): Dict => ({
      proxyLocation: write(`${name}.pem`, own + key + behind.map((one) => one.own).join("")),
    });
    // DIRAC writes, and reads, no other type of string.
    const group = (name: string) => ({ group: name, groupType: "IA5" }) as const;
    const authority = await makeAuthority();
    const alice = await issue({ of: authority, subject: SUBJECTS.alice });
    const names = ["localhost", "127.0.0.1", "::1"];
    const host = await issue({ of: authority, subject: SUBJECTS.host, names });
    const foreign = await makeAuthority({ subject: "/C=ch/O=Elsewhere/CN=CA" });
    const stranger = await issue({ of: foreign, subject: SUBJECTS.alice });
    const callers: Callers = {
      user: bundle("user", await makeProxy(alice, group("lab_user"))),
      admin: bundle("admin", await makeProxy(alice, group("lab_admin"))),
      groupless: bundle("groupless", await makeProxy(alice)),
      certificate: bundle("alice", alice),
      host: { useCertificates: true },
      stranger: bundle("stranger", await makeProxy(stranger, group("lab_user"))),
    };
    const authorities = join(folder, "authorities");
    mkdirSync(authorities);
    const files = {
      cert: write("host.pem", host.cert),
      key: write("host.key", host.key),
      authority: write("authorities/ca.pem", authority.cert),
      authorities,
    };
    // OpenSSL finds an authority by a hash of its name, which is to be the name of the file.
    execFileSync("openssl", ["rehash", authorities]);
    return new Lab(folder, callers, files);
  }

  /** Starts a process with the other side's clients. */
  client(way: Way): Promise<Dirac> {
    return Dirac.start(way.python, PROGRAMS[way.peer].client, this.settings(way, {}));
  }

  /** Starts a process with the other side's services. */
  service(way: Way): Promise<Dirac> {
    const services = COMPONENTS.map((component) => {
      return [`Tests/${component}`, { protocol: way.protocol, options: OPTIONS[component] }] as const;
    });
    return Dirac.start(way.python, PROGRAMS[way.peer].service, this.settings(way, Object.fromEntries(services)));
  }

  /** Removes the files. */
  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /**
   * What a process is started with.
   *
   * @param services The services that it is to have; none for clients.
   * @param known Of which handlers it knows, if not those of the cases.
   */
  settings(
    { encoding }: Pick<Way, "encoding">,
    services: Settings["services"],
    known: Pick<Settings, "handlerFolders" | "handlers"> = KNOWN,
  ): Settings {
    const folder = join(this.#folder, String(++this.#processes));
    mkdirSync(folder);
    return {
      folder,
      encoding,
      ...known,
      setup: "Lab",
      vo: "labvo",
      host: { cert: this.files.cert, key: this.files.key },
      authorities: this.files.authorities,
      registry: REGISTRY,
      services,
      logLevel: "FATAL",
    };
  }
}

/** Where a service of DIRAC's can be reached. By name, as its certificate is looked at. */
export function addressOf(process: Dirac, { protocol }: Way, component: (typeof COMPONENTS)[number]): string {
  const { ports } = process.ready as unknown as { ports: Record<string, bigint> };
  return `${protocol}://localhost:${ports[`Tests/${component}`]}/Tests/${component}`;
}
