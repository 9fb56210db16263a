import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TextDocument } from "vscode-languageserver-textdocument";
import { completionsAt } from "../../../compiler/lsp/completion.ts";
import { diagnosticsOf, fixesIn } from "../../../compiler/lsp/diagnostics.ts";
import { formatEdits } from "../../../compiler/lsp/formatting.ts";
import { hoverAt } from "../../../compiler/lsp/hover.ts";
import { definitionAt, symbolsOf } from "../../../compiler/lsp/navigation.ts";
import { uriOf } from "../../../compiler/lsp/places.ts";
import { rename, RenameError } from "../../../compiler/lsp/rename.ts";
import { Workspace } from "../../../compiler/lsp/workspace.ts";
import { format } from "../../../idl/format.ts";
import { edited, pathOf, scene } from "./cursor.ts";

/** What an editor shows where the cursor is. */
function hover(texts: Parameters<typeof scene>[0]): string {
  const { workspace, readable, position } = scene(texts);
  const found = hoverAt(workspace, readable, position);
  return found === undefined ? "" : (found.contents as { readonly value: string }).value;
}

describe("hoverAt", () => {
  for (
    const [what, text, shown] of [
      [
        "a type: declaration and doc comment",
        "/// Asks.\nPing < id: int >\nA < p: Pi‸ng >",
        /Ping < id: int >[^]*Asks\./,
      ],
      [
        "an alias: what it comes to",
        "type Id = Name(..)\ntype Name = string(1..64, /a+/)\nA < n: N‸ame >",
        /is `string\(1\.\.64, \/a\+\/\)`/,
      ],
      [
        "a field: its doc comment and aliases",
        "type Id = long\nA <\n  /// Which.\n  i‸d: list<Id>,\n>",
        /Which\.[^]*`Id` is `long`/,
      ],
      ["an enum's value", "enum Level {\n  /// Much.\n  debug\n}\nA < l: Level = deb‸ug >", /Level\.debug[^]*Much\./],
      ["a built-in type with its range", "A < n: str‸ing(1..5) >", /string\(1\.\.5\)[^]*code points/],
      ["a message in a clause", "/// Asks.\nPing < >\nservice A/B { receives Pi‸ng auth all }", /Asks\./],
      ["a rule", "Ping < >\nservice A/B { receives Ping auth group:‸x }", /Restricts to a group/],
      ["a property", "Ping < >\nservice A/B { receives Ping auth Admin‸ }", /has this property/],
      ["a keyword", "ser‸vice A/B { }", /System\/Component/],
      ["a clause's keyword", "Ping < >\nservice A/B { rec‸eives Ping auth all }", /Clients send/],
    ] as const
  ) {
    test(`tells of ${what}`, () => assert.match(hover(text), shown));
  }

  test("tells of a declaration as it was, where it can't be read just now", () => {
    const { workspace, path } = scene("enum Level { debug }‸\nA < l: Level = debug >");
    workspace.setText(path, "enum Level { debug \nA < l: Level = debug >");
    const found = hoverAt(workspace, workspace.readable(path)!, { line: 1, character: 8 });
    assert.match(JSON.stringify(found), /enum Level \{ debug \}/);
    assert.deepEqual(symbolsOf(workspace, workspace.readable(path)!)[0]!.children!.map(({ name }) => name), ["debug"]);
  });
});

describe("formatEdits", () => {
  for (
    const text of [
      "A < >\nB < >\r\n",
      "A < >\r\nB <   >\nC < >",
      "A <\r\n>\r\n\r\n\r\n",
      "A < >\r\r\n",
      '// 😀\nA<a:"😁">',
    ]
  ) {
    test(`keeps line ends and characters whole: ${JSON.stringify(text)}`, () => {
      const document = TextDocument.create("", "msg", 0, text);
      assert.equal(edited(text, formatEdits(document)), format(text).text);
      assert.notEqual(format(text).text, text);
    });
  }

  test("changes nothing but what must be", () => {
    const [edit, ...others] = formatEdits(TextDocument.create("", "msg", 0, "A < a: int >\nB < b:int >\nC < >\n"));
    assert.deepEqual(edit, {
      range: { start: { line: 1, character: 6 }, end: { line: 1, character: 6 } },
      newText: " ",
    });
    assert.deepEqual(others, []);
  });
});

describe("definitionAt", () => {
  test("leads to declarations, however many problems there are", () => {
    const { readable, position } = scene(`${"A < ! >\n".repeat(192)}B < >\nC < b: B‸ >`);
    assert.equal(definitionAt(readable, position)?.range.start.line, 192);
  });

  test("leads to other files, also by the name of an import", () => {
    const common = "/// Shared.\ntype Id = long";
    for (const text of ['import "./b.msg"\nA < id: I‸d >', 'import "./b‸.msg"\nA < id: Id >']) {
      const { readable, position } = scene({ "a.msg": text, "b.msg": common });
      assert.equal(definitionAt(readable, position)?.uri, uriOf(pathOf("b.msg")));
    }
  });
});

/** What is offered where the cursor is. */
function offered(texts: Parameters<typeof scene>[0]): string[] {
  const { workspace, readable, position } = scene(texts);
  return completionsAt(workspace, readable, position).map(({ label }) => label);
}

const DECLARED = "enum Level { debug, info }\ntype Id = long\nPing < >\nPong < >\n";
const KEYWORDS = ["import", "enum", "type", "service"];
const CLAUSES = ["receives", "sends", "connect", "auth"];

describe("completionsAt", () => {
  for (
    const [what, text, labels] of [
      ["keywords at the top", "‸", KEYWORDS],
      ["keywords behind a declaration", `${DECLARED}en‸`, KEYWORDS],
      ["keywords behind an alias, on a line of their own", "type A = int\nse‸", KEYWORDS],
      ["messages behind receives", `${DECLARED}service A/B { receives ‸ }`, ["Ping", "Pong"]],
      ["messages behind a comma", `${DECLARED}service A/B { auth all sends Ping, P‸ }`, ["Ping", "Pong"]],
      ["messages behind an arrow", `${DECLARED}service A/B { receives Ping -> ‸`, ["Ping", "Pong"]],
      ["clauses in a service", `${DECLARED}service A/B { ‸ }`, CLAUSES],
      ["clauses behind a clause", `${DECLARED}service A/B { auth group:x-y\n  r‸ }`, CLAUSES],
      ["an enum's values as defaults", `${DECLARED}A < l: Level = ‸ >`, ["debug", "info"]],
      ["literals as defaults", 'A < l: bool | null | "x" = ‸ >', ["true", "false", "null", '"x"']],
      ["extends", "service A/B e‸", ["extends"]],
      ["bases", "service A/B { }\nservice C/D extends ‸", ["A/B"]],
      ["bases, half written", "service A/B { }\nservice C/D extends A/‸ { }", ["A/B"]],
      ["nothing in a comment", `${DECLARED}// a: ‸`, []],
      ["nothing for a new name", `${DECLARED}A < ‸`, []],
      ["nothing in text", 'A < a: "‸" >', []],
      ["nothing in a pattern", "A < a: string(/‸/) >", []],
    ] as const
  ) {
    test(`offers ${what}`, () => assert.deepEqual(offered(text), labels));
  }

  for (const text of ["A < a: ‸ >", "A < a: list<‸", "A < a: int | ‸", "type X = ‸", "A < a: < b: L‸"]) {
    test(`offers types: ${text}`, () => {
      const labels = offered(`${DECLARED}${text}`);
      for (const label of ["Level", "Id", "Ping", "string", "list"]) assert.ok(labels.includes(label), label);
      assert.ok(!labels.includes("enum"));
    });
  }

  test("offers rules, and those in use", () => {
    const labels = offered(`${DECLARED}service A/B { receives Ping auth Admin sends Pong auth ‸ }`);
    assert.deepEqual(labels, ["all", "authenticated", "none", "group:", "vo:", "Admin"]);
  });

  test("offers files to import, and the names from them", () => {
    assert.deepEqual(offered({ "a.msg": 'import "‸"', "b.msg": "type Id = int" }), ["./b.msg"]);
    assert.ok(offered({ "a.msg": 'import "./b.msg"\nA < a: ‸', "b.msg": "type Id = int" }).includes("Id"));
  });
});

/** The texts after the name at the cursor was changed. */
function renamed(texts: { readonly [path: string]: string }, name: string): { [path: string]: string } {
  const { workspace, readable, position } = scene(texts);
  const { changes = {} } = rename(workspace, readable, position, name, uriOf);
  return Object.fromEntries(
    Object.entries(texts).map((
      [path, text],
    ) => [path, edited(text.replace("‸", ""), changes[uriOf(pathOf(path))] ?? [])]),
  );
}

describe("rename", () => {
  const common = "enum Level { debug, info }\ntype Levels = list<Level>\n";
  const main = 'import "./b.msg"\nA < l: Level = info, m: Level | null = "info", debug: int >\n';

  test("changes a type in every file", () => {
    assert.deepEqual(renamed({ "a.msg": main.replace("Level", "‸Level"), "b.msg": common }, "Weight"), {
      "a.msg": main.replaceAll("Level", "Weight"),
      "b.msg": "enum Weight { debug, info }\ntype Levels = list<Weight>\n",
    });
  });
  test("changes an enum's value where it is a default, and nothing else of that name", () => {
    assert.deepEqual(renamed({ "a.msg": main, "b.msg": common.replace("info", "in‸fo") }, "note"), {
      "a.msg": main.replaceAll("info", "note"),
      "b.msg": common.replaceAll("info", "note"),
    });
    assert.equal(renamed({ "a.msg": main, "b.msg": common.replace("debug", "d‸ebug") }, "fine")["a.msg"], main);
  });
  test("changes a service where others extend it", () => {
    const text = "service A/B { }\nservice C/D extends A/‸B { }\n";
    assert.equal(renamed({ "a.msg": text }, "E/F")["a.msg"], "service E/F { }\nservice C/D extends E/F { }\n");
  });

  for (
    const [what, text, name, reason] of [
      ["no name", "A‸ < >", "a | b", /is no name/],
      ["no service's name", "service A‸/B { }", "A", /two parts/],
      ["a name that is taken", "A‸ < >\nB < >", "B", /declared twice/],
      ["a field's name that is taken", "A < a‸: int, b: int >", "b", /There is a field `b` already/],
      ["a built-in type's name", "A‸ < >", "string", /built-in/],
      ["a name that JavaScript's objects have", "A < a‸: int >", "constructor", /not allowed/],
      ["a value that would become another", "enum E { o‸n }\nA < e: E | bool = on >", "true", /mean the same/],
      ["what can't be read", "A‸ < >\nenum B {\nA", "C", /mend that first/],
      ["what is built in", "A < a: in‸t >", "C", /no name here/],
    ] as const
  ) {
    test(`refuses ${what}`, () => {
      assert.throws(() => renamed({ "a.msg": text }, name), (error) => {
        assert.ok(error instanceof RenameError);
        assert.match(error.message, reason);
        return true;
      });
    });
  }

  test("refuses a name that is taken in a file that imports this one", () => {
    for (const text of ["B < a: A >", "B < >"]) {
      const texts = { "a.msg": "A‸ < >", "b.msg": `import "./a.msg"\n${text}` };
      assert.throws(() => renamed(texts, "B"), /declared twice/);
    }
  });
});

describe("diagnosticsOf", () => {
  test("tells at an import what is wrong behind it, however far, and in what can't be read", () => {
    const workspace = new Workspace();
    workspace.setText(pathOf("a.msg"), 'import "./b.msg"\nimport "./d.msg"\n');
    workspace.setText(pathOf("b.msg"), 'import "./c.msg"\n');
    workspace.setText(pathOf("c.msg"), "type C = strin\n");
    workspace.setText(pathOf("d.msg"), "\0");
    const told = diagnosticsOf(workspace, pathOf("a.msg"));
    assert.deepEqual(told.map(({ range, relatedInformation }) => [range.start.line, relatedInformation?.length]), [
      [0, 1],
      [1, 1],
    ]);
    assert.deepEqual(told[0]?.relatedInformation?.[0], {
      location: {
        uri: uriOf(pathOf("c.msg")),
        range: { start: { line: 0, character: 9 }, end: { line: 0, character: 14 } },
      },
      message: "There is no type `strin`.\nDid you mean `string`?",
    });
  });

  test("tells problems with files as a whole, and ends of lines of every kind", () => {
    const workspace = new Workspace();
    workspace.setText("untitled:Untitled-1", 'import "./b.msg"\r\nA < a: strin >\rB < b: int >');
    const told = diagnosticsOf(workspace, "untitled:Untitled-1");
    assert.deepEqual(told.map(({ range: { start: { line, character } } }) => [line, character]), [[0, 7]]);
    assert.match(String(told[0]?.message), /never saved/);
  });
});

describe("fixesIn", () => {
  for (
    const [before, after] of [
      ["A < a: strin >", "A < a: string >"],
      ["enm Level { a }", "enum Level { a }"],
      ["Ping < >\nservice A/B { auth all recieves Ping }", "Ping < >\nservice A/B { auth all receives Ping }"],
      ["Ping < >\nservice A/B { auth grop:x receives Ping }", "Ping < >\nservice A/B { auth group:x receives Ping }"],
      ["enum L { info }\nA < l: L = inof >", "enum L { info }\nA < l: L = info >"],
      ['enum L { info }\nA < l: L = "inof" >', 'enum L { info }\nA < l: L = "info" >'],
      ["service A/Base { }\nservice C/D extends A/Bsae { }", "service A/Base { }\nservice C/D extends A/Base { }"],
      ["A < a: lst<int> >", "A < a: list<int> >"],
    ] as const
  ) {
    test(`mends ${JSON.stringify(before)}`, () => {
      const workspace = new Workspace();
      const path = pathOf("a.msg");
      workspace.setText(path, before);
      const [fix] = fixesIn(workspace, path, { start: 0, end: before.length }, "uri");
      assert.equal(edited(before, fix?.edit?.changes?.["uri"] ?? []), after);
      workspace.setText(path, after);
      assert.deepEqual(diagnosticsOf(workspace, path), []);
    });
  }
});
