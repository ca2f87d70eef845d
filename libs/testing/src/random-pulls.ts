/** What the users of a simulated ledger do with pull requests. */
import {
  ledgerLimits,
  mergeFactsVersion,
  placementAllValidators,
  scanRows,
  tables,
  type ContentRef,
  type KindName,
  type MergedUpdate,
  type PayloadOf,
  type Pull,
} from "@guts/ledger";
import {
  parseRefName,
  toHex,
  type AccountId,
  type Height,
  type IssueNumber,
  type ObjectId,
  type RefName,
  type RepositoryId,
} from "@guts/primitives";
import type { SimulatedLedger } from "./simulated-ledger.ts";

/** Kinds that are about pull requests. */
export type PullKind = Extract<KindName, `pull.${string}`>;

/** These kinds by how often they are tried. */
export const pullWeights: Readonly<Record<PullKind, number>> = { "pull.open": 12, "pull.update": 4, "pull.merge": 6 };

/** An act, and who is to do it: the repository's owner mostly. `text` makes a text that nobody has offered. */
export function randomPullAct<Kind extends PullKind>(
  ledger: SimulatedLedger,
  kind: Kind,
  text: (bytesMax: number) => ContentRef,
): { readonly account: AccountId | undefined; readonly payload: PayloadOf<Kind> } {
  const { random, forge } = ledger;
  const acts = {
    "pull.open": () => randomOpening(ledger, text),
    "pull.update": () => randomUpdate(ledger),
    "pull.merge": () => randomMerge(ledger),
  };
  const payload = acts[kind]();
  const repository = "pull" in payload ? payload.pull.repository : payload.repository;
  const account = random.oneIn(6) ? undefined : forge.repository(repository)?.owner;
  return { account, payload: payload as PayloadOf<Kind> };
}

interface BranchPlace {
  readonly repository: RepositoryId;
  readonly name: RefName;
  readonly id: ObjectId;
}

const nowhere = parseRefName("refs/heads/nowhere")!;

/** Two branches of a repository, if one has two. */
function randomBranches({ state, random }: SimulatedLedger): readonly [BranchPlace, BranchPlace] {
  const branches = Array.from(scanRows(state, tables.refTable), ([key, id]): BranchPlace => ({ ...key, id })).filter(
    ({ name }) => name.startsWith("refs/heads/"),
  );
  const paired = branches.filter(
    (each) => branches.filter(({ repository }) => repository === each.repository).length > 1,
  );
  const head = random.pick(paired) ?? { repository: 1 as RepositoryId, name: nowhere, id: "0".repeat(40) as ObjectId };
  const others = branches.filter(({ repository, name }) => repository === head.repository && name !== head.name);
  return [head, random.pick(others) ?? head];
}

function randomOpening(ledger: SimulatedLedger, text: (bytesMax: number) => ContentRef): PayloadOf<"pull.open"> {
  const { random } = ledger;
  const [head, base] = randomBranches(ledger);
  return {
    repository: head.repository,
    title: text(ledgerLimits.titleBytesMax),
    body: random.oneIn(2) ? text(ledgerLimits.bodyBytesMax) : undefined,
    head: { repository: head.repository, name: head.name },
    headId: head.id,
    base: random.oneIn(10) ? nowhere : base.name,
    isDraft: random.oneIn(6),
    effects: { mentions: [], teams: [], references: [], closes: [] },
  };
}

function randomPull({ state, random, forge }: SimulatedLedger): Pull | undefined {
  const keys = Array.from(scanRows(state, tables.pullTable), ([key]) => key);
  const open = keys.filter((key) => forge.issues.issue(key)?.closed === undefined);
  const key = random.pick(open.length > 0 && !random.oneIn(10) ? open : keys);
  return key === undefined ? undefined : forge.pulls.pull(key);
}

const nothing = { repository: 1 as RepositoryId, number: 1 as IssueNumber };

function randomUpdate(ledger: SimulatedLedger): PayloadOf<"pull.update"> {
  const { random } = ledger;
  const { repository, number } = randomPull(ledger) ?? nothing;
  const isDraft = random.oneIn(2) ? undefined : random.oneIn(3);
  return { pull: { repository, number }, base: random.oneIn(2) ? randomBranches(ledger)[1].name : undefined, isDraft };
}

function randomMerge(ledger: SimulatedLedger): PayloadOf<"pull.merge"> {
  const { random, forge, networkId, tip } = ledger;
  const pull = randomPull(ledger);
  const { repository, number } = pull ?? nothing;
  const name = pull?.base ?? nowhere;
  const oldId = forge.ref(repository, name) ?? ("1".repeat(40) as ObjectId);
  const method = random.pick(["merge", "squash", "rebase", "fast-forward"] as const);
  const head = pull === undefined ? oldId : forge.pulls.headId(pull);
  const newId = method === "fast-forward" ? head : (toHex(random.bytes(oldId.length / 2)) as ObjectId);
  const merge = { strategy: 1, method, head, isUpToDate: method === "fast-forward" || random.oneIn(2) };
  const plain = { isFastForward: true, newType: "commit", hasMerges: method === "merge" } as const;
  const update: MergedUpdate = { name, oldId, newId, ...plain, merge };
  const terms = {
    epoch: 0,
    placement: placementAllValidators,
    factsVersion: mergeFactsVersion,
    baseHeight: tip.height,
    expiresHeight: (tip.height + 10) as Height,
  };
  const signatures = ledger.certify({ networkId, repository, updates: [update], packs: [], ...terms });
  const issues = Array.from(scanRows(ledger.state, tables.issueTable), ([key]) => key);
  const closed = random.oneIn(3) ? random.pick(issues) : undefined;
  const closes = closed === undefined ? [] : [closed];
  return { pull: { repository, number }, update, packs: [], receipt: { ...terms, signatures }, closes };
}
