import { resolvePermission, type Permission, type RepositoryAction } from "@guts/governance";
import type { ForgeState } from "@guts/ledger";

import { refusalOf, refuseActor, type Actor } from "../auth/actor.ts";
import { notFound, Refusal } from "../errors.ts";
import type { Ledger } from "../ports/index.ts";
import { locateRepository, type LocatedRepository } from "./find-repository.ts";

/** A repository that the actor may use as they asked, at one state. */
export interface OpenedRepository extends LocatedRepository {
  readonly state: ForgeState;
  /** The actor's permission. */
  readonly held: Permission;
}

/** Where a repository is asked for. */
export interface RepositoryPath {
  readonly owner: string;
  readonly repo: string;
}

/**
 * The repository, if the actor may do this to it.
 *
 * Throws `Refusal`: `not-found` where the actor may not even know of it, `forbidden`, `busy` while nothing of it is here.
 */
export function openRepository(
  ledger: Ledger,
  actor: Actor,
  path: RepositoryPath,
  action: RepositoryAction = "read",
): OpenedRepository {
  const state = ledger.state();
  const located = locateRepository(state, path.owner, path.repo);
  if (located === undefined) throw notFound();
  const refusal = refuseActor(state, actor, located.repository, action);
  if (refusal !== undefined) throw refusalOf(refusal);
  if (ledger.completeness(located.repository.id) === "absent") throw notFetched(located.fullName);
  const held = resolvePermission(state.grants(located.repository, actor.account?.id)).permission;
  return { ...located, state, held };
}

/** A moment, or another node, helps. */
function notFetched(fullName: string): Refusal {
  const message = `This node is still fetching ${fullName} from other nodes, which have it.`;
  return new Refusal("busy", message, { reason: "repository-incomplete", retryAfterSeconds: 2 });
}

/** The same for routes that redirect from a former name, as GitHub's API does. Throws `Refusal` `moved` too. */
export function openAtPresentName(
  ledger: Ledger,
  call: { readonly actor: Actor; readonly path: RepositoryPath; readonly url: string },
  action: RepositoryAction = "read",
): OpenedRepository {
  const opened = openRepository(ledger, call.actor, call.path, action);
  if (!opened.isFormerName) return opened;
  const location = call.url.replace(/^(\/api\/v3\/repos\/)[^/]+\/[^/?]+/, `$1${opened.fullName}`);
  throw new Refusal("moved", "Moved Permanently", { location });
}
