/** Handing a repository to another account: offered by who administers it, taken by who is to own it. */
import { accountIdCodec, option, repositoryIdCodec, struct, type RepositoryId } from "@guts/primitives";
import { applied, defineKind, rejected, repositoryScope, type ActContext } from "../kind.ts";
import { collaborationsPerAccountMax, repositoryInvitationLifeMs } from "../limits.ts";
import { openRepository } from "../repository-act.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";
import { removeCollaborator, removeInvitation, writeCollaborator } from "./collaborators.ts";
import { isNameTaken, moveName } from "./repositories.ts";

/** Offers the repository to another account, perhaps under another name. Owners only; a later offer replaces an earlier one. */
export const repositoryTransfer = defineKind({
  tag: 23,
  payload: struct({ repository: repositoryIdCodec, to: accountIdCodec, newName: option(tables.repositoryNameCodec) }),
  result: struct({}),
  authority: "any",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository: id, to, newName }) => {
    const opened = openRepository(context, id, "transfer");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { state, actor, time, forge } = context;
    if (opened.repository.owner === to) return rejected("transfer-to-self");
    if (forge.account(to)?.status !== "active") return rejected("account-unknown");
    if (isNameTaken(context, to, newName ?? opened.repository.name)) return rejected("repository-name-taken");
    const expiresTime = (time + repositoryInvitationLifeMs) as typeof time;
    writeRow(state, tables.transferOfferTable, id, { from: actor, to, newName, createdTime: time, expiresTime });
    return applied({});
  },
});

/** Takes an offered repository. The former owner stays as an administrator, as on GitHub. */
export const transferAccept = defineKind({
  tag: 24,
  payload: struct({ repository: repositoryIdCodec }),
  result: struct({}),
  authority: "administer-repository",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository: id }) => {
    const { state, actor, forge } = context;
    const offer = liveOffer(context, id);
    const repository = forge.repository(id);
    if (offer === undefined || repository === undefined || offer.to !== actor) return rejected("transfer-not-offered");
    const name = offer.newName ?? repository.name;
    if (isNameTaken(context, actor, name)) return rejected("repository-name-taken");
    const former = repository.owner;
    if (tallyOf(state, "collaborations", former) >= collaborationsPerAccountMax) return rejected("collaborator-limit");
    removeRow(state, tables.transferOfferTable, id);
    removeInvitation(state, { repository: id, account: actor });
    removeCollaborator(state, { repository: id, account: actor });
    writeCollaborator(context, { repository: id, account: former }, "admin");
    addToTally(state, "repositories", former, -1);
    addToTally(state, "repositories", actor, 1);
    moveName(context, repository, { owner: actor, name });
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
    if (offer.to !== context.actor) {
      const { refusal } = openRepository(context, id, "transfer");
      if (refusal !== undefined) return rejected(refusal);
    }
    removeRow(context.state, tables.transferOfferTable, id);
    return applied({});
  },
});

function liveOffer({ state, time }: ActContext, repository: RepositoryId) {
  const offer = readRow(state, tables.transferOfferTable, repository);
  return offer !== undefined && offer.expiresTime > time ? offer : undefined;
}
