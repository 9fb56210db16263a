/**
 * Random shapes: every kind of type, with bounds, patterns, defaults, recursion, and unions of all that a union may have.
 * Each is one that the language could have written.
 *
 * @module
 */

import fc from "fast-check";
import type { Default, Exchange, Field, Message, RecordType, Shape, StringType, Type } from "../../idl/definition.ts";
import { mentionedNames } from "../../idl/rules.ts";
import { Dice } from "./dice.ts";

/** How deep types are nested, names aside. */
const DEPTH = 3;

/** How many types a shape may have before only small ones are added: the least value of a shape has an end, too. */
const SIZE = 60;

/** Patterns that JavaScript reads as RE2 does, so that texts that match can be made. */
const PATTERNS = ["[a-z]+", "[A-Z][a-z]{0,5}", "(?:ab|c)*", "[0-9]{1,3}(?:\\.[0-9]{1,3}){3}", "é+|😀?", "a/b|x"];

/** Some words that mean something in the language or in JavaScript, and are fine names all the same. */
const NAMES = [
  "id",
  "type",
  "service",
  "list",
  "then",
  "length",
  "default",
  "get",
  "name",
  "_",
  "toJSON",
  "a1",
  "Case",
];

/** The field by which records of a union are told apart. */
const TAG = "kind";

const NULL: Type = { type: "literal", value: null };

/**
 * Random shapes of services.
 *
 * @returns Valid shapes: small, but of every kind.
 */
export function arbitraryShape(): fc.Arbitrary<Shape> {
  return fc.gen().map((generate) => new ShapeMaker(new Dice(generate)).shape());
}

class ShapeMaker {
  readonly #dice: Dice;
  readonly #types: Record<string, Type> = Object.create(null);
  readonly #enums: readonly string[];
  readonly #aliases: readonly string[];
  readonly #records: readonly string[];
  #left = SIZE;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#enums = ["Level", "Case"].slice(0, dice.upTo(2));
    this.#aliases = ["Json", "Tree"].slice(0, dice.upTo(2));
    this.#records = ["Job", "Ping", "Node", "service", "_"].slice(0, 1 + dice.upTo(4));
  }

  shape(): Shape {
    for (const name of this.#enums) this.#types[name] = { type: "enum", values: this.#names(1 + this.#dice.upTo(4)) };
    for (const name of this.#aliases) this.#types[name] = this.#alias(name);
    // A record may need those after it, which are made first, and no other: so there is a finite value of each.
    for (const [place, name] of [...this.#records.entries()].toReversed()) {
      this.#types[name] = this.#record(1, place + 1, this.#dice.chance(3) ? name : undefined);
    }
    const connect = this.#record(1, 0);
    const messages = this.#messages();
    const types: Record<string, Type> = Object.create(null);
    const open = [...messages.map(({ name }) => name), ...mentionedNames(connect)];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (name in types) continue;
      const type = this.#types[name]!;
      types[name] = type;
      open.push(...mentionedNames(type));
    }
    return { service: "Test/Arbitrary", connect, messages, types };
  }

  /** As the clauses of a service would have it: numbers by first mention, a reply's after its request's. */
  #messages(): Message[] {
    const uses = new Map<string, { receives?: Exchange; sends?: Exchange }>();
    const useOf = (name: string) => uses.get(name) ?? uses.set(name, {}).get(name)!;
    for (const name of this.#records) {
      const directions = this.#dice.pick<readonly ("receives" | "sends")[]>([
        ["receives"],
        ["sends"],
        ["receives", "sends"],
        [],
      ]);
      for (const direction of directions) {
        useOf(name)[direction] = {};
        if (!this.#dice.chance(3)) continue;
        const reply = this.#dice.pick(this.#records);
        useOf(name)[direction] = { reply };
        useOf(reply);
      }
    }
    return [...uses].map(([name, use], number) => ({ name, number, ...use }));
  }

  /** @param later The place of the first record that every value of this one may hold. */
  #record(depth: number, later: number, tag?: string): RecordType {
    const fields = this.#names(this.#dice.upTo(tag === undefined ? 5 : 3)).map((name) =>
      this.#field(name, depth, later)
    );
    if (tag !== undefined) fields.push({ name: TAG, type: { type: "literal", value: tag } });
    return { type: "record", fields };
  }

  #field(name: string, depth: number, later: number): Field {
    if (this.#dice.chance(3)) return { name, type: this.#type(depth, 0), optional: true };
    const type = this.#type(depth, later);
    const value = this.#dice.chance(2) ? this.#default(type) : undefined;
    return value === undefined ? { name, type } : { name, type, default: value };
  }

  #type(depth: number, later: number): Type {
    this.#left -= 1;
    switch (this.#dice.upTo(this.#left < 0 ? 9 : depth < DEPTH ? 15 : 10)) {
      case 0:
        return { type: "bool" };
      case 1:
        return this.#int();
      case 2:
        return { type: "long", ...this.#longRange() };
      case 3:
        return { type: "int|long", ...this.#longRange() };
      case 4:
        return this.#float();
      case 5:
        return this.#string();
      case 6:
        return { type: "bytes", ...this.#lengths() };
      case 7:
        return { type: "timestamp" };
      case 8:
        return { type: "any" };
      case 9:
        return { type: "literal", value: this.#literal() };
      case 10:
        return this.#reference(later);
      case 11:
        return this.#list(depth, later);
      case 12:
        return this.#map(depth, later);
      case 13:
        return this.#record(depth + 1, later);
      default:
        return this.#union(depth, later);
    }
  }

  #reference(later: number): Type {
    const names = [...this.#enums, ...this.#aliases, ...this.#records.slice(later)];
    return names.length === 0 ? NULL : { type: "ref", name: this.#dice.pick(names) };
  }

  #list(depth: number, later: number): Type {
    const lengths = this.#lengths();
    return { type: "list", items: this.#type(depth + 1, (lengths.min ?? 0) > 0 ? later : 0), ...lengths };
  }

  #map(depth: number, later: number): Type {
    const lengths = this.#lengths();
    return { type: "map", values: this.#type(depth + 1, (lengths.min ?? 0) > 0 ? later : 0), ...lengths };
  }

  /** An alias has a name only where it leads back to itself through aliases alone. */
  #alias(name: string): Type {
    const self: Type = { type: "ref", name };
    const inner = this.#dice.pick<Type>([
      { type: "list", items: self },
      { type: "map", values: self, max: 2 },
      { type: "list", items: { type: "map", values: self } },
    ]);
    if (this.#dice.chance(3)) return inner;
    const scalars = this.#branches(DEPTH, 0).filter((branch) => branch.type !== "literal" || branch.value !== null);
    return { type: "union", branches: [...scalars, NULL, inner] };
  }

  #union(depth: number, later: number): Type {
    const branches = this.#branches(depth, later);
    return { type: "union", branches: branches.length < 2 ? [NULL, this.#int()] : branches };
  }

  /** Branches that can be told apart: for each kind of value one, or several literals, or several records with a tag. */
  #branches(depth: number, later: number): Type[] {
    const maybe = (...makers: readonly (() => readonly Type[])[]) =>
      this.#dice.chance(2) ? this.#dice.pick(makers)() : [];
    const literals = (...values: readonly (null | boolean | number | string)[]) => () =>
      this.#dice.some(values, 1 + this.#dice.upTo(values.length - 1)).map((value): Type => ({
        type: "literal",
        value,
      }));
    const numbers = maybe(
      () => [this.#int()],
      () => [this.#float()],
      () => [{ type: "int|long", ...this.#longRange() }],
      literals(0, 1, -7, 42),
    );
    const besideLong = numbers.every(({ type }) => type === "literal" || type === "float");
    const enums = this.#enums.map((name) => (): readonly Type[] => [{ type: "ref", name }]);
    const branches = [
      ...maybe(literals(null)),
      ...maybe(() => [{ type: "bool" }], literals(true, false)),
      ...numbers,
      ...(besideLong ? maybe(() => [{ type: "long", ...this.#longRange() }]) : []),
      ...maybe(() => [this.#string()], literals("", "on", "off", "é"), ...enums),
      ...maybe(() => [{ type: "bytes", ...this.#lengths() }]),
      ...maybe(() => [{ type: "timestamp" }]),
    ];
    if (depth < DEPTH) {
      // Where there is another branch, a value need not hold what these do.
      const first = branches.length > 0 ? 0 : later;
      branches.push(
        ...maybe(() => [this.#list(depth, first)]),
        ...maybe(
          () => [this.#map(depth, first)],
          () => [this.#record(depth + 1, first)],
          () => this.#taggedRecords(depth + 1, first),
        ),
      );
    }
    return this.#dice.some(branches, branches.length);
  }

  #taggedRecords(depth: number, later: number): readonly Type[] {
    const inline = ["x", "y"].slice(this.#dice.upTo(2)).map((tag) => this.#record(depth, later, tag));
    const named = this.#records.slice(later).filter((name) => {
      const type = this.#types[name];
      return type?.type === "record" && type.fields.at(-1)?.name === TAG;
    });
    return [...inline, ...named.map((name): Type => ({ type: "ref", name }))];
  }

  #int(): Type {
    const bounds = [this.#dice.of(fc.integer, { min: -20, max: 20 }), this.#dice.of(fc.maxSafeInteger)];
    return { type: "int", ...this.#range(bounds.sort((a, b) => a - b)) };
  }

  #float(): Type {
    const finite = { noNaN: true, noDefaultInfinity: true };
    // A bound of -0 is written as 0.
    const bounds = [this.#dice.of(fc.double, finite) + 0, this.#dice.of(fc.double, finite) + 0];
    return { type: "float", ...this.#range(bounds.sort((a, b) => a - b)) };
  }

  #longRange(): { readonly min?: string; readonly max?: string } {
    const bounds = [this.#dice.of(fc.bigInt, -20n, 20n), this.#dice.of(fc.bigInt, -(2n ** 70n), 2n ** 70n)];
    return this.#range(bounds.sort((a, b) => (a < b ? -1 : 1)).map(String));
  }

  #lengths(): { readonly min?: number; readonly max?: number } {
    return this.#range([this.#dice.upTo(4), this.#dice.upTo(4)].sort());
  }

  /** Both bounds, one of them, or none. */
  #range<T>(bounds: readonly T[]): { readonly min?: T; readonly max?: T } {
    const [min, max] = bounds as [T, T];
    return this.#dice.pick([{}, {}, { min }, { max }, { min, max }]);
  }

  #string(): StringType {
    if (this.#dice.chance(3)) return { type: "string", pattern: this.#dice.pick(PATTERNS) };
    return { type: "string", ...this.#lengths() };
  }

  #literal(): null | boolean | number | string {
    const any = [null, this.#dice.chance(2), this.#dice.of(fc.integer), this.#dice.of(fc.string, { unit: "grapheme" })];
    return this.#dice.pick(any);
  }

  /** A default, for types that can have one. */
  #default(type: Type): Default | undefined {
    switch (type.type) {
      case "bool":
        return this.#dice.chance(2);
      case "int":
        return type.min ?? type.max ?? 7;
      case "float":
        return type.max ?? type.min ?? 0.5;
      case "long":
        return { long: type.min ?? type.max ?? "7" };
      case "int|long": {
        const digits = type.max ?? type.min ?? "7";
        return Number.isSafeInteger(Number(digits)) ? Number(digits) : { long: digits };
      }
      case "string":
        return type.pattern === undefined && (type.min ?? 0) <= 2 && (type.max ?? 2) >= 2 ? "é😀" : undefined;
      case "literal":
        return type.value;
      case "ref": {
        const target = this.#types[type.name];
        return target?.type === "enum" ? target.values.at(-1) : undefined;
      }
      case "union":
        return type.branches.find((branch) => branch.type === "literal")?.value;
      default:
        return undefined;
    }
  }

  #names(count: number): string[] {
    return this.#dice.some(NAMES, count);
  }
}
