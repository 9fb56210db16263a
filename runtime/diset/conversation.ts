/**
 * What a line of either side does while it carries a session: beside the session, it sees to what the original's peers
 * need and do.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import type { Pump } from "../connection.ts";
import { HoldfastError } from "../errors.ts";
import type { Session } from "../session/session.ts";
import type { Decoder, FrameReceiver } from "../wire/diset/decoder.ts";
import { DisetEncoder, type DisetEncoderOptions } from "../wire/diset/encoder.ts";
import { DisetFrames } from "../wire/diset/frames.ts";
import type { MessageTable } from "../wire/diset/table.ts";
import { AcknowledgementWatch } from "./acknowledgement_watch.ts";
import { Nudges } from "./nudges.ts";

/** How long after another a frame follows on plain TCP, in milliseconds: the original's reader takes one at a time. */
export const PLAIN_PACE = 2;

/** What a {@link Conversation} is made with. */
export interface ConversationOptions extends Pick<DisetEncoderOptions, "encoding" | "limit" | "name" | "table"> {
  readonly clock: Clock;
  readonly pump: Pump;
  /** Whether it is without TLS. */
  readonly plain: boolean;
  /** The peer has not acknowledged in time. */
  readonly overdue: (error: HoldfastError) => void;
}

/** See the module's text. */
export class Conversation {
  /** Writes the session's frames. */
  readonly encoder: DisetEncoder;
  readonly #pump: Pump;
  readonly #table: MessageTable;
  readonly #watch: AcknowledgementWatch;
  readonly #nudges: Nudges | undefined;
  #session: Session | undefined;
  #pings = 0;

  constructor({ clock, encoding, limit, name, overdue, plain, pump, table }: ConversationOptions) {
    this.#pump = pump;
    this.#table = table;
    this.encoder = new DisetEncoder({
      table,
      encoding,
      limit,
      name,
      taken: ({ awaited, keepAlive }) => {
        if (awaited > 0) this.#watch.sent(awaited);
        if (!keepAlive) this.#nudges?.left();
      },
    });
    this.#watch = new AcknowledgementWatch(clock, () => this.encoder.oldestAwaited, () => {
      overdue(new HoldfastError("timeout", "The other side did not acknowledge a message in time."));
    });
    this.#nudges = plain ? new Nudges(clock, () => this.#ask()) : undefined;
  }

  /**
   * Has the frames that arrive go to a session.
   *
   * @param session The session that the encoder writes for.
   * @param decoder The line's.
   * @param incoming What the service does with the messages that arrive here.
   */
  begin(session: Session, decoder: Decoder, incoming: "receives" | "sends"): void {
    this.#session = session;
    const frames = new DisetFrames(this.#table, incoming, session, this.encoder);
    const receiver: FrameReceiver = {
      frame: (keepAlive, payload, size) => {
        if (keepAlive) this.#nudges?.answered();
        frames.frame(keepAlive, payload, size);
        if (session.crowding >= 1) this.#pump.brake();
      },
    };
    decoder.receiver = receiver;
  }

  /** The line has ended. */
  stop(): void {
    this.#nudges?.stop();
    this.#watch.stop();
  }

  /** Asks for an answer. */
  #ask(): void {
    this.#session?.ping(++this.#pings);
    this.#pump.schedule();
  }
}
