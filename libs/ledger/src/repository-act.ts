/** The first question of every act on a repository: does it exist, and may this actor do this with it. */
import { refuseRepositoryAction, type RepositoryAction, type RepositoryRefusal } from "@guts/governance";
import type { RepositoryId } from "@guts/primitives";
import type { Repository } from "./forge-state.ts";
import { scopesOf, type ActContext } from "./kind.ts";
import type { RejectionCode } from "./rejection.ts";

/** The repository, or why the actor may not do this with it. */
export type RepositoryVerdict =
  | { readonly repository: Repository; readonly refusal?: undefined }
  | { readonly refusal: RejectionCode };

/** Finds the repository and asks governance about `action`. */
export function openRepository(context: ActContext, id: RepositoryId, action: RepositoryAction): RepositoryVerdict {
  const repository = context.forge.repository(id);
  if (repository === undefined) return { refusal: "not-found" };
  const access = context.forge.repositoryAccess(repository, context.actor, scopesOf(context.authority));
  const refusal = refuseRepositoryAction(access, action);
  return refusal === undefined ? { repository } : { refusal: rejectionOf(refusal) };
}

/** The ledger's code for governance's refusal. */
export function rejectionOf(refusal: RepositoryRefusal): RejectionCode {
  return refusal.code === "archived" ? "repository-archived" : refusal.code;
}
