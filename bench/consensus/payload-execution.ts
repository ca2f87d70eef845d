/**
 * The least that consensus can order: signed payloads, each verified once, in blocks of a few. There is no state; what is final
 * is only counted, so that what is measured is consensus, its journal and the network.
 */
import {
  concatBytes,
  digestOf,
  equalBytes,
  toHex,
  zeroDigest,
  type Digest,
  type Height,
  type TimeMs,
} from "@guts/primitives";
import type { Execution, ExecutionOutcome, FinalizedBlock, Proposal, ProposalPlace } from "@guts/consensus";
import { headerHash, type Certificate, type Header } from "@guts/verifier";
import { payloadBytes, payloadName, verifyPayload } from "./payload.ts";

/** Told of what happens to blocks. */
export interface BlockListener {
  onBuilt(hash: Digest): void;
  onFinal(proposal: Proposal, payloads: readonly string[]): void;
}

/** A block that is not final yet. */
interface Candidate {
  readonly header: Header;
  readonly payloads: ReadonlySet<string>;
}

/** Execution of one validator, with the payloads that wait. */
export class PayloadExecution implements Execution {
  /** Most payloads of a block that this node builds. */
  blockPayloadsMax = 1;
  readonly #networkId: Digest;
  readonly #listener: BlockListener;
  readonly #pool = new Map<string, Uint8Array>();
  readonly #final = new Set<string>();
  readonly #candidates = new Map<string, Candidate>();
  #tip: FinalizedBlock;

  constructor(networkId: Digest, genesisTime: TimeMs, listener: BlockListener) {
    this.#networkId = networkId;
    this.#listener = listener;
    this.#tip = { hash: networkId, height: 0 as Height, view: 0, time: genesisTime };
  }

  /** Where the chain ends. */
  get tip(): FinalizedBlock {
    return this.#tip;
  }

  /** How many payloads wait. */
  get waitingCount(): number {
    return this.#pool.size;
  }

  /** Takes a payload in after verifying it, unless a block was faster. Throws when it is not what its author signed: nobody here cheats. */
  add(payload: Uint8Array): string {
    const name = payloadName(payload);
    if (this.#final.has(name)) return name;
    if (!verifyPayload(payload)) throw new TypeError("a payload with a wrong signature");
    this.#pool.set(name, payload);
    return name;
  }

  build(place: ProposalPlace, { mustPropose }: { readonly mustPropose: boolean }) {
    const included = this.#includedSince(place.parent);
    const chosen = new Map<string, Uint8Array>();
    for (const [name, payload] of this.#pool) {
      if (chosen.size === this.blockPayloadsMax) break;
      if (!included.some((names) => names.has(name))) chosen.set(name, payload);
    }
    if (chosen.size === 0 && !mustPropose) return undefined;
    const body = concatBytes(...chosen.values());
    const height = (this.#candidates.get(toHex(place.parent))?.header.height ?? this.#tip.height) + 1;
    const header = headerOf(this.#networkId, { ...place, height: height as Height }, body);
    const hash = headerHash(header);
    this.#candidates.set(toHex(hash), { header, payloads: new Set(chosen.keys()) });
    this.#listener.onBuilt(hash);
    return { header, body };
  }

  execute({ header, hash, body }: Proposal): ExecutionOutcome {
    if (!equalBytes(header.transactionsRoot, digestOf("transaction", body))) return { outcome: "not-the-body" };
    const payloads = new Set<string>();
    for (let at = 0; at < body.length; at += payloadBytes) {
      const payload = body.subarray(at, at + payloadBytes);
      const name = payloadName(payload);
      if (!this.#pool.has(name) && !verifyPayload(payload)) return { outcome: "invalid", code: "wrong-signature" };
      payloads.add(name);
    }
    this.#candidates.set(toHex(hash), { header, payloads });
    return { outcome: "valid" };
  }

  commit(proposal: Proposal, certificate: Certificate): void {
    const { header, hash } = proposal;
    const payloads = [...this.#candidates.get(toHex(hash))!.payloads];
    for (const name of payloads) {
      this.#pool.delete(name);
      this.#final.add(name);
    }
    this.#candidates.delete(toHex(hash));
    this.#tip = { hash, height: header.height, view: header.view, time: header.time, header, certificate };
    this.#listener.onFinal(proposal, payloads);
  }

  discard(hash: Digest): void {
    this.#candidates.delete(toHex(hash));
  }

  #includedSince(parent: Digest): readonly ReadonlySet<string>[] {
    const included: ReadonlySet<string>[] = [];
    for (let at = this.#candidates.get(toHex(parent)); at !== undefined;) {
      included.push(at.payloads);
      at = this.#candidates.get(toHex(at.header.parent));
    }
    return included;
  }
}

function headerOf(networkId: Digest, place: ProposalPlace & { readonly height: Height }, body: Uint8Array): Header {
  return {
    ...place,
    ...{ rulesVersion: 1, networkId, transactionsRoot: digestOf("transaction", body) },
    ...{ resultsRoot: zeroDigest, stateRoot: zeroDigest, headersRoot: zeroDigest },
    ...{ validatorsHash: zeroDigest, nextValidatorsHash: zeroDigest },
  };
}
