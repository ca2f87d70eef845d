/** Fine-grained tokens: bounded by repositories and by how much of each, which the ledger records beside the credential. */
import type { FineGrainedCreation } from "@guts/api";
import { type AreaPermissions, type Restriction } from "@guts/governance";
import type { Account, ForgeState } from "@guts/ledger";
import type { RepositoryId } from "@guts/primitives";

import { refuseActor, type SignedInActor } from "../auth/actor.ts";
import { invalidField, type Refusal } from "../errors.ts";
import type { ChangeRequest } from "./change-repositories.ts";
import { findAccount, locateRepository } from "./find-repository.ts";
import { recordToken, type CreatedPersonalToken, type TokenNeeds } from "./tokens.ts";

/** Creates a fine-grained token that is good at this node. Its text exists in this answer only. Throws `Refusal`. */
export async function createFineGrainedToken(
  needs: TokenNeeds,
  request: ChangeRequest,
  body: FineGrainedCreation,
): Promise<CreatedPersonalToken> {
  const restriction = restrictionOf(needs.ledger.state(), request.actor, body);
  return recordToken(needs, request, {
    ...body,
    command: (terms) => ({ kind: "credential.create-restricted", payload: { ...terms, restriction } }),
  });
}

function restrictionOf(state: ForgeState, actor: SignedInActor, body: FineGrainedCreation): Restriction {
  const owner = body.owner === undefined ? actor.account : findAccount(state, body.owner)?.account;
  if (owner === undefined) throw invalid("owner", `there is no account ${body.owner}`);
  const repositories = body.repositories?.map((name) => repositoryOf(state, actor, { owner, name }));
  const isRepeated = repositories !== undefined && new Set(repositories).size !== repositories.length;
  if (isRepeated) throw invalid("repositories", "names a repository twice");
  return { owner: owner.id, repositories, permissions: permissionsOf(body.permissions) };
}

function permissionsOf(given: FineGrainedCreation["permissions"]): AreaPermissions {
  const { contents = "none", administration = "none", issues = "none", pull_requests: pullRequests = "none" } = given;
  return { metadata: "read", contents, administration, issues, pullRequests };
}

/** What cannot be seen and what is not there look the same. */
function repositoryOf(
  state: ForgeState,
  actor: SignedInActor,
  { owner, name }: { readonly owner: Account; readonly name: string },
): RepositoryId {
  const located = locateRepository(state, owner.handle, name);
  const isTheirs = located !== undefined && located.repository.owner === owner.id;
  if (!isTheirs || refuseActor(state, actor, located.repository, "read") !== undefined)
    throw invalid("repositories", `${owner.handle} has no repository ${name} that you can see`);
  return located.repository.id;
}

function invalid(field: string, message: string): Refusal {
  return invalidField({ resource: "Token", field, message }, "restriction-invalid");
}
