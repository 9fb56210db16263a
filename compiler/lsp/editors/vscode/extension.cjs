/**
 * Starts `holdfast lsp` when the first .msg file is opened.
 *
 * @module
 */

"use strict";

const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

/** @type {LanguageClient | undefined} */
let client;

exports.activate = async () => {
  const [command, ...args] = workspace.getConfiguration("holdfast").get("command");
  client = new LanguageClient("holdfast", "Holdfast", { command, args: [...args, "lsp"] }, {
    documentSelector: [{ language: "msg" }],
  });
  await client.start();
};

exports.deactivate = () => client?.stop();
