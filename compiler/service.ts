/**
 * A service of a `.msg` file as TypeScript: the types of its messages, and its definition.
 *
 * @module
 */

import type { Exchange, Message } from "../idl/definition.ts";
import type { Doc } from "../idl/layout.ts";
import type { Service } from "../idl/module.ts";
import { docComment } from "./comment.ts";
import { constantCode, subjectCode } from "./declaration.ts";
import { type Entities, type Entity, hasInput } from "./entities.ts";
import { literal, propertyName } from "./literal.ts";
import { list } from "./printer.ts";
import type { Scope } from "./scope.ts";
import type { Docs } from "./typescript.ts";

/**
 * Writes a service.
 *
 * @param service The service.
 * @param entities All declarations.
 * @param scope The file that it goes to.
 * @returns The statements, each to be set apart by an empty line.
 */
export function serviceCode(service: Service, entities: Entities, scope: Scope): Doc[] {
  const { shape, docs, rules } = service.definition;
  const names = scope.names.service(service);
  const find = (name: string): Entity => entities.find(scope.module, name);
  const typesOf = (read: string, write: string, reply: readonly Doc[] = []): Doc =>
    list("{", [`write: ${write}`, `read: ${read}`, ...reply], "}", { padding: " ", separator: ";" });
  const messageTypes = (name: string, exchange: Exchange = {}): Doc => {
    const entity = find(name);
    const reply = exchange.reply === undefined ? [] : [["reply: ", messageTypes(exchange.reply)]];
    return typesOf(scope.type(entity, false), scope.type(entity, true), reply);
  };
  const direction = (key: "receives" | "sends"): Doc => {
    const members = shape.messages.flatMap((message: Message) =>
      message[key] === undefined ? [] : [[propertyName(message.name), ": ", messageTypes(message.name, message[key])]]
    );
    if (members.length === 0) return `${key}: ${scope.global("Record")}<never, never>`;
    return [`${key}: `, list("{", members, "}", { separator: ";", broken: true })];
  };

  const statements: Doc[] = [];
  const nothing = `${scope.global("Record")}<string, never>`;
  let connect: Doc = typesOf(nothing, nothing);
  if (shape.connect.fields.length > 0) {
    const input = hasInput(shape.connect, find) ? names.connectInput : undefined;
    connect = typesOf(names.connect, input ?? names.connect);
    statements.push(...subjectCode({
      name: names.connect,
      input,
      type: shape.connect,
      docs: connectDocs(service),
      find,
    }, scope));
  }
  statements.push(
    [
      docComment(`The types of what ${service.name} is told and tells.`),
      `export interface ${names.types} `,
      list("{", [["connect: ", connect], direction("receives"), direction("sends")], "}", {
        separator: ";",
        broken: true,
      }),
    ],
    [
      docComment(service.doc ?? `The service ${service.name}.`),
      constantCode(scope, names.value, scope.holdfast("Definition", "type"), names.types, () => [
        scope.holdfast("defineService", "value"),
        "(",
        literal({ shape, docs, rules }),
        ")",
      ]),
    ],
  );
  return statements;
}

/** The doc comments of a service's connect arguments. */
function connectDocs({ name, definition: { docs } }: Service): Docs {
  return (field) => {
    if (field === "") return `What a client gives on connecting to ${name}.`;
    return Object.hasOwn(docs, `connect.${field}`) ? docs[`connect.${field}`] : undefined;
  };
}
