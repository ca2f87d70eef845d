/** Refs that move because others do: the heads of pull requests. Their events do not name them, so the state is asked. */
import { decode, type RepositoryId } from "@guts/primitives";
import type { LedgerEvent } from "./event.ts";
import type { ForgeState } from "./forge-state.ts";
import { KINDS, refMovesOf, type RefMove } from "./kinds/index.ts";
import { pullHeadRef, type Pull } from "./pull-state.ts";

/**
 * The refs of a repository's pull requests that an event may have moved, as they are now: they follow the branches that it moved,
 * or were opened again.
 */
export function followedMovesOf(forge: ForgeState, event: LedgerEvent): readonly RefMove[] {
  return pullsMovedBy(forge, event).flatMap((pull) => {
    const name = pullHeadRef(pull.number);
    const newId = forge.ref(pull.repository, name);
    const { headId: oldId } = forge.pulls.head(pull);
    return newId === undefined ? [] : [{ name, oldId, newId, isFastForward: false }];
  });
}

function pullsMovedBy(forge: ForgeState, event: LedgerEvent): readonly Pull[] {
  if (event.kind === "issue.reopen") {
    const pull = forge.pulls.pull(decode(KINDS["issue.reopen"].payload, event.payload).issue);
    return pull === undefined ? [] : [pull];
  }
  const repository = event.scope.id as RepositoryId;
  return refMovesOf(event).flatMap(({ name }) => [...forge.pulls.following({ repository, name })]);
}
