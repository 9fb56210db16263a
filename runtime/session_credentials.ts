/**
 * What the client of a session has shown: it may show something newer, what is known of it may change, and it ends.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { Access } from "./access.ts";
import { type Rights, unauthorized } from "./authorization.ts";
import { type Identified, ownerOf } from "./credentials.ts";
import { HoldfastError, tellable } from "./errors.ts";
import type { AuditEvent, LogRecord } from "./log.ts";
import type { ServerCore } from "./server_core.ts";
import { encodeExpiry, readCredentials } from "./wire/native/handshake.ts";
import type { Reader } from "./wire/native/reader.ts";

/** What a session does with the news. */
export interface SessionCredentialsEvents {
  audit(event: AuditEvent | undefined, message: string, more?: Partial<LogRecord>): void;
  end(error: HoldfastError): void;
  /** The client has shown what is not good. */
  failed(error: HoldfastError): void;
  /** The client may not be connected any more. */
  withdraw(error: HoldfastError): void;
  write(frame: Uint8Array): void;
}

/** The longest delay that every runtime can wait for at once, in milliseconds. */
const LONGEST_DELAY = 2 ** 31 - 1;

/**
 * Decides again on the certificates of those who have shown some, one by one: each takes a while, and others are to be
 * served meanwhile.
 */
export async function judgeAgain(
  server: ServerCore,
  sessions: readonly { readonly access: Access; readonly credentials: SessionCredentials }[],
): Promise<void> {
  const haveShown = sessions.filter(({ access }) => access.identified.certificates !== undefined);
  // Looked up beforehand: those of a session learn of its end only if they are there.
  for (const credentials of haveShown.map((session) => session.credentials)) {
    if (server.stopping) return;
    await credentials.judgeAgain();
    await setImmediate();
  }
}

/** See the module's text. */
export class SessionCredentials {
  readonly #server: ServerCore;
  readonly #access: Access;
  readonly #events: SessionCredentialsEvents;
  #stopTimer: (() => void) | undefined;
  #isEnded = false;
  /** Stands for the credentials that are being looked at. */
  #shown: symbol | undefined;

  constructor(server: ServerCore, access: Access, events: SessionCredentialsEvents) {
    this.#server = server;
    this.#access = access;
    this.#events = events;
  }

  /** The client has come back over another line, and has shown this there: it counts more than what came before. */
  renew(identified: Identified, rights: Rights): void {
    this.#shown = undefined;
    this.#take(identified, rights);
  }

  /** Ends the session when they end. */
  awaitExpiry(): void {
    this.#stopTimer?.();
    const { expiresIn } = this.#access;
    if (expiresIn > 0 && !this.#isEnded) this.#wait(expiresIn);
  }

  /** The session has ended. */
  stop(): void {
    this.#isEnded = true;
    this.#stopTimer?.();
  }

  /** Looks the client up again: what is known of it may have changed. */
  async lookUpAgain(): Promise<void> {
    const { identified } = this.#access;
    const { certificates, evidence, wanted } = identified;
    if (evidence === undefined) return;
    const { changes } = this.#server;
    try {
      const found = await this.#server.authenticator.lookUp(evidence, wanted, certificates);
      // Where something has changed since, somebody has looked later, and this may be an answer from before that.
      const isLatest = changes === this.#server.changes && identified === this.#access.identified;
      if (isLatest && !this.#isEnded) this.#adopt(found);
    } catch (cause) {
      const error = tellable(cause);
      if (error.code === "internal") {
        const message = "A client could not be looked up again, and stays as it was.";
        return this.#events.audit(undefined, message, { level: "error", error });
      }
      this.#events.withdraw(error);
    }
  }

  /** Decides again on the certificates that the client has shown: whoever has issued them may have taken them back. */
  async judgeAgain(): Promise<void> {
    const { certificates } = this.#access.identified;
    if (certificates === undefined || this.#isEnded) return;
    try {
      await this.#server.authenticator.judge(certificates);
    } catch (cause) {
      // Over another line, it has shown others.
      const isLatest = certificates === this.#access.identified.certificates;
      if (isLatest && !this.#isEnded) this.#events.withdraw(tellable(cause));
    }
  }

  /**
   * The client shows a newer token.
   *
   * @throws {HoldfastError} `protocol` where the last has not been looked at yet: to look costs time.
   */
  shown(body: Reader): void {
    const token = readCredentials(body);
    if (this.#shown !== undefined) {
      throw new HoldfastError("protocol", "CREDENTIALS came before the last were looked at.");
    }
    this.#shown = Symbol();
    void this.#renew(token, this.#shown);
  }

  async #renew(token: string, own: symbol): Promise<void> {
    const isOver = () => this.#isEnded || this.#shown !== own;
    try {
      const identified = await this.#identify(token);
      if (isOver()) return;
      this.#adopt(identified);
      this.#events.write(encodeExpiry(this.#access.expiresIn));
      this.#events.audit("renewed", "A client has shown newer credentials.");
    } catch (cause) {
      const error = tellable(cause);
      if (error.code !== "internal") this.#events.failed(error);
      if (isOver()) return;
      if (error.code === "internal") {
        // No fault of the client's: it goes on with what it had, and asks again in time.
        this.#events.audit(undefined, "A newer token could not be looked at.", { level: "error", error });
        return this.#events.write(encodeExpiry(this.#access.expiresIn));
      }
      this.#events.audit("denied", "A client has shown newer credentials that are not good.", {
        level: "warning",
        action: "renew",
        error,
      });
      this.#events.end(error);
    } finally {
      if (this.#shown === own) this.#shown = undefined;
    }
  }

  /** Whose token it is, by what is known when this is done. */
  async #identify(token: string): Promise<Identified> {
    const { authenticator } = this.#server;
    const { certificates, wanted } = this.#access.identified;
    let { changes } = this.#server;
    let identified = await authenticator.identify({ certificates: [], token, ...(wanted !== undefined && { wanted }) });
    while (changes !== this.#server.changes && identified.evidence !== undefined) {
      ({ changes } = this.#server);
      identified = await authenticator.lookUp(identified.evidence, wanted);
    }
    return { ...identified, certificates };
  }

  /** @throws {HoldfastError} `unauthorized` where that is somebody else, or may not be connected any more. */
  #adopt(identified: Identified): void {
    const { principal } = identified;
    if (ownerOf(principal) !== ownerOf(this.#access.principal)) {
      throw refusal(`The token is that of another: ${JSON.stringify(principal.subject)}.`);
    }
    const rights = this.#server.authorization.rights(principal);
    if (!rights.connect) throw refusal("No rule lets it connect any more.");
    this.#take(identified, rights);
  }

  #take(identified: Identified, rights: Rights): void {
    this.#access.identified = identified;
    this.#access.rights = rights;
    this.awaitExpiry();
  }

  #wait(left: number): void {
    const step = Math.min(left, LONGEST_DELAY);
    const { clock } = this.#server;
    this.#stopTimer = clock.set(step, () => {
      if (left > step) return this.#wait(left - step);
      this.#events.audit("expired", "A client's credentials have ended.");
      this.#events.end(new HoldfastError("expired", "The client's credentials have ended, and were not renewed."));
    });
  }
}

function refusal(why: string): HoldfastError {
  return unauthorized(new HoldfastError("unauthorized", why));
}
