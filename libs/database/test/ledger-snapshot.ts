import type { SimulatedLedger } from "@guts/testing";
import { appliedBlockOf } from "../src/applied-block.ts";
import type { LedgerPart, LedgerSnapshot } from "../src/read-model.ts";

/** The whole of a simulated ledger as it is now, as a node's stores would give it. */
export function snapshotOf(ledger: SimulatedLedger, since: LedgerSnapshot["since"] = () => undefined): LedgerSnapshot {
  const { height, hash } = ledger.tip;
  const entries = [...ledger.state.entries()];
  const whole: LedgerPart = {
    blocks: () => ledger.blocks.map(appliedBlockOf),
    changes: () => entries.map(([key, value]) => ({ key, value })),
    contents: () => ledger.texts,
    events: () => ledger.events,
  };
  return { height, headerHash: hash, whole: () => whole, since };
}
