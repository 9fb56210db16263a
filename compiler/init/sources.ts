/**
 * The program that `holdfast init` writes: the same on Deno, Bun and Node.
 *
 * @module
 */

/** What the service and its clients may say. */
export const HELLO_MSG: string = unindented(`
  /// Asks the service for a greeting.
  Greet < name: string(1..100) >

  /// The greeting.
  Greeting < text: string >

  /// Tells every client that somebody was greeted.
  Greeted < name: string, count: int >

  /// Greets whoever asks, and tells everybody of it.
  service Example/Hello {
    auth all // Everybody may do everything. Say \`authenticated\`, a property or a group instead.
    receives Greet -> Greeting
    sends Greeted
  }
`);

/** The service. */
export const SERVICE_TS: string = unindented(`
  // The service: greets whoever asks, and tells every client of it.

  import { serve, type Server } from "holdfast";
  import { readFileSync } from "node:fs";
  import process from "node:process";
  import { Hello, type HelloTypes } from "./hello.msg.ts";

  let count = 0;
  const server: Server<HelloTypes> = await serve(Hello, {
    port: Number(process.env["PORT"] ?? 9145),
    cert: readFileSync("certs/cert.pem", "utf8"),
    key: readFileSync("certs/key.pem", "utf8"),
    messages: {
      Greet: ({ name }) => {
        count++;
        server.broadcast("Greeted", { name, count });
        return { text: \`Hello, \${name}!\` };
      },
    },
  });
  console.log(\`Listening on \${server.url}, until Ctrl+C.\`);

  // Clients are told, and may finish what they are doing.
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close());
`);

/** A client of it. */
export const CLIENT_TS: string = unindented(`
  // A client: asks for a greeting, hears of it as every client does, and leaves.

  import { connect } from "holdfast";
  import { readFileSync } from "node:fs";
  import process from "node:process";
  import { Hello } from "./hello.msg.ts";

  const [name = "World", url = "tls://localhost:9145/Example/Hello"] = process.argv.slice(2);

  await using client = await connect(url, Hello, { ca: readFileSync("certs/ca.pem", "utf8") });
  const greeted = client.messages("Greeted");

  const { text } = await client.request("Greet", { name });
  console.log(text);

  for await (const { name, count } of greeted) {
    console.log(\`\${name} was greeted: greeting \${count} of this service.\`);
    break;
  }
`);

/** Without the two spaces before each line, and the empty line above the first. */
function unindented(text: string): string {
  return text.slice(1).replaceAll(/^ {2}/gm, "");
}
