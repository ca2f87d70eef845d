/** Tokens and sessions as their owner sees them. */
import type { Token, TokenPermissions, TokenRestriction } from "@guts/api";
import { scopeNames, type AreaPermissions, type Restriction } from "@guts/governance";
import type { ForgeState } from "@guts/ledger";
import { equalBytes, toHex, type NodeId, type RepositoryId } from "@guts/primitives";

import { refuseActor, type SignedInActor } from "../../auth/actor.ts";
import type { Services } from "../../services.ts";
import type { CreatedPersonalToken, SecretCredential } from "../../use-cases/tokens.ts";
import { isoTime } from "../iso-time.ts";

type Needs = Pick<Services, "privateStore" | "ledger">;

/** One of the actor's tokens or sessions; its secret is never shown again. */
export function presentToken(
  { privateStore, ledger }: Needs,
  credential: SecretCredential,
  actor: SignedInActor,
): Token {
  const { id, kind, label, scopes, createdTime, expiresTime, audience } = credential;
  const state = ledger.state();
  const nameOf = (node: NodeId): string => state.node(node)?.name ?? `${node.slice(0, 8)}…`;
  const vouching = state.vouching(id);
  const restriction = state.restriction(id);
  const lastUse = privateStore.lastUse(id);
  return {
    id: toHex(id),
    kind,
    label,
    nodes: audience.map(nameOf),
    vouchedBy: vouching === undefined ? null : nameOf(vouching.vouchedBy),
    scopes: [...scopeNames(scopes)],
    restriction: restriction === undefined ? null : presentRestriction(state, restriction, actor),
    createdAt: isoTime(createdTime),
    expiresAt: expiresTime === undefined ? null : isoTime(expiresTime),
    lastUsedAt: lastUse === undefined ? null : isoTime(lastUse),
    isCurrent: equalBytes(id, actor.credential.id),
  };
}

/** A token that was just made, with its secret. */
export function presentCreated(
  needs: Needs,
  { credential, token, height }: CreatedPersonalToken,
  actor: SignedInActor,
) {
  const body = { ...presentToken(needs, credential, actor), token };
  return { status: 201 as const, body, height, headers: { "cache-control": "no-store" } };
}

function presentRestriction(
  state: ForgeState,
  { owner, repositories, permissions }: Restriction,
  actor: SignedInActor,
): TokenRestriction {
  return {
    owner: owner === undefined ? null : (state.account(owner)?.handle ?? null),
    repositories: repositories?.map((id) => ({ id, fullName: visibleName(state, id, actor) })) ?? null,
    permissions: presentPermissions(permissions),
  };
}

function presentPermissions({ pullRequests, ...areas }: AreaPermissions): TokenPermissions {
  return { ...areas, pull_requests: pullRequests };
}

/** The name of a repository that is still there and that the request itself may see. */
function visibleName(state: ForgeState, id: RepositoryId, actor: SignedInActor): string | null {
  const repository = state.repository(id);
  const owner = repository === undefined ? undefined : state.account(repository.owner);
  if (repository === undefined || owner === undefined) return null;
  return refuseActor(state, actor, repository, "read") === undefined ? `${owner.handle}/${repository.name}` : null;
}
