/**
 * `holdfast lsp`: the language server, for editors.
 *
 * @module
 */

import type { Command } from "commander";
import process from "node:process";

/**
 * Adds the command.
 *
 * @param program What to add it to.
 */
export function addLsp(program: Command): void {
  program.command("lsp")
    .summary("serve editors: errors while typing, completion, renaming, and so on")
    .description(
      "Speaks the Language Server Protocol on standard input and output, until the editor ends it. Editors start it; "
        + "there is nothing to type.",
    )
    .option("--stdio", "speak on standard input and output: there is no other way, but some editors say so")
    .addHelpText("after", "\nExample:\n  holdfast lsp --stdio")
    .action(async () => {
      // Loaded only here: the library is large, and no other command needs it.
      const { createConnection, ProposedFeatures } = await import("vscode-languageserver/node");
      const { serveEditor } = await import("../lsp/server.ts");
      serveEditor(createConnection(ProposedFeatures.all, process.stdin, process.stdout));
    });
}
