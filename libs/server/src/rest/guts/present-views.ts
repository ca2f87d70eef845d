import type { CommitSignature, CommitSummary, Person, RepositoryCard, ResolvedRef, TreeEntry } from "@guts/api";
import type { ForgeState } from "@guts/ledger";
import { shortRefName, type RepositoryId } from "@guts/primitives";

import type { GitCommit, GitPerson, GitTreeEntry } from "../../ports/index.ts";
import type { Services } from "../../services.ts";
import type { Verdict } from "../../signatures/verdict.ts";
import type { LocatedRepository } from "../../use-cases/find-repository.ts";
import type { ResolvedCommit } from "../../use-cases/resolve-ref.ts";
import type { RepositoryPresentation } from "../github/present-repository.ts";
import { isoTime } from "../iso-time.ts";

/** Repositories, or people, of one page of a list. */
export const cardsPerPage = 30;

/** A repository in a list. */
export function presentCard(
  { repository, owner }: Pick<LocatedRepository, "repository" | "owner">,
  { text, standing }: Pick<RepositoryPresentation, "text" | "standing">,
): RepositoryCard {
  return {
    id: repository.id,
    owner: owner.handle,
    name: repository.name,
    description: text(repository.description),
    isPrivate: repository.visibility === "private",
    isArchived: repository.state === "archived",
    defaultBranch: shortRefName(repository.defaultBranch),
    createdAt: isoTime(repository.createdTime),
    pushedAt: repository.pushedTime === undefined ? null : isoTime(repository.pushedTime),
    topics: [...standing.topics(repository.id)],
    starCount: standing.counts(repository.id).stars,
  };
}

/** Shows commits of lists, with whose they are by the keys and names at `state`, and what checks say of them in `repository`. */
export function commitPresenter(
  { signatures }: Pick<Services, "signatures">,
  state: ForgeState,
  repository?: RepositoryId,
): (commit: GitCommit) => CommitSummary {
  const presentPerson = ({ name, email, timeSeconds }: GitPerson): Person => ({
    name,
    email,
    date: isoTime(timeSeconds * 1000),
    handle: signatures.ownerOf(state, email)?.handle ?? null,
  });
  return (commit) => {
    const [title = "", ...rest] = commit.message.trim().split("\n");
    const checks = repository === undefined ? undefined : state.statuses.combined(repository, commit.id);
    return {
      id: commit.id,
      title,
      body: rest.join("\n").trim(),
      author: presentPerson(commit.author),
      committer: presentPerson(commit.committer),
      parents: [...commit.parents],
      signature: presentVerdict(signatures.verdictOn(state, { ...commit, address: commit.committer.email })),
      ...(checks !== undefined && { checks }),
    };
  };
}

function presentVerdict({ reason, format, key, signer }: Verdict): CommitSignature | null {
  return reason === "unsigned" ? null : { reason, format, key: key ?? null, signer: signer?.handle ?? null };
}

/** What a name in the URL turned out to be. */
export function presentRef({ kind, name, commit, formerName }: ResolvedCommit): ResolvedRef {
  return { kind, name, commit, ...(formerName !== undefined && { formerName }) };
}

/** One entry of a directory. */
export function presentTreeEntry(entry: GitTreeEntry, directory: string): TreeEntry {
  return {
    name: entry.name,
    path: directory === "" ? entry.name : `${directory}/${entry.name}`,
    kind: kindOf(entry),
    id: entry.id,
    sizeBytes: entry.sizeBytes ?? null,
  };
}

/** What an entry is, by its mode. */
export function kindOf({ mode, type }: Pick<GitTreeEntry, "mode" | "type">): TreeEntry["kind"] {
  if (type === "tree") return "directory";
  if (type === "commit") return "submodule";
  if (mode === "120000") return "symlink";
  return mode === "100755" ? "executable" : "file";
}
