/**
 * What a new project says of itself to people.
 *
 * @module
 */

import type { Commands } from "./manifest.ts";

/**
 * Writes a project's README.
 *
 * @param name What the project is called.
 * @param commands How things are run in it.
 */
export function readme(name: string, commands: Commands): string {
  const { install, service, client, compile, cert, check } = commands;
  const first = [install, service].filter((command) => command !== undefined).join("\n");
  return `# ${name}

A service and a client that keep one TLS connection open, and talk over it both ways, with Holdfast.

\`\`\`sh
${first}
\`\`\`

And in another terminal:

\`\`\`sh
${client} Ann
\`\`\`

It says:

\`\`\`text
Hello, Ann!
Ann was greeted: greeting 1 of this service.
\`\`\`

The service listens on port 9145, or on the one that stands in the environment as \`PORT\`. The client takes another address
behind the name: \`${client} Ann tls://localhost:9146/Example/Hello\`.

- \`hello.msg\` says what the two may say to each other, and who may. After a change: \`${compile}\`, which writes
  \`hello.msg.ts\`. Leave that file as it is.
- \`service.ts\` and \`client.ts\` are the programs. \`${check}\` checks their types.
- \`certs/\` has what the service shows to its clients (\`cert.pem\`, \`key.pem\`), and what clients are told to trust
  (\`ca.pem\`). It is for development on this machine, valid for 90 days, and kept out of git: \`${cert}\` makes it anew.

The service can be reached from this machine only, and lets everybody do everything. Before others may reach it, give
it a certificate that is meant for production, a \`hostname\` to listen on, and rules in \`hello.msg\` that say who may do what.
`;
}
