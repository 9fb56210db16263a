/**
 * What things are called in generated TypeScript: as in the `.msg` file wherever that can be. A name that TypeScript
 * keeps for itself, or that something else already has, gets a `$`, which no name in a `.msg` file has.
 *
 * @module
 */

import type { Module, Service } from "../idl/module.ts";

/** The names in one generated file that others may import: they depend on nothing but its `.msg` file. */
export interface ExportedNames {
  /** A declaration's type and schema. */
  declaration(name: string): string;
  /** The type of what a sender gives, where it differs from what the receiver gets. */
  input(name: string): string;
  /** A service's constant and types. */
  service(service: Service): ServiceNames;
  /** Every name given so far. */
  readonly taken: ReadonlySet<string>;
}

/** The names of one service. */
export interface ServiceNames {
  /** Its definition. */
  readonly value: string;
  /** The types of its messages. */
  readonly types: string;
  /** What a client gives on connecting. */
  readonly connect: string;
  /** The same, where defaults may be left out. */
  readonly connectInput: string;
}

/** Words that TypeScript allows for no type or no constant of a module; and the way to what such names hide. */
const RESERVED: ReadonlySet<string> = new Set(
  `any arguments await bigint boolean break case catch class const continue debugger default delete do else enum
  eval export extends false finally for function globalThis if implements import in infer instanceof interface intrinsic
  keyof let never new null number object package private protected public readonly return static string super switch
  symbol this throw true try typeof undefined unique unknown var void while with yield`.split(/\s+/),
);

/**
 * Names what a module's generated file exports.
 *
 * @param module The module.
 * @param hasInput Which of its declarations need a name for what a sender gives.
 * @returns Its names.
 */
export function exportedNames(module: Module, hasInput: (name: string) => boolean): ExportedNames {
  const taken = new Set<string>();
  const declarations = new Map(module.declarations.map(({ name }) => [name, claim(name, taken)]));
  const inputs = new Map(
    module.declarations.filter(({ name }) => hasInput(name)).map(({ name }) => [name, claim(`${name}Input`, taken)]),
  );
  const counts = new Map<string, number>();
  for (const service of module.services) counts.set(component(service), (counts.get(component(service)) ?? 0) + 1);
  const services = new Map(
    module.services.map((service): [Service, ServiceNames] => {
      const short = component(service);
      const isFree = !taken.has(short) && counts.get(short) === 1;
      const value = claim(isFree ? short : service.name.replace("/", ""), taken);
      return [service, {
        value,
        types: claim(`${value}Types`, taken),
        connect: claim(`${value}Connect`, taken),
        connectInput: claim(`${value}ConnectInput`, taken),
      }];
    }),
  );
  return {
    declaration: (name) => known(declarations, name),
    input: (name) => known(inputs, name),
    service: (service) => known(services, service),
    taken,
  };
}

/**
 * Finds a name that is still to be had, and takes it.
 *
 * @param wanted The name to have.
 * @param taken The names that are gone; the one found is added.
 * @returns The name, with a `$` behind it for as long as it is taken or reserved.
 */
export function claim(wanted: string, taken: Set<string>): string {
  let name = wanted;
  while (taken.has(name) || RESERVED.has(name)) name += "$";
  taken.add(name);
  return name;
}

/** The second half of a service's name. */
function component(service: Service): string {
  return service.name.slice(service.name.indexOf("/") + 1);
}

function known<K, V>(names: ReadonlyMap<K, V>, key: K): V {
  const name = names.get(key);
  if (name === undefined) throw new Error("A name was asked for in another file than its own.");
  return name;
}
