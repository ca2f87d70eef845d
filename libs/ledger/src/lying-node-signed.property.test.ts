/**
 * A node that lies about signed pushes: it has what people's git signed, a quorum's receipt for whatever it likes, and the
 * choice of everything in the envelope that nobody signed. It tries each certificate as another push, in another repository,
 * by other terms, and again later. Only the push that the certificate says may come of it, and once.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  isZeroObjectId,
  parseRefName,
  toHex,
  type Digest,
  type Height,
  type ObjectId,
  type TimeMs,
} from "@guts/primitives";
import { RandomUsers, SimulatedLedger, type SimulatedCommand } from "@guts/testing";
import { decodeEnvelope } from "./block.ts";
import { executeTransaction, type TransactionOutcome } from "./execute-transaction.ts";
import type { KindName, PayloadOf } from "./kinds/index.ts";
import { Overlay } from "./state.ts";
import { removeRow, scanRows, writeRow } from "./table.ts";
import * as tables from "./tables.ts";
import { transactionId, type TransactionBody } from "./transaction.ts";

type Push = PayloadOf<"refs.change">;
interface SignedCommand extends SimulatedCommand {
  readonly command: { readonly kind: "refs.change"; readonly payload: Push };
  readonly signer: Extract<SimulatedCommand["signer"], { readonly certificate: unknown }>;
}

/** A push that a node tries, with what it writes into the body itself. */
interface Lie {
  readonly payload: Push;
  readonly terms: Partial<TransactionBody>;
  readonly stepMs: number;
  /** Whether the push's refs are where they were when it was signed. */
  readonly isBack?: true;
  readonly networkId?: Digest;
}

/** Certificates that are tried again in each block. */
const keptMax = 30;
/** What decides about a push, so that signed ones are many. */
const aroundPushes: ReadonlySet<KindName> = new Set([
  "repository.create",
  "collaborator.add",
  "refs.change",
  "branch.rename",
  "protection.set",
  "protection.remove",
  "key.add",
  "key.revoke",
  "credential.create",
  "credential.revoke",
  "ssh-signing-key.add",
  "ssh-signing-key.remove",
]);
const otherNetwork = new Uint8Array(32).fill(7) as Digest;

class DeceivedLedger extends SimulatedLedger {
  readonly wrong: string[] = [];
  readonly outcomes = new Map<string, number>();
  readonly #kept: { readonly signed: SignedCommand; readonly isApplied: boolean }[] = [];

  override appendBlock(stepMs: number, commands: readonly SimulatedCommand[]) {
    const signed = commands.filter((each): each is SignedCommand => "certificate" in each.signer);
    for (const each of signed) this.#lieAbout(each, stepMs);
    for (const { signed: earlier, isApplied } of this.#kept) if (isApplied) this.#tryAgain(earlier, stepMs);
    const block = super.appendBlock(stepMs, commands);
    const applied = new Set(block.events.map((event) => toHex(event.transactionId)));
    for (const each of signed) {
      const isApplied = applied.has(toHex(transactionId(this.bodyOf(each, block.header.time))));
      this.#count(isApplied ? "applied" : "not applied");
      this.#kept.push({ signed: each, isApplied });
    }
    this.#kept.splice(0, this.#kept.length - keptMax);
    return block;
  }

  /** Pushes that the certificate of `push` does not say. */
  *#lies(push: Push): Generator<readonly [string, Push]> {
    const [first, ...others] = push.updates;
    const newId = "e".repeat(first!.newId.length) as ObjectId;
    const name = parseRefName("refs/heads/elsewhere")!;
    if (others.length > 0) yield ["a part", { ...push, updates: others }];
    yield ["another object", { ...push, updates: [{ ...first!, newId, newType: "commit" }, ...others] }];
    yield ["another ref", { ...push, updates: [{ ...first!, name }, ...others] }];
    const oldId = this.forge.ref(push.repository, first!.name) === first!.oldId ? newId : first!.oldId;
    if (oldId !== first!.oldId) yield ["another old object", { ...push, updates: [{ ...first!, oldId }, ...others] }];
    yield ["one ref more", { ...push, updates: [...push.updates, { ...first!, name }] }];
    yield ["each ref by itself", { ...push, isAtomic: false }];
    yield ["options", { ...push, pushOptions: [...push.pushOptions, "x"] }];
    for (const [repository] of [...scanRows(this.state, tables.repositoryTable)].slice(0, 4))
      if (repository !== push.repository) yield ["another repository", { ...push, repository }];
  }

  #lieAbout(signed: SignedCommand, stepMs: number): void {
    const { payload: said } = signed.command;
    for (const [what, payload] of this.#lies(said))
      for (const terms of this.#terms()) this.#expectNothing(what, this.#tell(signed, { payload, terms, stepMs }));
    const elsewhere = this.#tell(signed, { payload: said, terms: {}, stepMs, networkId: otherNetwork });
    this.#expectNothing("another network", elsewhere);
  }

  /** What was carried out once, with a new receipt and on a state where its refs are back where they were. */
  #tryAgain(signed: SignedCommand, stepMs: number): void {
    const { payload } = signed.command;
    for (const terms of this.#terms())
      this.#expectNothing("again", this.#tell(signed, { payload, terms, stepMs, isBack: true }));
  }

  #expectNothing(what: string, { outcome }: TransactionOutcome): void {
    this.#count(what);
    if (outcome !== "inadmissible") this.wrong.push(`${what}: ${outcome}`);
  }

  /** What a node could write into the body beside what follows from the certificate: a key and a life of its own. */
  *#terms(): Generator<Partial<TransactionBody>> {
    const { time, height } = this.tip;
    const life = { expiresTime: (time + 60_000) as TimeMs, expiresHeight: (height + 100) as Height };
    const idempotencyKey = this.random.bytes(16);
    yield {};
    yield { idempotencyKey };
    yield life;
    yield { ...life, idempotencyKey };
  }

  /** The verdict on a copy of the state. */
  #tell(signed: SignedCommand, lie: Lie): TransactionOutcome {
    const { stepMs, terms, networkId = this.networkId } = lie;
    const state = new Overlay(this.state);
    if (lie.isBack === true) putBack(state, signed.command.payload);
    const command = { ...signed, command: { kind: "refs.change", payload: this.#certified(lie.payload) } } as const;
    const { time } = this.placeAfter(stepMs);
    const body = { ...this.bodyOf(command, time), networkId, ...terms };
    const envelope = decodeEnvelope(this.envelopeOf(command, body))!;
    return executeTransaction(state, envelope, { networkId, height: (this.tip.height + 1) as Height, time, index: 0 });
  }

  #certified(payload: Push): Push {
    const { repository, updates, packs, receipt } = payload;
    const { signatures: _signatures, ...terms } = receipt;
    const current = { ...terms, baseHeight: 0 as Height, expiresHeight: (this.tip.height + 10) as Height };
    const signatures = this.certify({ networkId: this.networkId, repository, updates, packs, ...current });
    return { ...payload, receipt: { ...current, signatures } };
  }

  #count(what: string): void {
    this.outcomes.set(what, (this.outcomes.get(what) ?? 0) + 1);
  }
}

/** As if somebody had pushed the refs back since. */
function putBack(state: Overlay, { repository, updates }: Push): void {
  for (const { name, oldId } of updates) {
    const key = { repository, name };
    if (isZeroObjectId(oldId)) removeRow(state, tables.refTable, key);
    else writeRow(state, tables.refTable, key, oldId);
  }
}

test("of a signed push comes what was signed and nothing else, whatever a node makes of it", () => {
  const outcomes = new Map<string, number>();
  fc.assert(
    fc.property(fc.nat(1_000_000), (seed) => {
      const ledger = new DeceivedLedger(seed);
      const users = new RandomUsers(ledger, aroundPushes);
      for (let height = 0; height < 25; height++) users.appendBlock(6);
      for (const [what, count] of ledger.outcomes) outcomes.set(what, (outcomes.get(what) ?? 0) + count);
      expect(ledger.wrong).toEqual([]);
    }),
    { numRuns: 4 },
  );
  // Where nothing was signed and applied, nothing would be shown.
  for (const what of ["applied", "again", "another network", "another ref", "options", "another repository"])
    expect([what, outcomes.get(what) ?? 0]).not.toEqual([what, 0]);
}, 120_000);
