import type { RepositoryCreation, RepositoryTransfer, RepositoryUpdate } from "@guts/api";
import { ledgerLimits, type Account } from "@guts/ledger";
import { parseBranchName, parseRepositoryName, type Height, type RefName, type RepositoryName } from "@guts/primitives";

import { authorityOf, type SignedInActor } from "../auth/actor.ts";
import { invalidField } from "../errors.ts";
import type { SubmitOptions } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { findAccount } from "./find-repository.ts";
import { openRepository, type OpenedRepository, type RepositoryPath } from "./open-repository.ts";
import { requireApplied } from "./rejection.ts";
import { Texts } from "./texts.ts";

type Needs = Pick<Services, "ledger" | "transactions" | "random">;

/** Who asks for a change, and how often. */
export interface ChangeRequest {
  readonly actor: SignedInActor;
  readonly idempotencyKey: string | undefined;
  readonly signal: AbortSignal;
}

/** A change that is final, and the repository after it. */
export interface ChangedRepository {
  readonly opened: OpenedRepository;
  readonly height: Height | undefined;
}

/** Creates a repository for the actor, or for an organization that lets it. Throws `Refusal`. */
export async function createRepository(
  needs: Needs,
  request: ChangeRequest,
  body: RepositoryCreation,
  owner: Account = request.actor.account,
): Promise<ChangedRepository> {
  const { ledger, transactions } = needs;
  const texts = new Texts(needs.random, ledgerLimits.descriptionBytesMax);
  const name = requireName(body.name);
  const isPrivate = body.visibility === undefined ? body.private === true : body.visibility === "private";
  const payload = {
    owner: owner.id,
    name,
    visibility: isPrivate ? ("private" as const) : ("public" as const),
    objectFormat: body.object_format ?? ("sha1" as const),
    defaultBranch: body.default_branch === undefined ? undefined : requireBranch(body.default_branch),
    description: texts.ref("description", body.description),
    homepage: texts.ref("homepage", body.homepage),
  };
  const options = optionsOf(request, { texts });
  const { height } = requireApplied(await transactions.submit({ kind: "repository.create", payload }, options));
  const path = { owner: owner.handle, repo: name };
  return { opened: openRepository(ledger, request.actor, path), height };
}

/**
 * Changes a repository. Each part is its own transaction, in the order in which all can succeed: unarchive, describe,
 * rename, archive. Parts that are so already are left out.
 */
export async function updateRepository(
  needs: Needs,
  request: ChangeRequest,
  { path, body }: { readonly path: RepositoryPath; readonly body: RepositoryUpdate },
): Promise<ChangedRepository> {
  const { repository } = openRepository(needs.ledger, request.actor, path);
  const { id } = repository;
  const isArchived = repository.state === "archived";
  let height: Height | undefined;
  const archive = async (value: boolean): Promise<void> => {
    const command = { kind: "repository.archive", payload: { repository: id, isArchived: value } } as const;
    ({ height } = requireApplied(await needs.transactions.submit(command, optionsOf(request, { part: "archive" }))));
  };
  if (body.archived === false && isArchived) await archive(false);
  height = (await describeRepository(needs, request, { repository, body })) ?? height;
  const name = body.name === undefined ? undefined : requireName(body.name);
  if (name !== undefined && name !== repository.name) {
    const command = { kind: "repository.rename", payload: { repository: id, name } } as const;
    ({ height } = requireApplied(await needs.transactions.submit(command, optionsOf(request, { part: "rename" }))));
  }
  if (body.archived === true && !isArchived) await archive(true);
  const owner = path.owner;
  return { opened: openRepository(needs.ledger, request.actor, { owner, repo: name ?? path.repo }), height };
}

async function describeRepository(
  needs: Needs,
  request: ChangeRequest,
  { repository, body }: { readonly repository: OpenedRepository["repository"]; readonly body: RepositoryUpdate },
): Promise<Height | undefined> {
  const texts = new Texts(needs.random, ledgerLimits.descriptionBytesMax);
  const visibility = body.visibility ?? (body.private === undefined ? undefined : body.private ? "private" : "public");
  const branch = body.default_branch === undefined ? undefined : requireBranch(body.default_branch);
  const payload = {
    repository: repository.id,
    description: texts.change("description", body.description),
    homepage: texts.change("homepage", body.homepage),
    visibility: visibility === repository.visibility ? undefined : visibility,
    defaultBranch: branch === repository.defaultBranch ? undefined : branch,
  };
  const { description, homepage, defaultBranch } = payload;
  const isNothing = [description, homepage, payload.visibility, defaultBranch].every((change) => change === undefined);
  if (isNothing) return undefined;
  const outcome = await needs.transactions.submit(
    { kind: "repository.update", payload },
    optionsOf(request, { texts, part: "update" }),
  );
  return requireApplied(outcome).height;
}

/** Deletes a repository. Throws `Refusal`. */
export async function deleteRepository(needs: Needs, request: ChangeRequest, path: RepositoryPath): Promise<Height> {
  const { repository } = openRepository(needs.ledger, request.actor, path, "delete");
  const command = { kind: "repository.delete", payload: { repository: repository.id } } as const;
  return requireApplied(await needs.transactions.submit(command, optionsOf(request))).height;
}

/**
 * Offers a repository to another account, which then accepts it. For an organization, who offers accepts at once: only who
 * may make such a repository there may offer it one. Throws `Refusal`.
 */
export async function transferRepository(
  needs: Needs,
  request: ChangeRequest,
  { path, body }: { readonly path: RepositoryPath; readonly body: RepositoryTransfer },
): Promise<ChangedRepository> {
  const opened = openRepository(needs.ledger, request.actor, path, "transfer");
  const to = findAccount(opened.state, body.new_owner);
  if (to === undefined)
    throw invalidField({ resource: "Repository", field: "new_owner", message: "there is no such account" });
  const newName = body.new_name === undefined ? undefined : requireName(body.new_name);
  const payload = { repository: opened.repository.id, to: to.account.id, newName };
  const outcome = await needs.transactions.submit({ kind: "repository.transfer", payload }, optionsOf(request));
  const { height } = requireApplied(outcome);
  return to.account.isOrganization
    ? takeOver(needs, request, opened, { owner: to.account, newName })
    : { opened, height };
}

async function takeOver(
  { ledger, transactions }: Needs,
  request: ChangeRequest,
  { repository }: OpenedRepository,
  { owner, newName }: { readonly owner: Account; readonly newName: RepositoryName | undefined },
): Promise<ChangedRepository> {
  const command = { kind: "transfer.accept", payload: { repository: repository.id } } as const;
  const { height } = requireApplied(await transactions.submit(command, optionsOf(request, { part: "accept" })));
  const path = { owner: owner.handle, repo: newName ?? repository.name };
  return { opened: openRepository(ledger, request.actor, path), height };
}

/** What a submission on the actor's behalf carries. A request of several parts gives each its own key. */
export function optionsOf(
  { actor, idempotencyKey, signal }: ChangeRequest,
  { texts, part = "" }: { readonly texts?: Texts; readonly part?: string } = {},
): SubmitOptions {
  const key = idempotencyKey === undefined || part === "" ? idempotencyKey : `${idempotencyKey} ${part}`;
  return { by: authorityOf(actor), contents: texts?.contents ?? [], idempotencyKey: key, signal };
}

/** The name of a repository. Throws `Refusal` for what is none. */
export function requireName(text: string): RepositoryName {
  const name = parseRepositoryName(text);
  if (name !== undefined) return name;
  throw invalidField({
    resource: "Repository",
    field: "name",
    message: "may hold letters, digits, '.', '_' and '-', and not end in .git, .wiki or .lock",
  });
}

function requireBranch(text: string): RefName {
  const branch = parseBranchName(text);
  if (branch !== undefined) return branch;
  throw invalidField({ resource: "Repository", field: "default_branch", message: "is no name of a branch" });
}
