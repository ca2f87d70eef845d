import { refuseCredential } from "@guts/governance";
import type { Credential } from "@guts/ledger";
import type { TimeMs } from "@guts/primitives";

import type { Clock, Ledger } from "../ports/index.ts";

interface Needs {
  readonly ledger: Pick<Ledger, "state" | "time" | "nodeId">;
  readonly clock: Clock;
}

/** The ledger's time stands still on an idle network, so the wall clock may end a credential earlier, never later. */
export function isGoodHere({ ledger, clock }: Needs, credential: Credential): boolean {
  const time = Math.max(ledger.time(), clock.nowMs()) as TimeMs;
  return refuseCredential(credential, ledger.nodeId, time) === undefined;
}

/** Whether a credential that was good here is so still. */
export function isStillGood(needs: Needs, { id }: Pick<Credential, "id">): boolean {
  const credential = needs.ledger.state().credential(id);
  return credential !== undefined && isGoodHere(needs, credential);
}
