import { fromHex } from "@guts/primitives";
import { checkTransactionProof, provenAct } from "@guts/ledger";
import { expect, test } from "vitest";

import { NetworkOfStores } from "../chain-thread/network-of-stores.fixture.ts";
import { StoredChain } from "./stored-chain.ts";

test("proves every transaction of a block from what the stores hold, and nothing else", () => {
  using network = new NetworkOfStores();
  const node = network.addNode();
  const own = { isOwn: true, isFinal: () => false };
  for (const handle of ["ada", "bob", "eve"]) node.pool.add(network.signUp(handle).raw, new Map(), own);
  const proposal = network.propose(node);
  node.execution.commit(proposal, network.finalize(proposal.header));
  const chain = new StoredChain(node.chain);
  const { networkId, genesis } = network.ledger;
  const { results, header } = node.applied[0]!.block;
  expect(results).toHaveLength(3);
  for (const [index, { transactionId }] of results.entries()) {
    const bytes = chain.proof(transactionId)!;
    const checked = checkTransactionProof(bytes, networkId, genesis.validators);
    expect(checked).toMatchObject({ proven: { id: transactionId, kind: "account.create", header } });
    const { proven } = checked as Extract<typeof checked, { readonly proven: unknown }>;
    const account = index + 1;
    const about = ["ada", "bob", "eve"][index];
    expect(provenAct(proven)).toMatchObject({ action: "user.create", actor: account, target: account, about });
    const refused = { type: "rejected", code: "handle-taken" } as const;
    expect(provenAct({ ...proven, record: { ...proven.record, verdict: refused } })).toBeUndefined();
    const forged = Uint8Array.from(bytes);
    const at = forged.length - 40;
    forged[at] = forged[at]! ^ 1;
    expect(checkTransactionProof(forged, networkId, genesis.validators).refusal).toBeDefined();
    expect(checkTransactionProof(bytes.subarray(1), networkId, genesis.validators)).toEqual({ refusal: "malformed" });
  }
  expect(chain.proof(fromHex("00".repeat(32)) as never)).toBeUndefined();
});
