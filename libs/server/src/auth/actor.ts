import {
  refuseRepositoryAction,
  type AreaNeed,
  type CredentialPowers,
  type RepositoryAction,
  type RepositoryRefusal,
} from "@guts/governance";
import type { Account, Credential, ForgeState, Repository } from "@guts/ledger";
import { assertNever } from "@guts/primitives";

import { Refusal } from "../errors.ts";
import type { Authority } from "../ports/index.ts";
import { areaNames } from "./area-names.ts";

/** On whose behalf a request acts. */
export type Actor = Anonymous | SignedInActor;

/** A request without a credential. */
export interface Anonymous {
  readonly account: undefined;
  readonly scopes: undefined;
  readonly credential: undefined;
}

/** A request with a live credential, which bounds what it may do. */
export interface SignedInActor {
  readonly account: Account;
  /** What bounds the credential. */
  readonly scopes: CredentialPowers;
  readonly credential: Credential;
}

/** Whoever has not said who they are. */
export const anonymous: Anonymous = { account: undefined, scopes: undefined, credential: undefined };

/** The authority under which the actor's commands are submitted. */
export function authorityOf(actor: SignedInActor): Authority {
  return { account: actor.account.id, credential: actor.credential.id };
}

/** Why the actor may not do this to the repository, by governance's one rule; undefined when they may. */
export function refuseActor(
  state: ForgeState,
  actor: Pick<Actor, "account" | "scopes">,
  repository: Repository,
  action: RepositoryAction,
): RepositoryRefusal | undefined {
  return refuseRepositoryAction(state.repositoryAccess(repository, actor.account?.id, actor.scopes), action);
}

/** The refusal of a fine-grained token that has too little of an area, in GitHub's words and with its header. */
function permissionMissing({ area, level }: AreaNeed): Refusal {
  const accepted = `${areaNames[area]}=${level}`;
  return new Refusal("forbidden", `Resource not accessible by personal access token: it needs ${accepted}.`, {
    reason: "permission-missing",
    acceptedPermissions: accepted,
  });
}

/** The refusal of a fine-grained token, or any other restricted credential, for what is about no repository. */
export function accountOutOfReach(): Refusal {
  const message =
    "Resource not accessible by personal access token: a fine-grained token reaches repositories, not the account.";
  return new Refusal("forbidden", message, { reason: "permission-missing" });
}

/** The refusal in words for API clients. Anonymous actors are told to sign in where that may help. */
export function refusalOf(refusal: RepositoryRefusal): Refusal {
  switch (refusal.code) {
    case "not-found":
      return new Refusal("not-found", "Not Found");
    case "forbidden":
      return new Refusal("forbidden", `You need ${refusal.needed} permission on this repository.`);
    case "scope-missing":
      return refusal.area === undefined
        ? new Refusal("forbidden", `This token lacks a scope for that (${refusal.need}).`, { reason: "scope-missing" })
        : permissionMissing(refusal.area);
    case "archived":
      return new Refusal("forbidden", "The repository is archived, so it is read-only.", { reason: "archived" });
    default:
      return assertNever(refusal);
  }
}
