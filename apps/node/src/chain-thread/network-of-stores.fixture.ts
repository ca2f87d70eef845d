/** For tests: the stores, pools and executions of several nodes of one network, without consensus and without a network. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentRefOf, type Content, type LedgerCommand, type PayloadOf } from "@guts/ledger";
import {
  parseHandle,
  publicKeyOf,
  signMessage,
  toHex,
  utf8,
  type Digest,
  type PrivateSeed,
  type TimeMs,
} from "@guts/primitives";
import { SimulatedLedger } from "@guts/testing";
import { headerHash, voteBytes, type Certificate, type Header } from "@guts/verifier";
import type { Proposal } from "@guts/consensus";
import { Chain, type AppliedBlock } from "../chain/chain.ts";
import { LedgerExecution } from "./ledger-execution.ts";
import { PendingPool } from "./pending-pool.ts";

/** One node's stores. */
export interface TestNode {
  readonly chain: Chain;
  readonly pool: PendingPool;
  readonly execution: LedgerExecution;
  readonly applied: AppliedBlock[];
}

/** A network whose validators are those of a simulated ledger. */
export class NetworkOfStores implements Disposable {
  readonly ledger = new SimulatedLedger(5);
  readonly #directory = mkdtempSync(join(tmpdir(), "guts-stores-"));
  readonly #chains: Chain[] = [];
  #time = this.ledger.genesis.time as number;
  #view = 0;

  /** Another node with empty stores. */
  addNode(): TestNode {
    const directory = join(this.#directory, String(this.#chains.length));
    mkdirSync(directory);
    const chain = Chain.openForWriting(directory, this.ledger.genesis);
    this.#chains.push(chain);
    const pool = new PendingPool();
    const applied: AppliedBlock[] = [];
    const execution = new LedgerExecution({ chain, pool, onApplied: (block) => applied.push(block) });
    return { chain, pool, execution, applied };
  }

  /** A sign-up, signed by a new root key and admitted by the first validator. */
  signUp(
    handle: string,
    seed: PrivateSeed = this.ledger.newSeed(),
  ): { readonly raw: Uint8Array; readonly seed: PrivateSeed } {
    const payload: PayloadOf<"account.create"> = {
      handle: parseHandle(handle)!,
      rootKey: publicKeyOf(seed),
      deviceKey: undefined,
      homeNode: undefined,
      invitation: undefined,
    };
    return { seed, raw: this.envelope({ kind: "account.create", payload }, 0, seed) };
  }

  /** A change of an account's profile with a text beside it. */
  changeName(
    account: number,
    seed: PrivateSeed,
    name: string,
  ): { readonly raw: Uint8Array; readonly content: Content } {
    const content = { salt: this.ledger.random.bytes(16), text: utf8(name) };
    const displayName = { value: contentRefOf(content) };
    const payload = { displayName, bio: undefined, location: undefined, website: undefined };
    return { content, raw: this.envelope({ kind: "account.update", payload }, account, seed) };
  }

  /** A command of an account, signed by its key and admitted by the first validator. */
  envelope(command: LedgerCommand, account: number, seed: PrivateSeed): Uint8Array {
    const signer = { type: "key", seed } as const;
    const simulated = { command, account, signer, node: this.ledger.nodes[0] };
    return this.ledger.envelopeOf(simulated, this.ledger.bodyOf(simulated, this.#time as TimeMs));
  }

  /** The next place on `parent`: later views and times come with each call. */
  place(parent: Digest) {
    this.#time += 1_000;
    this.#view++;
    return { parent, epoch: 0, view: this.#view, proposer: 0, time: this.#time as TimeMs };
  }

  /** What a node proposes on `parent`. */
  propose(node: TestNode, parent: Digest = node.chain.state.tip.hash): Proposal {
    const { header, body } = node.execution.build(this.place(parent), { mustPropose: true })!;
    return { header, body, hash: headerHash(header) };
  }

  /** The finalization of a block by all validators. */
  finalize(header: Header): Certificate {
    const statement = { epoch: 0, kind: "finalize", view: header.view, header: headerHash(header) } as const;
    const message = voteBytes({ networkId: this.ledger.networkId, ...statement });
    return {
      ...statement,
      votes: this.ledger.nodes.map(({ seed }, validator) => ({ validator, signature: signMessage(seed, message) })),
    };
  }

  [Symbol.dispose](): void {
    for (const chain of this.#chains) chain.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Texts under the hexadecimal of their digests. */
export function named(...contents: readonly Content[]): ReadonlyMap<string, Content> {
  return new Map(contents.map((content) => [toHex(contentRefOf(content).digest), content]));
}
