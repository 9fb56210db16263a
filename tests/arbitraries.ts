/**
 * Random definitions, and random values that are right or wrong for them: what the tests of schemas, codec, printer,
 * compiler and resolver share. Any of them can find a problem of another.
 *
 * @module
 */

export { accepts } from "./arbitraries/accepts.ts";
export { arbitraryDefinition } from "./arbitraries/definitions.ts";
export { arbitraryShape } from "./arbitraries/shapes.ts";
export { arbitraryValue } from "./arbitraries/values.ts";
export { arbitraryWrongValue } from "./arbitraries/wrong_values.ts";
