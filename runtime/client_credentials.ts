/**
 * What a client shows of itself: asked for afresh at every attempt to connect, and before it ends.
 *
 * @module
 */

import type { Clock } from "./clock.ts";
import { HoldfastError } from "./errors.ts";
import type { ClientCertificate } from "./transport/transport.ts";

/** Something, or what gives it when it is needed. */
export type Given<T> = T | (() => T | Promise<T>);

/** What is shown at one attempt. */
export interface Shown {
  readonly certificate?: ClientCertificate;
  readonly token?: string;
  /** The group that the client asks to act in. */
  readonly wanted?: string;
}

/** See the module's text. */
export class ClientCredentials {
  readonly #certificate: Given<ClientCertificate> | undefined;
  readonly #token: Given<string> | undefined;
  readonly #wanted: string | undefined;

  constructor(
    certificate: Given<ClientCertificate> | undefined,
    token: Given<string> | undefined,
    wanted: string | undefined,
  ) {
    this.#certificate = certificate;
    this.#token = token;
    this.#wanted = wanted;
  }

  /** How newer ones can be shown: over the line that is there, over another, or not at all. */
  get renewal(): "token" | "certificate" | undefined {
    if (this.#token !== undefined) return typeof this.#token === "function" ? "token" : undefined;
    return typeof this.#certificate === "function" ? "certificate" : undefined;
  }

  /** Whether there is anything to show. */
  get isEmpty(): boolean {
    return this.#certificate === undefined && this.#token === undefined && this.#wanted === undefined;
  }

  /**
   * Gathers what to show now.
   *
   * @throws {HoldfastError} `no-credentials` where what gives them fails.
   */
  async current(): Promise<Shown> {
    const certificate = await this.#given("certificate", this.#certificate);
    const token = await this.token();
    return {
      ...(certificate !== undefined && { certificate }),
      ...(token !== undefined && { token }),
      ...(this.#wanted !== undefined && { wanted: this.#wanted }),
    };
  }

  /**
   * The token to show now.
   *
   * @throws {HoldfastError} `no-credentials` where what gives it fails.
   */
  async token(): Promise<string | undefined> {
    const token = await this.#given("token", this.#token);
    if (token === undefined || (typeof token === "string" && token !== "")) return token;
    throw new HoldfastError("no-credentials", 'The option "token" must give a text that is not empty.');
  }

  async #given<T>(name: string, what: Given<T> | undefined): Promise<T | undefined> {
    if (typeof what !== "function") return what;
    try {
      return await (what as () => T | Promise<T>)();
    } catch (cause) {
      throw new HoldfastError("no-credentials", `The function given as "${name}" has failed.`, { cause });
    }
  }
}

/** What part of the time that credentials have left passes before newer ones are shown. */
const RENEW_AT = 0.8;

/** With less time left than this, they are left to end, in milliseconds. */
const LEAST_TIME = 100;

/** How newer credentials are shown. */
export interface RenewalEvents {
  /** A newer token, over the line that is there. */
  readonly token: (token: string) => void;
  /** A newer certificate, which takes a new line. */
  readonly line: () => void;
  /** What gives them has failed; it is asked again, as long as there is time. */
  readonly failed: (error: HoldfastError) => void;
}

/** Sees to it that newer credentials are shown over a line before the last ones end. */
export class Renewal {
  readonly #credentials: ClientCredentials;
  readonly #shown: Shown;
  readonly #clock: Clock;
  readonly #events: RenewalEvents;
  #stopTimer: () => void = () => {};
  #isStopped = false;
  #isAsking = false;

  /**
   * @param credentials What gives them: some that can be renewed.
   * @param shown What was shown on this line.
   */
  constructor(credentials: ClientCredentials, shown: Shown, clock: Clock, events: RenewalEvents) {
    this.#credentials = credentials;
    this.#shown = shown;
    this.#clock = clock;
    this.#events = events;
  }

  /** The service says in how many milliseconds they end; 0 if they don't. */
  expire(expiresIn: number): void {
    this.#stopTimer();
    if (expiresIn < LEAST_TIME || this.#isStopped) return;
    const delay = RENEW_AT * expiresIn;
    this.#stopTimer = this.#clock.set(delay, () => void this.#renew(expiresIn - delay));
  }

  /** The line has ended. */
  stop(): void {
    this.#isStopped = true;
    this.#stopTimer();
  }

  async #renew(left: number): Promise<void> {
    // However often the service says that they end.
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      if (this.#credentials.renewal === "token") {
        const token = await this.#credentials.token();
        if (!this.#isStopped) this.#events.token(token!);
        return;
      }
      const { certificate } = await this.#credentials.current();
      if (this.#isStopped) return;
      if (certificate?.cert !== this.#shown.certificate?.cert) return this.#events.line();
    } catch (error) {
      this.#events.failed(HoldfastError.from(error));
    } finally {
      this.#isAsking = false;
    }
    this.expire(left);
  }
}
