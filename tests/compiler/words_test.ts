import { describe, test } from "node:test";
import { generate } from "../../compiler/generate.ts";
import type { Type } from "../../idl/definition.ts";
import type { Declaration, Module } from "../../idl/module.ts";
import { passesTsc } from "./tools.ts";

/** Every word that means something in TypeScript, and what the standard library calls its things. */
const WORDS =
  `abstract accessor any Array arguments as asserts assert async await bigint BigInt boolean Boolean break case
  catch class const constructing continue Date debugger declare default defer delete do else enum Error eval export extends
  false finally for from function Function get global globalThis if implements import in Infinity infer instanceof
  interface intrinsic is keyof let Map meta module namespace NaN never new null number Number object Object of Omit out
  override package Partial private Promise protected Proxy public Readonly readonly Record Reflect require RegExp return
  satisfies Schema set Set static Static static_ String string super switch symbol Symbol target this throw true try type
  Type typeof Uint8Array undefined union unique unknown using var void WeakMap while with yield Definition defineService
  exports process window self name length status event`.split(/\s+/);

describe("generated code", () => {
  test("compiles whatever words of TypeScript things are called", () => {
    const module: Module = {
      file: "words.msg",
      imports: [],
      declarations: WORDS.flatMap((word): Declaration[] => {
        const ref: Type = { type: "ref", name: word };
        const types: Type[] = [ref, { type: "list", items: ref }, { type: "map", values: ref }, {
          type: "union",
          branches: [{ type: "literal", value: null }, ref],
        }];
        const fields = types.map((type, index) => ({ name: index === 0 ? word : `${word}${index}`, type }));
        return [
          {
            kind: "record",
            name: word,
            docs: {},
            type: { type: "record", fields: [{ name: word, type: { type: "timestamp" } }] },
          },
          { kind: "alias", name: `alias_${word}`, docs: {}, type: ref },
          { kind: "record", name: `use_${word}`, docs: {}, type: { type: "record", fields } },
        ];
      }),
      services: [],
    };
    const user: Module = {
      file: "user.msg",
      imports: [{ specifier: "./words.msg", file: "words.msg", names: WORDS }],
      declarations: WORDS.map((word) => ({
        kind: "record",
        name: `user_${word}`,
        docs: {},
        type: { type: "record", fields: [{ name: "field", type: { type: "ref", name: word } }] },
      })),
      services: [],
    };
    const texts = generate([module, user], { holdfast: () => "holdfast", specifier: () => "./words.msg.ts" });
    passesTsc(Object.fromEntries([...texts].map(([module, text]) => [`${module.file}.ts`, text])), {});
  });
});
