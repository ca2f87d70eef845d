/** Execution of the benchmark: blocks of payloads, verified once, kept in a log on disk that is synced with each block. */
import { concatBytes, digestOf, toHex, zeroDigest, type Digest, type Height } from "@guts/primitives";
import { SegmentLog } from "@guts/storage";
import type { Execution, ExecutionOutcome, Proposal, ProposalPlace } from "@guts/consensus";
import { headerHash, type Header } from "@guts/verifier";
import { isSigned, payloadsIn, readPayload } from "./payload.ts";

/** Payloads of one block. */
const blockPayloadsMax = 256;

export class PayloadChain implements Execution {
  readonly #networkId: Digest;
  readonly #log: SegmentLog;
  readonly #onCommit: (payloads: readonly Uint8Array[]) => void;
  /** Verified payloads that are not final, by number. */
  readonly #pool = new Map<number, Uint8Array>();
  readonly #executed = new Map<string, { readonly header: Header; readonly numbers: ReadonlySet<number> }>();
  #height = 0;

  constructor(networkId: Digest, directory: string, onCommit: (payloads: readonly Uint8Array[]) => void) {
    this.#networkId = networkId;
    this.#log = new SegmentLog(directory);
    this.#onCommit = onCommit;
  }

  get isEmpty(): boolean {
    return this.#pool.size === 0;
  }

  /** Takes a payload whose signature holds. */
  admit(payload: Uint8Array): void {
    if (isSigned(payload)) this.#pool.set(readPayload(payload).number, payload);
  }

  build(place: ProposalPlace, { mustPropose }: { readonly mustPropose: boolean }) {
    const taken = this.#takenUpTo(place.parent);
    const payloads: Uint8Array[] = [];
    for (const [number, payload] of this.#pool) {
      if (payloads.length === blockPayloadsMax) break;
      if (!taken.some((numbers) => numbers.has(number))) payloads.push(payload);
    }
    if (payloads.length === 0 && !mustPropose) return undefined;
    const body = concatBytes(...payloads);
    const height = (this.#executed.get(toHex(place.parent))?.header.height ?? this.#height) + 1;
    const header = this.#headerOf(place, height, body);
    this.#keep(header, payloads);
    return { header, body };
  }

  execute({ header, body }: Proposal): ExecutionOutcome {
    const payloads = payloadsIn(body);
    if (toHex(digestOf("transaction", body)) !== toHex(header.transactionsRoot)) return { outcome: "not-the-body" };
    const isValid = payloads.every((payload) => this.#pool.has(readPayload(payload).number) || isSigned(payload));
    if (!isValid) return { outcome: "invalid", code: "forged" };
    this.#keep(header, payloads);
    return { outcome: "valid" };
  }

  commit({ hash, header, body }: Proposal): void {
    this.#log.append(1, body);
    this.#log.sync();
    this.#height = header.height;
    this.#executed.delete(toHex(hash));
    const payloads = payloadsIn(body);
    for (const payload of payloads) this.#pool.delete(readPayload(payload).number);
    this.#onCommit(payloads);
  }

  discard(hash: Digest): void {
    this.#executed.delete(toHex(hash));
  }

  #keep(header: Header, payloads: readonly Uint8Array[]): void {
    const numbers = new Set(payloads.map((payload) => readPayload(payload).number));
    this.#executed.set(toHex(headerHash(header)), { header, numbers });
  }

  #takenUpTo(parent: Digest): readonly ReadonlySet<number>[] {
    const taken: ReadonlySet<number>[] = [];
    for (let at = this.#executed.get(toHex(parent)); at !== undefined;) {
      taken.push(at.numbers);
      at = this.#executed.get(toHex(at.header.parent));
    }
    return taken;
  }

  #headerOf(place: ProposalPlace, height: number, body: Uint8Array): Header {
    return {
      ...place,
      ...{ rulesVersion: 1, networkId: this.#networkId, height: height as Height },
      transactionsRoot: digestOf("transaction", body),
      ...{ resultsRoot: zeroDigest, stateRoot: zeroDigest, headersRoot: zeroDigest },
      ...{ validatorsHash: zeroDigest, nextValidatorsHash: zeroDigest },
    };
  }
}
