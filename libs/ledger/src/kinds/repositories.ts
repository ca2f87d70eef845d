/** Repositories: create, describe, rename, archive, delete. */
import {
  encode,
  foldName,
  option,
  parseRefName,
  repositoryIdCodec,
  struct,
  u64,
  type AccountId,
  type RefName,
  type RepositoryId,
  type RepositoryName,
  bool,
} from "@guts/primitives";
import { creationOf, scopesAllow, type Visibility } from "@guts/governance";
import { changedText, contentRefCodec, textChangeCodec } from "../content.ts";
import type { Repository } from "../forge-state.ts";
import { applied, boundedRefs, defineKind, rejected, repositoryScope, scopesOf, type ActContext } from "../kind.ts";
import { collaborationsPerAccountMax, descriptionBytesMax } from "../limits.ts";
import { nextNumber } from "../numbering.ts";
import { refuseForOrganization } from "../organization-act.ts";
import type { RejectionCode } from "../rejection.ts";
import { openRepository } from "../repository-act.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";
import { writeCollaborator } from "./collaborators.ts";
import { removeFork } from "./fork-rows.ts";

/** What a repository is called until somebody chooses or pushes another default branch. */
const assumedDefaultBranch = parseRefName("refs/heads/main")!;

/** Makes an empty repository. A member who makes one for an organization administers it, as on GitHub. */
export const repositoryCreate = defineKind({
  tag: 20,
  payload: struct({
    /** Whose it is to be: the acting account, or an organization that lets it. */
    owner: u64,
    name: tables.repositoryNameCodec,
    visibility: tables.visibilityCodec,
    objectFormat: tables.objectFormatCodec,
    defaultBranch: option(tables.refNameCodec),
    description: option(contentRefCodec),
    homepage: option(contentRefCodec),
  }),
  result: struct({ repository: repositoryIdCodec }),
  authority: "any",
  contents: ({ description, homepage }) => boundedRefs([description, homepage], descriptionBytesMax),
  cost: () => ({ repositories: 1 }),
  scope: (_context, _payload, { repository }) => repositoryScope(repository),
  apply: (context, payload) => {
    const owner = payload.owner as AccountId;
    const refusal = refuseNewRepository(context, owner, payload.visibility);
    if (refusal !== undefined) return rejected(refusal);
    if (isNameTaken(context, owner, payload.name)) return rejected("repository-name-taken");
    const { defaultBranch } = payload;
    if (defaultBranch !== undefined && !defaultBranch.startsWith("refs/heads/"))
      return rejected("default-branch-missing");
    const added = addRepository(context, {
      owner,
      name: payload.name,
      visibility: payload.visibility,
      objectFormat: payload.objectFormat,
      defaultBranch: defaultBranch ?? assumedDefaultBranch,
      defaultBranchIs: defaultBranch === undefined ? "assumed" : "chosen",
      description: payload.description,
      homepage: payload.homepage,
      refCount: 0,
    });
    return added.refusal === undefined ? applied({ repository: added.repository }) : rejected(added.refusal);
  },
});

/** What whoever makes a repository says of it. */
export type NewRepository = Omit<
  tables.RepositoryRow,
  "state" | "createdTime" | "createdHeight" | "updatedTime" | "pushedTime"
>;

/** Writes the rows of a new repository, whose name is free. Who makes it for an organization as a member administers it. */
export function addRepository(
  context: ActContext,
  row: NewRepository,
): { readonly repository: RepositoryId; readonly refusal?: undefined } | { readonly refusal: RejectionCode } {
  const { state, actor, time, height } = context;
  const { owner, name } = row;
  const repository = nextNumber(state, "repository") as RepositoryId;
  const times = { createdTime: time, createdHeight: height, updatedTime: time, pushedTime: undefined };
  writeRow(state, tables.repositoryTable, repository, { ...row, state: "active", ...times });
  takeName(context, { owner, name, repository });
  addToTally(state, "repositories", owner, 1);
  if (owner === actor || context.forge.organizations.member(owner, actor)?.role === "owner") return { repository };
  if (tallyOf(state, "collaborations", actor) >= collaborationsPerAccountMax) return { refusal: "collaborator-limit" };
  writeCollaborator(context, { repository, account: actor }, "admin");
  return { repository };
}

/** Why the actor may not make, or take over, a repository of this visibility for `owner`. */
export function refuseNewRepository(
  context: ActContext,
  owner: AccountId,
  visibility: Visibility,
): RejectionCode | undefined {
  const { actor, authority, forge } = context;
  if (owner !== actor) {
    const isOrganization = forge.organizations.settings(owner) !== undefined;
    return isOrganization ? refuseForOrganization(context, owner, creationOf(visibility)) : "forbidden";
  }
  const scopes = scopesOf(authority);
  const need = visibility === "public" ? "write-public-repository" : "write-private-repository";
  return scopes !== undefined && !scopesAllow(scopes, need) ? "scope-missing" : undefined;
}

/** Changes what is given; an absent field stays. */
export const repositoryUpdate = defineKind({
  tag: 21,
  payload: struct({
    repository: repositoryIdCodec,
    description: textChangeCodec,
    homepage: textChangeCodec,
    visibility: option(tables.visibilityCodec),
    defaultBranch: option(tables.refNameCodec),
  }),
  result: struct({}),
  authority: "any",
  contents: ({ description, homepage }) => boundedRefs([description?.value, homepage?.value], descriptionBytesMax),
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository: id, visibility, defaultBranch, description, homepage }) => {
    const isDescription = visibility === undefined && defaultBranch === undefined;
    const action = visibility === undefined ? "change-default-branch" : "change-visibility";
    const opened = openRepository(context, id, isDescription ? "update-settings" : action);
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { repository } = opened;
    const { forge } = context;
    if (defaultBranch !== undefined && !mayBeDefault(context, repository, defaultBranch))
      return rejected("default-branch-missing");
    if (visibility === "public" && forge.standing.fork(id)?.isOfPrivate === true) return rejected("fork-of-private");
    saveRepository(context, {
      ...repository,
      description: changedText(repository.description, description),
      homepage: changedText(repository.homepage, homepage),
      visibility: visibility ?? repository.visibility,
      defaultBranch: defaultBranch ?? repository.defaultBranch,
      defaultBranchIs: defaultBranch === undefined ? repository.defaultBranchIs : "chosen",
    });
    return applied({});
  },
});

/** Gives the repository another name. The former one redirects until another repository takes it. */
export const repositoryRename = defineKind({
  tag: 22,
  payload: struct({ repository: repositoryIdCodec, name: tables.repositoryNameCodec }),
  result: struct({}),
  authority: "any",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository: id, name }) => {
    const opened = openRepository(context, id, "rename");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { repository } = opened;
    if (repository.name === name) return rejected("already-so");
    const isSameFolded = foldName(repository.name) === foldName(name);
    if (!isSameFolded && isNameTaken(context, repository.owner, name)) return rejected("repository-name-taken");
    moveName(context, repository, { owner: repository.owner, name });
    return applied({});
  },
});

/** Makes a repository read-only, or writable again. */
export const repositoryArchive = defineKind({
  tag: 25,
  payload: struct({ repository: repositoryIdCodec, isArchived: bool }),
  result: struct({}),
  authority: "any",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository: id, isArchived }) => {
    const opened = openRepository(context, id, "archive");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const state = isArchived ? "archived" : "active";
    if (opened.repository.state === state) return rejected("already-so");
    saveRepository(context, { ...opened.repository, state });
    return applied({});
  },
});

/** Removes a repository. Its number is never used again; its refs and collaborators are removed by the blocks that follow. */
export const repositoryDelete = defineKind({
  tag: 26,
  payload: struct({ repository: repositoryIdCodec }),
  result: struct({}),
  authority: "any",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository: id }) => {
    const opened = openRepository(context, id, "delete");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { state, time } = context;
    const { owner, name } = opened.repository;
    removeRow(state, tables.repositoryTable, id);
    removeRow(state, tables.repositoryNameTable, { owner, name: foldName(name) });
    removeRow(state, tables.transferOfferTable, id);
    addToTally(state, "repositories", owner, -1);
    removeFork(context, id);
    writeRow(state, tables.expiryTable, { time, kind: "repository", subject: encode(repositoryIdCodec, id) }, {});
    return applied({});
  },
});

/** Whether another repository has this name now. A former name does not count: it only redirects. */
export function isNameTaken(context: ActContext, owner: AccountId, name: RepositoryName): boolean {
  const row = readRow(context.state, tables.repositoryNameTable, { owner, name: foldName(name) });
  return row?.state === "current";
}

/** Lets the repository be found under another owner or name, and redirects from where it was. */
export function moveName(
  context: ActContext,
  repository: Repository,
  to: { owner: AccountId; name: RepositoryName },
): void {
  const former = { owner: repository.owner, name: foldName(repository.name) };
  writeRow(context.state, tables.repositoryNameTable, former, { repository: repository.id, state: "former" });
  takeName(context, { ...to, repository: repository.id });
  saveRepository(context, { ...repository, ...to });
}

/** Writes the repository's row with the block's time as its update. */
export function saveRepository(context: ActContext, { id, ...row }: Repository): void {
  writeRow(context.state, tables.repositoryTable, id, { ...row, updatedTime: context.time });
}

function takeName(
  context: ActContext,
  named: { owner: AccountId; name: RepositoryName; repository: RepositoryId },
): void {
  const { owner, name, repository } = named;
  writeRow(
    context.state,
    tables.repositoryNameTable,
    { owner, name: foldName(name) },
    { repository, state: "current" },
  );
}

function mayBeDefault(context: ActContext, repository: Repository, branch: RefName): boolean {
  if (!branch.startsWith("refs/heads/")) return false;
  return repository.refCount === 0 || context.forge.ref(repository.id, branch) !== undefined;
}
