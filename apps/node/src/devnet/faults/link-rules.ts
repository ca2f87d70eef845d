/** What is wrong with the links between nodes, and the words that change it. Pure. */
import { assertNever } from "@guts/primitives";

/** A link between two nodes, in both directions. */
export interface LinkRule {
  /** Nothing passes; what was sent meanwhile waits, as it does in a network. */
  readonly isCut: boolean;
  /** One way, in milliseconds. */
  readonly delayMs: number;
}

/** A change that somebody asked for. */
export type FaultCommand =
  | { readonly action: "partition"; readonly left: readonly string[]; readonly right: readonly string[] }
  | { readonly action: "delay"; readonly nodes: readonly string[]; readonly delayMs: number }
  | { readonly action: "heal"; readonly nodes: readonly string[] }
  | { readonly action: "status" };

/** Longest delay that can be asked for. */
export const delayMsMax = 60_000;

const healthy: LinkRule = { isCut: false, delayMs: 0 };

/** The rules of all links of a devnet; every link is healthy until somebody says otherwise. */
export class LinkRules {
  readonly #ruleByLink = new Map<string, LinkRule>();

  /** The rule between two nodes, whichever is named first. */
  ruleOf(one: string, other: string): LinkRule {
    return this.#ruleByLink.get(linkOf(one, other)) ?? healthy;
  }

  /** Carries a command out on the links among `nodes`. */
  apply(command: FaultCommand, nodes: readonly string[]): void {
    for (const [one, other] of pairsOf(nodes)) {
      const changed = changedRule(command, [one, other], this.ruleOf(one, other));
      this.#ruleByLink.set(linkOf(one, other), changed);
    }
  }

  /** Every link that is not healthy, in words: `node0 - node1: cut`. */
  describe(nodes: readonly string[]): readonly string[] {
    return pairsOf(nodes).flatMap(([one, other]) => {
      const { isCut, delayMs } = this.ruleOf(one, other);
      const words = [...(isCut ? ["cut"] : []), ...(delayMs > 0 ? [`${delayMs} ms each way`] : [])];
      return words.length === 0 ? [] : [`${one} - ${other}: ${words.join(", ")}`];
    });
  }
}

/** Reads a command's words; a string says what is wrong with them. */
export function parseFault(words: readonly string[], nodes: readonly string[]): FaultCommand | string {
  const [action, first, ...rest] = words;
  const named = action === "delay" ? [first] : [first, rest[0]];
  const stranger = named.flatMap((word) => listOf(word ?? "")).find((name) => !nodes.includes(name));
  if (stranger !== undefined) return `there is no ${stranger}; the nodes are ${nodes.join(", ")}`;
  switch (action) {
    case "partition": {
      if (first === undefined || rest.length > 1)
        return "partition takes the nodes of one side, and perhaps of the other";
      const left = listOf(first);
      const right = rest[0] === undefined ? nodes.filter((node) => !left.includes(node)) : listOf(rest[0]);
      if (left.some((node) => right.includes(node))) return "a node cannot be on both sides";
      return right.length === 0 ? "there is nobody on the other side" : { action, left, right };
    }
    case "delay": {
      const delayMs = /^(\d{1,5})ms$/.exec(rest[0] ?? "")?.[1];
      if (first === undefined || delayMs === undefined || rest.length > 1 || Number(delayMs) > delayMsMax)
        return `delay takes nodes and a time up to ${delayMsMax}ms, such as: delay node3 200ms`;
      return { action, nodes: listOf(first), delayMs: Number(delayMs) };
    }
    case "heal":
      return rest.length > 0
        ? "heal takes nodes with commas between them, or nothing"
        : { action, nodes: listOf(first ?? "") };
    case "status":
      return { action };
    default:
      return "choose one of partition, delay, heal, status";
  }
}

function changedRule(command: FaultCommand, [one, other]: readonly [string, string], rule: LinkRule): LinkRule {
  switch (command.action) {
    case "partition": {
      const isBetween = (left: readonly string[], right: readonly string[]) =>
        left.includes(one) && right.includes(other);
      const { left, right } = command;
      return isBetween(left, right) || isBetween(right, left) ? { ...rule, isCut: true } : rule;
    }
    case "delay":
      return isNamed(command.nodes, one, other) ? { ...rule, delayMs: command.delayMs } : rule;
    case "heal":
      return command.nodes.length === 0 || isNamed(command.nodes, one, other) ? healthy : rule;
    case "status":
      return rule;
    default:
      return assertNever(command);
  }
}

function isNamed(nodes: readonly string[], one: string, other: string): boolean {
  return nodes.includes(one) || nodes.includes(other);
}

function pairsOf(nodes: readonly string[]): readonly (readonly [string, string])[] {
  return nodes.flatMap((one, index) => nodes.slice(index + 1).map((other) => [one, other] as const));
}

function linkOf(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}

function listOf(words: string): readonly string[] {
  return words.split(",").filter((word) => word !== "");
}
