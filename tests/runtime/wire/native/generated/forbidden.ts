/**
 * Writes and reads a message, and says whether code may be generated: run where it may not, by `forbidden_test.ts`.
 *
 * @module
 */

import { DEFAULT_LIMITS } from "../../../../../runtime/limits.ts";
import { createCodec } from "../../../../../runtime/wire/native/codec.ts";
import { canGenerate } from "../../../../../runtime/wire/native/engine.ts";
import { shapeOf } from "../../subject.ts";
import { read, write } from "../subject.ts";

const codec = createCodec(
  shapeOf([{ name: "text", type: { type: "string" } }, { name: "level", type: { type: "ref", name: "Level" } }]),
  DEFAULT_LIMITS,
);
const value = read(codec, write(codec, { text: "some words, 25 characters", level: "info" }));
console.log(JSON.stringify({ canGenerate: canGenerate(), value }));
