import { refuseActor, type Actor } from "../auth/actor.ts";
import { serverLimits } from "../limits.ts";
import type { Services } from "../services.ts";
import type { LocatedRepository } from "./find-repository.ts";
import type { RepositoryId } from "@guts/primitives";

/**
 * Read your writes on lists: waits a moment until the read model stands where the state does. A list that still lags is
 * shown as it is.
 */
export async function awaitReadModel(
  { ledger, readModel }: Pick<Services, "ledger" | "readModel">,
  signal: AbortSignal,
): Promise<void> {
  await readModel.caughtUp(ledger.height(), serverLimits.readModelWaitMs, signal);
}

/** The repositories of a list as the state has them now, without those that the actor may not read. */
export function readableRepositories(
  { ledger }: Pick<Services, "ledger">,
  actor: Actor,
  items: readonly { readonly id: RepositoryId }[],
): readonly LocatedRepository[] {
  const state = ledger.state();
  return items.flatMap(({ id }) => {
    const repository = state.repository(id);
    const owner = repository === undefined ? undefined : state.account(repository.owner);
    if (repository === undefined || owner === undefined) return [];
    if (refuseActor(state, actor, repository, "read") !== undefined) return [];
    return [{ repository, owner, fullName: `${owner.handle}/${repository.name}`, isFormerName: false }];
  });
}
