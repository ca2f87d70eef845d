/** Changes to the refs of one repository: why one would not apply, asked early by doors and with authority by the kinds. */
import {
  decideRefUpdate,
  noReviews,
  protectableRef,
  protectionLimits,
  ProtectionRules,
  refuseRefUpdate,
  resolvePermission,
  type ProtectionSettings,
  type RefChangeFacts,
  type RefUpdateKind,
  type UnmetRequirement,
} from "@guts/governance";
import {
  concatBytes,
  isZeroObjectId,
  objectIdLength,
  shortRefName,
  utf8,
  zeroObjectId,
  type AccountId,
  type ObjectId,
  type RefName,
  type RepositoryId,
} from "@guts/primitives";
import type { ForgeState, ProtectionRule, Repository } from "./forge-state.ts";
import { refNamePartWork, refsPerRepositoryMax, refUpdateWork } from "./limits.ts";
import type { MergeFact } from "./pull-tables.ts";
import type { AnyCertifiedUpdate } from "./receipt.ts";
import type { RejectionCode } from "./rejection.ts";
import { decodeRowKey, rowKey } from "./table.ts";
import * as tables from "./tables.ts";

/** Who changes refs, and whether their own key signed it. */
export interface RefPusher {
  readonly account: AccountId;
  readonly isSigned: boolean;
}

/** The work of one update: it is compared with every ref that could stand in its way. */
export function refMoveWork(name: RefName): number {
  return refUpdateWork + refNamePartWork * Math.max(0, name.split("/").length - 3);
}

/** A branch that is to be called otherwise, and the commit it is at. */
export interface BranchRename {
  readonly from: RefName;
  readonly to: RefName;
  readonly id: ObjectId;
}

/** What somebody lacks to change a ref in each way; "exhausted" where the patterns are too many to say. */
export type RefExplanation = Readonly<
  Record<"push" | "forcePush" | "create" | "delete", readonly UnmetRequirement[] | "exhausted">
>;

/** What a rule asks of the pull request that a change comes by, and of the checks on it. */
type ReviewFacts = Pick<RefChangeFacts, "pullRequest" | "checks">;

/** What of a pusher a rule asks. */
type PusherFacts = Pick<RefChangeFacts, "permission" | "teams">;

/**
 * The rules of one repository for one push: rules, what they ask and who pushes are read once, and the steps of matching patterns
 * are bounded over all its updates. The refs under `forge` may move between questions; the repository's rules and people may not.
 */
export class RefChanges {
  readonly #forge: ForgeState;
  readonly #pusher: RefPusher;
  readonly #reviews: ReviewFacts;
  readonly #rules: ProtectionRules<ProtectionRule>;
  readonly #settings = new Map<number, ProtectionSettings>();
  readonly #meter = { stepsLeft: protectionLimits.matchStepsPerPushMax };
  #pusherFacts: PusherFacts | undefined;

  /** `reviews` are those of the pull request that the changes come by. */
  constructor(forge: ForgeState, repository: RepositoryId, pusher: RefPusher, reviews: ReviewFacts = noReviews) {
    this.#forge = forge;
    this.#pusher = pusher;
    this.#reviews = reviews;
    this.#rules = new ProtectionRules(forge.protectionRules(repository));
  }

  /** Why one update would not apply now, or undefined. Early answers and the authoritative one come from here. */
  refuse(repository: Repository, update: AnyCertifiedUpdate): RejectionCode | undefined {
    return this.#refusePlain(repository, update) ?? this.#refuseProtected(repository, update);
  }

  /** What the rule of a ref asks and the update lacks; "exhausted" when there are too many refs for so many patterns. */
  unmet(repository: Repository, update: AnyCertifiedUpdate): readonly UnmetRequirement[] | "exhausted" {
    const rule = this.#rules.find(update.name, this.#meter);
    if (rule === undefined || rule === "exhausted") return rule ?? [];
    const { account, isSigned } = this.#pusher;
    const { name, isFastForward, hasMerges } = update;
    const settings = this.#settingsOf(rule);
    const facts = {
      target: protectableRef(name)!.target,
      kind: kindOf(update),
      isFastForward,
      hasMerges,
      isSigned,
      account,
      ...this.#factsOfPusher(repository),
      ...this.#reviews,
      checks: {
        ...this.#reviews.checks,
        succeeded: this.#succeededOn(repository, update.merge?.head ?? update.newId, settings),
      },
    };
    return decideRefUpdate(facts, settings);
  }

  /**
   * What the pusher lacks to change a ref in each way, whether it is there or not: of changes that nobody makes, that bring no merge
   * commit in and that come by no pull request.
   */
  explain(repository: Repository, name: RefName): RefExplanation {
    const zero = zeroObjectId(repository.objectFormat);
    const [before, after] = ["1", "2"].map((digit) => digit.repeat(zero.length)) as [ObjectId, ObjectId];
    const plain = {
      name,
      oldId: before,
      newId: after,
      isFastForward: true,
      hasMerges: false,
      newType: "commit",
    } as const;
    return {
      push: this.unmet(repository, plain),
      forcePush: this.unmet(repository, { ...plain, isFastForward: false }),
      create: this.unmet(repository, { ...plain, oldId: zero }),
      delete: this.unmet(repository, { ...plain, newId: zero, newType: "none" }),
    };
  }

  /** The rule of exactly a branch's name, which goes along when the branch is renamed. */
  ownRule(branch: RefName): ProtectionRule | undefined {
    const rule = this.#rules.find(branch, { stepsLeft: 0 });
    return rule === undefined || rule === "exhausted" || rule.pattern !== shortRefName(branch) ? undefined : rule;
  }

  /**
   * Why a branch would not get another name now, or undefined. A rule with wildcards stays with the names: to it the old one is deleted
   * and the new one is made. What permissions it takes, `actionsToRenameBranch` says.
   */
  refuseRename(repository: Repository, { from, to, id }: BranchRename): RejectionCode | undefined {
    const current = this.#forge.ref(repository.id, from);
    if (current === undefined) return "not-found";
    if (current !== id) return "ref-stale";
    if (from === to) return "ref-unchanged";
    if (this.#forge.ref(repository.id, to) !== undefined) return "branch-name-taken";
    if (hasConflictingRef(this.#forge, { repository: repository.id, name: to }, from)) return "ref-conflict";
    const own = this.ownRule(from);
    if (own !== undefined && this.ownRule(to) !== undefined) return "branch-rule-taken";
    const zero = zeroObjectId(repository.objectFormat);
    const plain = { isFastForward: false, hasMerges: false } as const;
    const deletion = { ...plain, name: from, oldId: id, newId: zero, newType: "none" } as const;
    const creation = { ...plain, name: to, oldId: zero, newId: id, newType: "commit" } as const;
    const isLetGo = own === undefined ? this.#refuseProtected(repository, deletion) : undefined;
    return isLetGo ?? this.#refuseProtected(repository, creation);
  }

  /** Of the checks that a rule asks for, those that succeeded on the commit; of a merge they are asked for on what it merges. */
  #succeededOn({ id }: Repository, commit: ObjectId, { checks }: ProtectionSettings): ReadonlySet<string> {
    return checks === undefined ? new Set() : this.#forge.statuses.succeeded(id, commit, checks.names);
  }

  #settingsOf(rule: ProtectionRule): ProtectionSettings {
    const known = this.#settings.get(rule.number) ?? this.#forge.protectionSettings(rule).settings;
    this.#settings.set(rule.number, known);
    return known;
  }

  #factsOfPusher(repository: Repository): PusherFacts {
    const { account } = this.#pusher;
    this.#pusherFacts ??= {
      permission: resolvePermission(this.#forge.grants(repository, account)).permission,
      teams: this.#forge.organizations.memberships(repository.owner, account),
    };
    return this.#pusherFacts;
  }

  #refuseProtected(repository: Repository, update: AnyCertifiedUpdate): RejectionCode | undefined {
    const unmet = this.unmet(repository, update);
    if (unmet === "exhausted") return "protection-work-spent";
    if (unmet.length === 0) return undefined;
    const isUncertified = unmet.every((each) => each.code === "linear-history" && each.isUncertified);
    return isUncertified ? "ref-facts-missing" : "ref-protected";
  }

  #refusePlain(repository: Repository, update: AnyCertifiedUpdate): RejectionCode | undefined {
    const { name, oldId, newId, newType } = update;
    const length = objectIdLength(repository.objectFormat);
    if (oldId.length !== length || newId.length !== length) return "object-format-mismatch";
    const kind = kindOf(update);
    const refusal = refuseRefUpdate({ name, kind }, repository.defaultBranch);
    if (refusal !== undefined) return refusal;
    if (oldId === newId) return "ref-unchanged";
    const current = this.#forge.ref(repository.id, name) ?? zeroObjectId(repository.objectFormat);
    if (current !== oldId) return "ref-stale";
    if (kind === "delete") return undefined;
    if (name.startsWith("refs/heads/") && newType !== "commit") return "ref-not-a-commit";
    if (kind === "update") return undefined;
    if (repository.refCount >= refsPerRepositoryMax) return "ref-limit";
    return hasConflictingRef(this.#forge, { repository: repository.id, name }) ? "ref-conflict" : undefined;
  }
}

/** What reviews say of a merge, as far as the ledger knows of any: so far it knows of none. What checks say is read when a rule asks. */
export function reviewFactsOf({ isUpToDate }: Pick<MergeFact, "isUpToDate">): ReviewFacts {
  return {
    pullRequest: {
      approvals: 0,
      hasCodeOwnerApproval: false,
      hasLastPushApproval: false,
      hasOpenConversations: false,
    },
    checks: { succeeded: new Set(), isUpToDate },
  };
}

function kindOf({ oldId, newId }: AnyCertifiedUpdate): RefUpdateKind {
  return isZeroObjectId(newId) ? "delete" : isZeroObjectId(oldId) ? "create" : "update";
}

/** git keeps refs as files, so `a` and `a/b` cannot both exist. A ref that is `leaving` is in nobody's way. */
function hasConflictingRef(
  forge: ForgeState,
  { repository, name }: { readonly repository: RepositoryId; readonly name: RefName },
  leaving?: RefName,
): boolean {
  const parts = name.split("/");
  for (let count = 3; count < parts.length; count++) {
    const ancestor = parts.slice(0, count).join("/") as RefName;
    if (ancestor !== leaving && forge.ref(repository, ancestor) !== undefined) return true;
  }
  const below = concatBytes(rowKey(tables.refTable, { repository, name }), utf8("/"));
  const end = concatBytes(rowKey(tables.refTable, { repository, name }), utf8("0")); // "0" is the byte after "/".
  for (const [key] of forge.reader.scan(below, end))
    if (decodeRowKey(tables.refTable, key).name !== leaving) return true;
  return false;
}
