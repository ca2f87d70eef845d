/**
 * `node bench/execution/worst-block.ts`: how long the slowest blocks take that the limits allow.
 *
 * Each line is one block of one kind of transaction, made as expensive as its formats allow, executed on a state in memory:
 * the milliseconds of processor time that this thread took, which other programs on the machine hardly change.
 * Signatures of envelopes are checked before, as a node does on admission; what is verified during execution is included.
 */
import {
  parseDigest,
  parseHandle,
  parseObjectId,
  parseRefName,
  parseRepositoryName,
  publicKeyOf,
  signMessage,
  zeroObjectId,
  type AccountId,
  type Height,
  type PrivateSeed,
  type PublicKey,
  type RepositoryId,
  type Signature,
} from "@guts/primitives";
import {
  BlockExecution,
  factsVersion,
  ledgerLimits,
  placementAllValidators,
  provePossession,
  type CertifiedUpdate,
  type LedgerCommand,
} from "@guts/ledger";
import { allScopes } from "@guts/governance";
import { SimulatedLedger, type SimulatedCommand } from "@guts/testing";

const { blockTransactionsMax, refUpdatesPerPushMax, credentialsPerAccountMax } = ledgerLimits;
const ledger = new SimulatedLedger(1);
const node = ledger.nodes[0];
const rootSeed = ledger.newSeed();
const account = signUp("bench", rootSeed);
const repository = makeRepository("bench");

measure("repository.create", (index) => byKey(createRepository(`r${index}`)));
measure("account.create with a device key", (index) => {
  const seed = ledger.newSeed();
  return { ...byKey(accountCreate(`user${index}`, seed, true)), account: 0, signer: { type: "key", seed } };
});
measure("key.add with a wrong proof", () => {
  const key = publicKeyOf(ledger.newSeed());
  const possession = provePossession(rootSeed, ledger.networkId, { type: "account", account });
  return byKey({ kind: "key.add", payload: { key, role: "device", label: "x", possession } });
});
measure("key.add", () => {
  const seed = ledger.newSeed();
  const possession = provePossession(seed, ledger.networkId, { type: "account", account });
  return byKey({ kind: "key.add", payload: { key: publicKeyOf(seed), role: "device", label: "x", possession } });
});
measure("refs.update of one ref", (index) => push([created(`refs/heads/one-${index}`)]));
measure("refs.update with a forged receipt", (index) => push([created(`refs/heads/forged-${index}`)], "forged"));
measure("refs.update of many short refs", (index) => push(manyRefs((at) => `refs/heads/${index}-${at}`)));
measure("refs.update of many deep refs", (index) =>
  push(manyRefs((at) => `refs/heads/${index}-${at}${"/x".repeat(100)}`).slice(0, 35)),
);
fillCredentials();
const other = ledger.nodes[1].id;
measure("delegation.grant and .revoke over many credentials", (index) => {
  return byKey({ kind: index % 2 === 0 ? "delegation.grant" : "delegation.revoke", payload: { node: other } });
});

function measure(what: string, commandAt: (index: number) => SimulatedCommand): void {
  const place = ledger.placeAfter(1_000);
  const commands = Array.from({ length: blockTransactionsMax }, (_, index) => commandAt(index));
  const envelopes = commands.map((command) => ledger.envelopeOf(command, ledger.bodyOf(command, place.time)));
  const started = cpuMs();
  const execution = new BlockExecution(ledger.state, place);
  const outcomes: string[] = [];
  for (const raw of envelopes) {
    const added = execution.add(raw, ledger.offered, true);
    if (added.outcome === "inadmissible" && added.code === "block-full") break;
    outcomes.push(added.outcome);
  }
  const executed = cpuMs();
  const block = execution.seal();
  const ended = cpuMs();
  const applied = outcomes.filter((outcome) => outcome === "applied").length;
  const count = outcomes.filter((outcome) => outcome !== "inadmissible").length;
  const [first, second] = [executed - started, ended - executed].map((ms) => `${ms.toFixed(0)} ms`);
  console.log(
    `${what}: ${count} transactions (${applied} applied), execution ${first}, tree of ${block.changes.length} changes ${second}`,
  );
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function byKey(command: LedgerCommand): SimulatedCommand {
  return { command, account, signer: { type: "key", seed: rootSeed }, node };
}

function accountCreate(handle: string, seed: PrivateSeed, withDevice: boolean): LedgerCommand {
  const deviceKey = withDevice ? newDevice(publicKeyOf(seed)) : undefined;
  const payload = { handle: parseHandle(handle)!, rootKey: publicKeyOf(seed), deviceKey, homeNode: node.id };
  return { kind: "account.create", payload: { ...payload, invitation: undefined } };
}

function newDevice(rootKey: PublicKey) {
  const seed = ledger.newSeed();
  const possession = provePossession(seed, ledger.networkId, { type: "newcomer", rootKey });
  return { key: publicKeyOf(seed), label: "device", possession };
}

function createRepository(name: string): LedgerCommand {
  const optional = { defaultBranch: undefined, description: undefined, homepage: undefined };
  const payload = { owner: account, name: parseRepositoryName(name)!, ...optional };
  return { kind: "repository.create", payload: { ...payload, visibility: "public", objectFormat: "sha1" } };
}

function signUp(handle: string, seed: PrivateSeed): AccountId {
  const command = accountCreate(handle, seed, false);
  ledger.appendBlock(1_000, [{ command, account: 0, signer: { type: "key", seed }, node }]);
  return ledger.forge.keyOwner(publicKeyOf(seed))!.account;
}

function makeRepository(name: string): RepositoryId {
  ledger.appendBlock(1_000, [byKey(createRepository(name))]);
  return ledger.forge.findRepository(account, parseRepositoryName(name)!)!.found.id;
}

function fillCredentials(): void {
  for (let made = 0; made < credentialsPerAccountMax; made += blockTransactionsMax) {
    const commands = Array.from({ length: blockTransactionsMax }, (): SimulatedCommand => {
      const terms = {
        id: parseDigest(ledger.random.bytes(32))!,
        kind: "token",
        scopes: allScopes,
        label: "t",
      } as const;
      const payload = { ...terms, expiresTime: undefined, audience: [node.id] };
      return { command: { kind: "credential.create", payload }, account, signer: { type: "delegation" }, node };
    });
    ledger.appendBlock(60_000, commands);
  }
}

function created(name: string): CertifiedUpdate {
  const newId = parseObjectId("1".repeat(40), "sha1")!;
  return {
    name: parseRefName(name)!,
    oldId: zeroObjectId("sha1"),
    newId,
    isFastForward: false,
    hasMerges: false,
    newType: "commit",
  };
}

function otherSignature(validator: number): Signature {
  return signMessage(ledger.nodes[validator]!.seed, new Uint8Array());
}

function manyRefs(nameAt: (at: number) => string): readonly CertifiedUpdate[] {
  const updates: CertifiedUpdate[] = [];
  for (let bytes = 200; updates.length < refUpdatesPerPushMax;) {
    const update = created(nameAt(updates.length));
    bytes += update.name.length + 54;
    if (bytes > ledgerLimits.payloadBytesMax) break;
    updates.push(update);
  }
  return updates;
}

function push(updates: readonly CertifiedUpdate[], receipt: "honest" | "forged" = "honest"): SimulatedCommand {
  const terms = {
    epoch: 0,
    placement: placementAllValidators,
    factsVersion,
    baseHeight: 0 as Height,
    expiresHeight: ledgerLimits.receiptLifeBlocksMax as Height,
  };
  const honest = ledger.certify({ networkId: ledger.networkId, repository, updates, packs: [], ...terms });
  // Well-formed but of another message: the verifier has to go all the way.
  const forged = honest.map(({ validator }) => ({ validator, signature: otherSignature(validator) }));
  const signatures = receipt === "honest" ? honest : forged;
  const payload = {
    repository,
    isAtomic: false,
    updates,
    packs: [],
    pushOptions: [],
    receipt: { ...terms, signatures },
  };
  return byKey({ kind: "refs.change", payload });
}
