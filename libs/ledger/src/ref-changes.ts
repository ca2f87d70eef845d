/** Changes to the refs of one repository: why one would not apply, asked early by doors and with authority by the kinds. */
import {
  decideRefUpdate,
  noReviews,
  protectableRef,
  protectionLimits,
  ProtectionRules,
  refuseRefUpdate,
  resolvePermission,
  type RefUpdateKind,
  type UnmetRequirement,
} from "@guts/governance";
import {
  concatBytes,
  isZeroObjectId,
  objectIdLength,
  utf8,
  zeroObjectId,
  type AccountId,
  type RefName,
  type RepositoryId,
} from "@guts/primitives";
import type { ForgeState, ProtectionRule, Repository } from "./forge-state.ts";
import { refNamePartWork, refsPerRepositoryMax, refUpdateWork } from "./limits.ts";
import type { AnyCertifiedUpdate } from "./receipt.ts";
import type { RejectionCode } from "./rejection.ts";
import { rowKey } from "./table.ts";
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

/**
 * The rules of one repository for one push: protection rules are read once, and the steps of matching their patterns are bounded
 * over all its updates. The state under `forge` may move between questions, the repository's rules may not.
 */
export class RefChanges {
  readonly #forge: ForgeState;
  readonly #pusher: RefPusher;
  readonly #rules: ProtectionRules<ProtectionRule>;
  readonly #meter = { stepsLeft: protectionLimits.matchStepsPerPushMax };

  constructor(forge: ForgeState, repository: RepositoryId, pusher: RefPusher) {
    this.#forge = forge;
    this.#pusher = pusher;
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
    const facts = {
      target: protectableRef(name)!.target,
      kind: kindOf(update),
      isFastForward,
      hasMerges,
      isSigned,
      account,
      teams: new Set<number>(),
      permission: resolvePermission(this.#forge.grants(repository, account)).permission,
      ...noReviews,
    };
    return decideRefUpdate(facts, this.#forge.protectionSettings(rule).settings);
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
    return hasConflictingRef(this.#forge, repository.id, name) ? "ref-conflict" : undefined;
  }
}

function kindOf({ oldId, newId }: AnyCertifiedUpdate): RefUpdateKind {
  return isZeroObjectId(newId) ? "delete" : isZeroObjectId(oldId) ? "create" : "update";
}

/** git keeps refs as files, so `a` and `a/b` cannot both exist. */
function hasConflictingRef(forge: ForgeState, repository: RepositoryId, name: RefName): boolean {
  const parts = name.split("/");
  for (let count = 3; count < parts.length; count++) {
    if (forge.ref(repository, parts.slice(0, count).join("/") as RefName) !== undefined) return true;
  }
  const below = concatBytes(rowKey(tables.refTable, { repository, name }), utf8("/"));
  const end = concatBytes(rowKey(tables.refTable, { repository, name }), utf8("0")); // "0" is the byte after "/".
  for (const _ of forge.reader.scan(below, end)) return true;
  return false;
}
