/** Another node of the network of a test, whose word the test gives. */
import { randomBytes } from "node:crypto";

import { signInRequestOf, voucherIdOf, type LedgerCommand } from "@guts/ledger";
import { visitScopes } from "@guts/governance";
import { nodeIdOf, publicKeyOf, toHex, type NodeId, type PrivateSeed, type TimeMs } from "@guts/primitives";

import type { NetworkView } from "../ports/index.ts";
import { drawSeed } from "./drawn.fixture.ts";
import type { MemoryLedger } from "./memory-ledger.fixture.ts";
import { aloneNetwork, type TestAccount, type TestNode } from "./test-node.fixture.ts";

/** What a test has in its hands of somebody who wants to sign in elsewhere; both in base64url. */
export interface VisitSecrets {
  readonly secret: string;
  readonly code: string;
}

export class OtherNode {
  readonly id: NodeId;
  readonly #seed: PrivateSeed;
  readonly #node: TestNode;

  private constructor(node: TestNode, seed: PrivateSeed) {
    this.#node = node;
    this.#seed = seed;
    this.id = nodeIdOf(publicKeyOf(seed));
  }

  /** Admits the node by the word of an administrator of the test's network. */
  static async join(node: TestNode, { id, seed }: TestAccount, name: string): Promise<OtherNode> {
    const other = new OtherNode(node, drawSeed());
    await other.#act(node.sign({ kind: "node.admit", payload: { node: other.id, name } }, id, seed));
    return other;
  }

  /** Makes it a home of the account too. */
  async delegate({ id, seed }: TestAccount): Promise<void> {
    const grant = { kind: "delegation.grant", payload: { node: this.id } } as const;
    await this.#act(this.#node.sign(grant, id, seed));
  }

  /** What it admits for an account that has made it a home. */
  async submit({ id }: TestAccount, command: LedgerCommand): Promise<void> {
    const outcome = await this.#node.ledger.submitFrom(this.#seed, id, command);
    if (outcome.outcome !== "applied") throw new TypeError(JSON.stringify(outcome));
  }

  /** Vouches for a sign-in of the account at the test's node, as if its person had agreed here. */
  async vouch(account: TestAccount, secret = randomBytes(32)): Promise<VisitSecrets> {
    const { ledger } = this.#node;
    const code = randomBytes(32);
    const payload = {
      id: voucherIdOf(signInRequestOf(new Uint8Array(secret)), new Uint8Array(code)),
      node: ledger.nodeId,
      scopes: visitScopes,
      expiresTime: (ledger.time() + 120_000) as TimeMs,
    };
    await this.submit(account, { kind: "voucher.create", payload });
    return { secret: secret.toString("base64url"), code: code.toString("base64url") };
  }

  /** What a browser sends along that wants to sign in. */
  newRequest(): string {
    return toHex(signInRequestOf(new Uint8Array(randomBytes(32))));
  }

  async #act(envelope: string): Promise<void> {
    const answer = await fetch(`${this.#node.url}/api/guts/transactions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ envelope }),
    });
    const outcome = (await answer.json()) as { readonly outcome?: string };
    if (outcome.outcome !== "applied") throw new TypeError(JSON.stringify(outcome));
  }
}

/** A view of the network in which every other admitted node is connected and has told its address. */
export function seesOtherNodes(
  ledger: MemoryLedger,
  urlOf: (name: string) => string | undefined = (name) => `https://${name}.example.org`,
): NetworkView {
  const told = { isConnected: true, height: undefined, version: undefined, rttMs: undefined, lastSeenMs: undefined };
  const others = () => [...ledger.state().nodes()].filter(([nodeId]) => nodeId !== ledger.nodeId);
  return {
    ...aloneNetwork(ledger),
    peers: () =>
      others().map(([nodeId, { name }]) => ({ ...told, nodeId, url: urlOf(name), bytesReceived: 0, bytesSent: 0 })),
  };
}
