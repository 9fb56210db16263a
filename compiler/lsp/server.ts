/**
 * The language server: what an editor asks, and who answers.
 *
 * @module
 */

import {
  type Connection,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  type InitializeParams,
  type InitializeResult,
  type Position,
  ResponseError,
  TextDocuments,
  TextDocumentSyncKind,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { completionsAt } from "./completion.ts";
import { diagnosticsOf, fixesIn } from "./diagnostics.ts";
import { formatEdits } from "./formatting.ts";
import { hoverAt } from "./hover.ts";
import { definitionAt, referencesAt, symbolsOf } from "./navigation.ts";
import { offsetAt, pathOf, uriOf } from "./places.ts";
import { renamableAt, rename, RenameError } from "./rename.ts";
import { type Readable, Workspace } from "./workspace.ts";

/** How long a user must have stopped typing before files are checked, in milliseconds. */
const QUIET = 100;

interface At {
  readonly textDocument: { readonly uri: string };
  readonly position: Position;
}

/**
 * Answers an editor for as long as it is connected.
 *
 * @param connection The connection to it, on which nothing has been listened for yet.
 */
export function serveEditor(connection: Connection): void {
  const workspace = new Workspace();
  const documents = new TextDocuments(TextDocument);
  /** What the editor calls its open files. */
  const uris = new Map<string, string>();
  const uriFor = (path: string): string => uris.get(path) ?? uriOf(path);
  let folders: readonly string[] = [];
  let hasFolders = false;
  let watchesFiles = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tellProblems = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const [path, uri] of uris) {
        connection.sendDiagnostics({ uri, diagnostics: diagnosticsOf(workspace, path) }).catch(isGone);
      }
    }, QUIET);
  };

  /** Answers about a place in a file; nothing where the file can't be read and never could be. */
  const at = <T>({ textDocument, position }: At, answer: (file: Readable, position: Position) => T): T | null => {
    const readable = workspace.readable(pathOf(textDocument.uri));
    return readable === undefined ? null : answer(readable, position);
  };

  connection.onInitialize((params) => {
    folders = foldersOf(params);
    workspace.setFolders(folders);
    hasFolders = params.capabilities.workspace?.workspaceFolders === true;
    watchesFiles = params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    return CAPABILITIES;
  });
  connection.onInitialized(() => {
    if (hasFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => pathOf(uri)));
        folders = [...folders.filter((folder) => !gone.has(folder)), ...added.map(({ uri }) => pathOf(uri))];
        workspace.setFolders(folders);
      });
    }
    if (!watchesFiles) return;
    const watchers = [{ globPattern: "**/*.msg" }];
    // An editor that won't after all leaves us with what is open.
    connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => undefined);
  });
  connection.onShutdown(() => clearTimeout(timer));
  connection.onDidChangeWatchedFiles(() => {
    workspace.forget();
    tellProblems();
  });

  documents.onDidOpen(({ document }) => uris.set(pathOf(document.uri), document.uri));
  documents.onDidChangeContent(({ document }) => {
    workspace.setText(pathOf(document.uri), document.getText());
    tellProblems();
  });
  documents.onDidClose(({ document: { uri } }) => {
    uris.delete(pathOf(uri));
    workspace.close(pathOf(uri));
    connection.sendDiagnostics({ uri, diagnostics: [] }).catch(isGone);
    tellProblems();
  });

  connection.onHover((params) => at(params, (file, position) => hoverAt(workspace, file, position) ?? null));
  connection.onDefinition((params) => at(params, (file, position) => definitionAt(file, position) ?? null));
  connection.onReferences((params) =>
    at(params, (file, position) => referencesAt(workspace, file, position, params.context.includeDeclaration))
  );
  connection.onCompletion((params) => at(params, (file, position) => completionsAt(workspace, file, position)));
  connection.onDocumentSymbol(({ textDocument }) => {
    const readable = workspace.readable(pathOf(textDocument.uri));
    return readable === undefined ? [] : symbolsOf(workspace, readable);
  });
  connection.onPrepareRename((params) => at(params, (file, position) => renamableAt(file, position) ?? null));
  connection.onRenameRequest((params) =>
    at(params, (file, position) => {
      try {
        return rename(workspace, file, position, params.newName, uriFor);
      } catch (error) {
        if (error instanceof RenameError) return new ResponseError(ErrorCodes.InvalidRequest, error.message);
        throw error;
      }
    })
  );
  connection.onCodeAction(({ textDocument: { uri }, range }) => {
    const path = pathOf(uri);
    const source = workspace.source(path);
    return fixesIn(workspace, path, { start: offsetAt(source, range.start), end: offsetAt(source, range.end) }, uri);
  });
  connection.onDocumentFormatting(({ textDocument: { uri } }) => {
    const document = documents.get(uri);
    return document === undefined ? [] : formatEdits(document);
  });

  documents.listen(connection);
  connection.listen();
}

/** What can't be told to an editor that has gone needs not be told: the library ends the process. */
function isGone(): void {}

const CAPABILITIES: InitializeResult = {
  serverInfo: { name: "holdfast" },
  capabilities: {
    textDocumentSync: TextDocumentSyncKind.Incremental,
    hoverProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    documentSymbolProvider: true,
    renameProvider: { prepareProvider: true },
    completionProvider: { triggerCharacters: [":", "<", "|", '"', ">", "="] },
    codeActionProvider: { codeActionKinds: ["quickfix"] },
    documentFormattingProvider: true,
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  },
};

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (typeof rootUri === "string" ? [rootUri] : []);
  return uris.map(pathOf);
}
