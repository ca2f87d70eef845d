import { fromHex } from "@guts/primitives";
import { actOf, checkEventLogProof, checkTransactionProof, provenAct, readWholeLog } from "@guts/ledger";
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

test("proves that an event log is whole, so that nothing in it can be left out or altered", () => {
  using network = new NetworkOfStores();
  const node = network.addNode();
  const own = { isOwn: true, isFinal: () => false };
  for (const handle of ["ada", "bob"]) node.pool.add(network.signUp(handle).raw, new Map(), own);
  const proposal = network.propose(node);
  node.execution.commit(proposal, network.finalize(proposal.header));
  const chain = new StoredChain(node.chain);
  const { networkId, genesis } = network.ledger;
  const at = { networkId, validators: genesis.validators };
  const [ada, bob, nobody] = [1, 2, 3].map((id) => ({ type: "account", id }) as const);
  const events = chain.eventLog(ada!, Number.MAX_SAFE_INTEGER, 10);
  const checked = checkEventLogProof(chain.eventLogProof(ada!)!, ada!, at);
  const { proven } = checked as Extract<typeof checked, { readonly proven: unknown }>;
  expect(proven).toMatchObject({ header: { height: proposal.header.height }, range: { count: 1 } });
  const whole = readWholeLog(events, ada!, proven.range);
  expect("events" in whole && whole.events.map(actOf)).toMatchObject([{ action: "user.create", about: "ada" }]);
  const refusalOf = (given: readonly Uint8Array[]) => readWholeLog(given, ada!, proven.range).refusal;
  const others = chain.eventLog(bob!, Number.MAX_SAFE_INTEGER, 10);
  const altered = Uint8Array.from(events[0]!);
  altered[20] = altered[20]! ^ 1;
  expect([[], [...events, ...events], others, [altered], [altered.subarray(1)]].map(refusalOf)).toEqual([
    "incomplete",
    "incomplete",
    "other-log",
    "altered",
    "malformed",
  ]);
  expect(checkEventLogProof(chain.eventLogProof(bob!)!, ada!, at)).toEqual({ refusal: "other-log" });
  const empty = checkEventLogProof(chain.eventLogProof(nobody!)!, nobody!, at);
  expect(empty).toMatchObject({ proven: { range: { count: 0 } } });
  const forged = Uint8Array.from(chain.eventLogProof(ada!)!);
  forged[forged.length - 1] = forged.at(-1)! ^ 1;
  expect(checkEventLogProof(forged, ada!, at).refusal).toBe("not-in-state");
});
