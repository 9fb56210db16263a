/** Opens the registry that it is told, and does not close it. */

import process from "node:process";
import { fileRegistry } from "../../../runtime/registry/file.ts";

await fileRegistry(process.argv[2]!);
console.log("open");
