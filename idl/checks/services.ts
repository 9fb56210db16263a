/**
 * Services: what each receives and sends, together with what it takes over from its base, and that a rule covers it.
 *
 * @module
 */

import { show } from "../expectation.ts";
import { components } from "../graph.ts";
import type { Lowering } from "../lower.ts";
import type { Connect, NamedService, NamedType, Program, SourceFile, Use } from "../program.ts";
import { suggest } from "../suggest.ts";
import type { ConnectNode, ExchangeNode, Name, ServiceNode, Span, UseNode } from "../syntax.ts";
import { MAX_MESSAGE_NUMBER } from "../validate/problem.ts";
import { checkAuth } from "./auth.ts";

/** Resolves every service, bases first. */
export function checkServices(program: Program, lowering: Lowering): void {
  const bases = new Map(program.services.map((service) => [service, baseOf(program, service)]));
  const order = components(program.services, (service) => {
    const base = bases.get(service);
    return base === undefined ? [] : [base];
  });
  for (const component of order) {
    const [service] = component as [NamedService];
    if (component.length > 1 || bases.get(service) === service) reportCycle(program, component);
    else if (service.node.kind === "service") {
      new ServiceCheck(program, lowering, service, service.node, bases.get(service)).run();
    }
  }
}

function baseOf(program: Program, { file, node }: NamedService): NamedService | undefined {
  if (node.kind !== "service" || node.base === undefined) return undefined;
  const { base } = node;
  const found = file.services.get(base.text);
  if (found !== undefined || file.open) return found;
  const others = [...file.services.keys()].filter((name) => name !== node.name.text);
  const hint = () => suggest(base.text, others) ?? "Declare it, or import the file that declares it.";
  program.problem(file, base, () => `There is no service ${show(base.text)}.`, hint);
  return undefined;
}

function reportCycle(program: Program, component: readonly NamedService[]): void {
  for (const { file, name, node } of component) {
    if (node.kind !== "service") continue;
    const message = () =>
      component.length === 1
        ? `${show(name.text)} is its own base.`
        : `${show(name.text)} is its own base, by way of ${show(node.base!.text)}.`;
    program.problem(file, node.base!, message);
  }
}

/** Resolves one service. */
class ServiceCheck {
  readonly #program: Program;
  readonly #lowering: Lowering;
  readonly #service: NamedService;
  readonly #file: SourceFile;
  readonly #node: ServiceNode;
  readonly #base: NamedService | undefined;
  readonly #uses = new Map<string, Use>();
  /** Where the service's own clauses say something of a message, or of `connect`. */
  readonly #own = new Map<string, Span>();

  constructor(
    program: Program,
    lowering: Lowering,
    service: NamedService,
    node: ServiceNode,
    base: NamedService | undefined,
  ) {
    this.#program = program;
    this.#lowering = lowering;
    this.#service = service;
    this.#file = service.file;
    this.#node = node;
    this.#base = base;
  }

  run(): void {
    const inherited = this.#base?.resolved;
    if (inherited !== undefined) {
      if (!this.#program.spend(inherited.uses.size, this.#file, this.#service.name)) return;
      for (const [action, use] of inherited.uses) this.#uses.set(action, use);
    }
    const own = this.#node.auth && checkAuth(this.#program, this.#file, this.#node.auth);
    const auth = own ?? inherited?.auth;
    let connect = inherited?.connect;
    // In what could not be read, or in a base that is not known, there may be a rule for the whole service.
    const isUncertain = this.#node.incomplete === true || (this.#node.base !== undefined && inherited === undefined);
    for (const clause of this.#node.clauses) {
      if (clause.kind === "connect") connect = this.#connect(clause) ?? connect;
      else this.#exchange(clause, auth !== undefined || isUncertain);
    }
    // A base that has problems has been reported; without what it says, nothing more can be found out.
    if (this.#node.base !== undefined && inherited === undefined) return;
    this.#service.resolved = { uses: this.#uses, ...(auth && { auth }), ...(connect && { connect }) };
    if (this.#messages() > MAX_MESSAGE_NUMBER + 1) {
      this.#program.problem(
        this.#file,
        this.#node.name,
        `A service has ${MAX_MESSAGE_NUMBER + 1} messages at the most.`,
      );
    }
  }

  #messages(): number {
    const names = new Set<NamedType>();
    for (const { message, reply } of this.#uses.values()) {
      names.add(message);
      if (reply !== undefined) names.add(reply);
    }
    return names.size;
  }

  #connect(clause: ConnectNode): Connect | undefined {
    const isFirst = this.#once("connect", { start: clause.start, end: clause.start + "connect".length }, "`connect`");
    const { type, isComplete } = this.#lowering.record(this.#file, clause, clause.fields);
    const auth = clause.auth && checkAuth(this.#program, this.#file, clause.auth);
    if (!isFirst || !isComplete || type === undefined) return undefined;
    if (!this.#program.spend(this.#lowering.count(type), this.#file, clause)) return undefined;
    return { file: this.#file, fields: clause.fields, type, ...(auth && { auth }) };
  }

  #exchange(clause: ExchangeNode, isCovered: boolean): void {
    const auth = clause.auth && checkAuth(this.#program, this.#file, clause.auth);
    for (const node of clause.uses) {
      const action = `${clause.kind} ${node.message.text}`;
      const message = this.#message(node.message);
      const reply = node.reply && this.#message(node.reply);
      if (!this.#once(action, node.message, show(action))) continue;
      if (auth === undefined && !isCovered) this.#reportNoRule(clause, node);
      if (message === undefined || (node.reply !== undefined && reply === undefined)) continue;
      this.#uses.set(action, { direction: clause.kind, message, ...(reply && { reply }), ...(auth && { auth }) });
    }
  }

  #reportNoRule({ kind }: ExchangeNode, { message }: UseNode): void {
    const who = kind === "receives" ? "send" : "be sent";
    const text = () => `No rule says who may ${who} ${show(message.text)}.`;
    const hint = () => "Write `auth …` behind it, or right behind the opening brace for the whole service.";
    this.#program.problem(this.#file, message, text, hint);
  }

  /** Whether the service's own clauses have not said it before. */
  #once(action: string, place: Span, shown: string): boolean {
    const other = this.#own.get(action);
    if (other === undefined) {
      this.#own.set(action, place);
      return true;
    }
    const message = () => `${shown} stands here twice: it is at ${this.#file.source.at(other)} already.`;
    this.#program.problem(this.#file, place, message);
    return false;
  }

  #message(name: Name): NamedType | undefined {
    const file = this.#file;
    const type = file.types.get(name.text);
    if (type === undefined) {
      if (file.open) return undefined;
      const records = function*() {
        for (const [known, { node }] of file.types) if (node.kind === "record") yield known;
      };
      const hint = () => suggest(name.text, records()) ?? `Declare it: \`${name.text.slice(0, 40)} < … >\`.`;
      this.#program.problem(file, name, () => `There is no message ${show(name.text)}.`, hint);
      return undefined;
    }
    file.used.add(type);
    if (type.node.kind === "record") return type;
    if (type.node.kind === "broken") return undefined;
    const kind = type.node.kind === "enum" ? "an enum" : "another name for a type";
    const { same } = type;
    const message = () => `${show(name.text)} is ${kind}: a message is declared as \`Name < … >\`.`;
    this.#program.problem(
      file,
      name,
      message,
      () => same?.node.kind === "record" ? `Name ${show(same.name.text)} itself.` : undefined,
    );
    return undefined;
  }
}
