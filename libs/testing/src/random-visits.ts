/** Sign-ins at nodes that are no home, without a plan: vouchers, and what comes of them. */
import { parseDigest, type AccountId, type Digest, type TimeMs } from "@guts/primitives";
import { allScopes, visitScopes } from "@guts/governance";
import { ledgerLimits, scanRows, tables, type Credential, type PayloadOf } from "@guts/ledger";
import type { SimulatedLedger } from "./simulated-ledger.ts";

/** A voucher for one of the nodes; now and then for itself, for too long or for too much. */
export function randomVoucher(ledger: SimulatedLedger): PayloadOf<"voucher.create"> {
  const { random } = ledger;
  return {
    id: newId(ledger),
    node: random.pick(ledger.nodes).id,
    scopes: random.oneIn(8) ? allScopes : random.oneIn(3) ? 0 : visitScopes,
    expiresTime: (ledger.tip.time + 60_000 + random.below(ledgerLimits.voucherLifeMsMax)) as TimeMs,
  };
}

/** What a voucher is turned into. */
export function randomVisit(ledger: SimulatedLedger, label: string): PayloadOf<"voucher.redeem"> {
  const lifeMs = 60_000 + ledger.random.below(2 * ledgerLimits.visitLifeMsMax);
  return { id: newId(ledger), label, expiresTime: (ledger.tip.time + lifeMs) as TimeMs };
}

/** A voucher that has rows, of this account where one is given. */
export function someVoucher(ledger: SimulatedLedger, account?: AccountId): Credential | undefined {
  const vouchers = [...scanRows(ledger.state, tables.credentialTable)].filter(
    ([, row]) => row.kind === "voucher" && (account === undefined || row.account === account),
  );
  const found = ledger.random.pick(vouchers);
  return found === undefined ? undefined : { id: found[0], ...found[1] };
}

function newId({ random }: SimulatedLedger): Digest {
  return parseDigest(random.bytes(32))!;
}
