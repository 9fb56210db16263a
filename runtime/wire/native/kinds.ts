/**
 * The kinds of frames of the native protocol: the byte behind a frame's length.
 *
 * @module
 */

/** See `docs/protocol.md` for what each holds. */
export const HELLO = 0x01;
export const DEFINITION = 0x02;
export const OPEN = 0x03;
export const WELCOME = 0x04;
export const REFUSE = 0x05;
export const MESSAGE = 0x10;
export const REQUEST = 0x11;
export const REPLY = 0x12;
export const FAILURE = 0x13;
export const CANCEL = 0x14;
export const TRACED_MESSAGE = 0x15;
export const TRACED_REQUEST = 0x16;
export const ACK = 0x18;
export const PING = 0x19;
export const PONG = 0x1a;
export const GOAWAY = 0x1b;
export const CREDENTIALS = 0x1c;
export const CLOSE = 0x1f;
/** From here on, kinds may be passed over by who doesn't know them; below, an unknown one ends the connection. */
export const OPTIONAL = 0x80;

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries({
    HELLO,
    DEFINITION,
    OPEN,
    WELCOME,
    REFUSE,
    MESSAGE,
    REQUEST,
    REPLY,
    FAILURE,
    CANCEL,
    TRACED_MESSAGE,
    TRACED_REQUEST,
    ACK,
    PING,
    PONG,
    GOAWAY,
    CREDENTIALS,
    CLOSE,
  }).map(([name, kind]) => [kind, name]),
);

/** What frames of a kind are called; the byte itself, where they have no name. */
export function kindName(kind: number): string {
  return NAMES.get(kind) ?? `0x${kind.toString(16).padStart(2, "0")}`;
}

/** Whether frames of a kind are numbered, and sent again on the next connection if they did not arrive. */
export function isCounted(kind: number): boolean {
  return kind >= MESSAGE && kind <= TRACED_REQUEST;
}
