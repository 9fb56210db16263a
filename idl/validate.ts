/**
 * From outside to a definition that can be trusted: what comes over the wire is judged as a whole, what generated code
 * brings along was judged by the checker. Either way the result never changes again.
 *
 * @module
 */

import { canonicalJson } from "./canonical.ts";
import type { Definition, Docs, Rules, ServiceTypes, Shape, UnknownService } from "./definition.ts";
import { checkForm } from "./validate/form.ts";
import { checkMeaning } from "./validate/meaning.ts";
import { DEFAULT_DEFINITION_LIMITS, DefinitionError, type DefinitionLimits } from "./validate/problem.ts";

export { DefinitionError, type DefinitionLimits } from "./validate/problem.ts";

/**
 * Reads a definition that a peer has sent: any bytes at all.
 *
 * @param bytes What `encodeDefinition` has written: canonical JSON of the shape and the doc comments.
 * @param limits How large a definition may be; what is not given stays as it is by default.
 * @returns The definition, deeply frozen, without rules.
 * @throws {DefinitionError} If it is not one, or not one that the language could have written. Nothing else is thrown.
 */
export function readDefinition(bytes: Uint8Array, limits: Partial<DefinitionLimits> = {}): Definition {
  const bounds = { ...DEFAULT_DEFINITION_LIMITS, ...limits };
  const json = parseJson(decode(bytes, bounds), bounds);
  const { shape, docs } = checkForm(json, bounds);
  checkMeaning(shape, docs, bounds);
  return freezeDefinition({ shape, docs, rules: {} });
}

function decode(bytes: Uint8Array, limits: DefinitionLimits): string {
  if (bytes.length > limits.bytes) throw new DefinitionError("", `it is larger than ${limits.bytes} bytes`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new DefinitionError("", "it is not UTF-8");
  }
}

/**
 * Only the canonical form is taken: the same definition always has the same bytes and hash, and a key that comes twice,
 * a lone surrogate or `-0` needs no rule of its own.
 */
function parseJson(text: string, limits: DefinitionLimits): unknown {
  // A record that lies in another takes three levels of JSON (its fields, the field, its type), and a few lie around.
  if (jsonDepth(text) > 3 * limits.depth + 6) throw new DefinitionError("", "it is nested too deeply");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new DefinitionError("", "it is not JSON");
  }
  if (typeof json !== "object" || json === null || !isCanonical(json, text)) {
    throw new DefinitionError("", "it is not an object in canonical JSON (RFC 8785)");
  }
  return json;
}

function isCanonical(json: object, text: string): boolean {
  try {
    return canonicalJson(json) === text;
  } catch {
    return false; // a lone surrogate
  }
}

/** How deep JSON is nested; for what is no JSON, at least as deep as a parser would get in it. */
function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === "\\") i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "[" || char === "{") deepest = Math.max(deepest, ++depth);
    else if (char === "]" || char === "}") depth--;
  }
  return deepest;
}

/**
 * Makes a definition of what stands in generated code. It is trusted: the checker has seen it.
 *
 * @param literal The parts of a definition.
 * @returns The definition, deeply frozen. `T` says which types TypeScript sees.
 *
 * @example
 * ```ts
 * import { defineService } from "holdfast";
 *
 * const Empty = defineService({
 *   shape: { service: "Test/Empty", connect: { type: "record", fields: [] }, messages: [], types: {} },
 *   docs: {},
 *   rules: {},
 * });
 * console.assert(Object.isFrozen(Empty.shape.connect));
 * ```
 */
export function defineService<T extends ServiceTypes = UnknownService>(
  literal: { readonly shape: Shape; readonly docs: Docs; readonly rules: Rules },
): Definition<T> {
  return freezeDefinition(literal) as Definition<T>;
}

/**
 * Freezes a definition, so that its hash and what was built from it stay right.
 *
 * @param definition The definition.
 * @returns The same definition, deeply frozen.
 */
export function freezeDefinition(definition: Definition): Definition {
  const open: unknown[] = [definition];
  const seen = new Set<unknown>();
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    for (const member of Object.values(value)) open.push(member);
    Object.freeze(value);
  }
  return definition;
}
