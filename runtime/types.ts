/**
 * What TypeScript makes of a service's types: which names may be sent, and what with.
 *
 * @module
 */

import type { MessageTypes } from "../idl/definition.ts";

/** Messages by name, as a service has them. */
export type Messages = { readonly [name: string]: MessageTypes };

/** The names of messages. */
export type Names<M extends Messages> = Extract<keyof M, string>;

/** The names of those that are requests. Where the definition became known while running, any name may be one. */
export type RequestNames<M extends Messages> = {
  [N in Names<M>]: M[N] extends { readonly reply: MessageTypes } ? N : never;
}[Names<M>];

/** The names of those that are not requests; any name, as above. */
export type SendNames<M extends Messages> = {
  [N in Names<M>]: M[N] extends { readonly reply: MessageTypes } ? (string extends N ? N : never) : N;
}[Names<M>];

/** What the sender of a message gives. */
export type Written<M extends Messages, N extends Names<M>> = M[N]["write"];

/** What the receiver of a message gets. */
export type Read<M extends Messages, N extends Names<M>> = M[N]["read"];

/** What the sender of a request gets. */
export type ReplyRead<M extends Messages, N extends Names<M>> = NonNullable<M[N]["reply"]>["read"];

/** What the receiver of a message gives back: for a request, its reply. */
export type Answer<M extends Messages, N extends Names<M>> = string extends keyof M ? unknown
  : M[N] extends { readonly reply: MessageTypes } ? M[N]["reply"]["write"] | Promise<M[N]["reply"]["write"]>
  : void | Promise<void>;
