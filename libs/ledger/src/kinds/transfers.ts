/** Handing a repository to another account: offered by who administers it, taken by who is to own it. */
import {
  accountIdCodec,
  encode,
  option,
  repositoryIdCodec,
  struct,
  type AccountId,
  type RepositoryId,
} from "@guts/primitives";
import type { Repository } from "../forge-state.ts";
import { applied, defineKind, rejected, repositoryScope, type ActContext } from "../kind.ts";
import { collaborationsPerAccountMax, repositoryInvitationLifeMs } from "../limits.ts";
import { openRepository } from "../repository-act.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";
import { removeCollaborator, removeInvitation, writeCollaborator } from "./collaborators.ts";
import { isNameTaken, moveName, refuseNewRepository } from "./repositories.ts";

/**
 * Offers the repository to another account, perhaps under another name. Owners only; a later offer replaces an earlier
 * one. An organization is offered one by who may make such a repository for it.
 */
export const repositoryTransfer = defineKind({
  tag: 23,
  payload: struct({ repository: repositoryIdCodec, to: accountIdCodec, newName: option(tables.repositoryNameCodec) }),
  result: struct({}),
  authority: "any",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository: id, to, newName }) => {
    const opened = openRepository(context, id, "transfer");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { state, time, forge } = context;
    if (opened.repository.owner === to) return rejected("transfer-to-self");
    if (forge.account(to)?.status !== "active") return rejected("account-unknown");
    const isPerson = forge.organizations.settings(to) === undefined;
    const refusal = isPerson ? undefined : refuseNewRepository(context, to, opened.repository.visibility);
    if (refusal !== undefined) return rejected(refusal);
    if (isNameTaken(context, to, newName ?? opened.repository.name)) return rejected("repository-name-taken");
    const expiresTime = (time + repositoryInvitationLifeMs) as typeof time;
    writeRow(state, tables.transferOfferTable, id, {
      from: opened.repository.owner,
      to,
      newName,
      createdTime: time,
      expiresTime,
    });
    return applied({});
  },
});

/**
 * Takes an offered repository. A person who owned it stays as an administrator, as on GitHub; teams of an organization
 * that owned it have no more to do with it; their rows go in the block that follows.
 */
export const transferAccept = defineKind({
  tag: 24,
  payload: struct({ repository: repositoryIdCodec }),
  result: struct({}),
  authority: "administer-repository",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository: id }) => {
    const { state, time, forge } = context;
    const offer = liveOffer(context, id);
    const repository = forge.repository(id);
    if (offer === undefined || repository === undefined || !mayTake(context, offer.to, repository))
      return rejected("transfer-not-offered");
    const { to } = offer;
    const name = offer.newName ?? repository.name;
    if (isNameTaken(context, to, name)) return rejected("repository-name-taken");
    const former = repository.owner;
    const staysOn = forge.isActivePerson(former);
    if (staysOn && tallyOf(state, "collaborations", former) >= collaborationsPerAccountMax)
      return rejected("collaborator-limit");
    removeRow(state, tables.transferOfferTable, id);
    removeInvitation(state, { repository: id, account: to });
    removeCollaborator(state, { repository: id, account: to });
    if (staysOn) writeCollaborator(context, { repository: id, account: former }, "admin");
    const subject = encode(repositoryIdCodec, id);
    if (!staysOn) writeRow(state, tables.expiryTable, { time, kind: "repository-teams", subject }, {});
    addToTally(state, "repositories", former, -1);
    addToTally(state, "repositories", to, 1);
    moveName(context, repository, { owner: to, name });
    return applied({});
  },
});

/** Ends an offer: by who administers the repository, or by who was to have it. */
export const transferCancel = defineKind({
  tag: 27,
  payload: struct({ repository: repositoryIdCodec }),
  result: struct({}),
  authority: "administer-repository",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository: id }) => {
    const offer = liveOffer(context, id);
    if (offer === undefined) return rejected("transfer-not-offered");
    const repository = context.forge.repository(id);
    if (repository === undefined || !mayTake(context, offer.to, repository)) {
      const { refusal } = openRepository(context, id, "transfer");
      if (refusal !== undefined) return rejected(refusal);
    }
    removeRow(context.state, tables.transferOfferTable, id);
    return applied({});
  },
});

/** Whether the actor is to have the repository, or may take it for the organization that is. */
function mayTake(context: ActContext, to: AccountId, { visibility }: Repository): boolean {
  if (to === context.actor) return true;
  const isOrganization = context.forge.organizations.settings(to) !== undefined;
  return isOrganization && refuseNewRepository(context, to, visibility) === undefined;
}

function liveOffer({ state, time }: ActContext, repository: RepositoryId) {
  const offer = readRow(state, tables.transferOfferTable, repository);
  return offer !== undefined && offer.expiresTime > time ? offer : undefined;
}
