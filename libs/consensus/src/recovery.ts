/**
 * A core from its journal, and the journal that a core needs (docs/protocol/consensus.md, "Journal").
 *
 * What a view says counts, never where in the journal a record stands. The chain of the host is the truth about what is final: records
 * at or below it are passed over, and a chain that is behind the journal only means that older views get no vote.
 */
import { headerHash } from "@guts/verifier";
import { onCertificate } from "./core/collect.ts";
import { CoreState } from "./core/core-state.ts";
import type { Effect } from "./core/effects.ts";
import { repair, tellStatus } from "./core/repeat.ts";
import { idOf, type Instant } from "./core/terms.ts";
import { decodeJournalRecord, encodeJournalRecord, type JournalRecord } from "./journal-record.ts";
import type { ConsensusOptions, Execution } from "./ports.ts";

type RecordOf<Type extends JournalRecord["type"]> = Extract<JournalRecord, { readonly type: Type }>;

/** The core that wrote these records, as far as they go, and what it has to say first. */
export function recoverCore(
  options: ConsensusOptions,
  execution: Execution,
  records: Iterable<Uint8Array>,
  now: Instant,
): { readonly core: CoreState; readonly effects: readonly Effect[] } {
  const memory = Array.from(records, decodeJournalRecord);
  const of = <Type extends JournalRecord["type"]>(type: Type): readonly RecordOf<Type>[] =>
    memory.filter((record): record is RecordOf<Type> => record.type === type);
  const resumeAbove = Math.max(0, ...[...of("floor"), ...of("resume")].map(({ view }) => view));
  const isLost = of("instance").length === 0 || of("amnesia").some(({ view }) => view > resumeAbove);
  const core = new CoreState(options, execution, { isLost, resumeAbove }, now);
  for (const block of of("block")) recoverBlock(core, block);
  for (const { vote } of of("vote")) recoverVote(core, vote);
  for (const { certificate } of of("certificate"))
    if (certificate.epoch === options.epoch) onCertificate(core, undefined, certificate);
  if (options.finalized.certificate?.epoch === options.epoch)
    onCertificate(core, undefined, options.finalized.certificate);
  for (const { evidence } of of("evidence"))
    if (evidence.first.epoch === options.epoch) core.evidenceByValidator.set(evidence.first.validator, evidence);
  return { core, effects: firstEffects(core) };
}

/** The records that stand for everything a core must not forget. */
export function* snapshotRecords(core: CoreState): Generator<Uint8Array, undefined> {
  for (const record of snapshot(core)) yield encodeJournalRecord(record);
}

function* snapshot(core: CoreState): Generator<JournalRecord, undefined> {
  const { restoration, views, blocks, terms, evidenceByValidator } = core;
  if (restoration.standing !== "amnesiac") yield { type: "instance" };
  yield { type: "floor", view: views.floor.view };
  yield { type: "resume", view: restoration.resumeAbove };
  for (const evidence of evidenceByValidator.values()) yield { type: "evidence", evidence };
  for (const { isJournaled, proposal } of blocks.ascending())
    if (isJournaled) yield { type: "block", header: proposal.header, body: proposal.body };
  for (const state of views.ascending()) {
    for (const kind of ["notarize", "nullify", "finalize"] as const) {
      const vote = terms.self === undefined ? undefined : state.votes.of(terms.self, kind);
      if (vote !== undefined) yield { type: "vote", vote };
    }
    for (const certificate of state.certificates) yield { type: "certificate", certificate };
  }
  if (views.entry !== undefined) yield { type: "certificate", certificate: views.entry };
}

function recoverBlock(core: CoreState, { header, body }: RecordOf<"block">): void {
  const hash = headerHash(header);
  if (header.epoch !== core.terms.epoch || header.view <= core.views.floor.view) return;
  core.blocks.add(
    { header, hash, body },
    { source: undefined, isVouched: false, state: "received", isJournaled: true },
  );
}

function recoverVote(core: CoreState, vote: RecordOf<"vote">["vote"]): void {
  const { terms, views } = core;
  if (vote.epoch !== terms.epoch || vote.validator !== terms.self || vote.view <= views.floor.view) return;
  views.recoverTo(vote.view);
  const state = views.at(vote.view);
  state.setOwn(vote.kind, idOf(vote.header));
  state.votes.add(vote);
}

/** A restarted node repeats itself: nobody knows which of its frames arrived. */
function firstEffects(core: CoreState): readonly Effect[] {
  core.effects = [];
  const { current } = core.views;
  const own = current.leader === core.terms.self ? current.own.notarized : undefined;
  const block = own === undefined ? undefined : core.blocks.get(own);
  const vote = current.votes.of(current.leader, "notarize");
  if (block !== undefined && vote !== undefined) {
    const { header, body } = block.proposal;
    const parentView = core.blocks.placeOf(block.parent)?.view ?? core.views.floor.view;
    core.emit({ type: "broadcast", message: { type: "proposal", parentView, header, body, vote } });
  }
  tellStatus(core);
  repair(core);
  for (const evidence of core.evidenceByValidator.values()) core.emit({ type: "evidence", evidence });
  return core.effects;
}
