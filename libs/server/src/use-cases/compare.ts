/** Two commits side by side: what one has that the other has not. */
import type { ObjectId, RepositoryId } from "@guts/primitives";

import { notFound, Refusal } from "../errors.ts";
import type { CommitPair, GitCommit, GitEngine, PageRequest } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { countedCache } from "./counted-cache.ts";
import type { OpenedRepository } from "./open-repository.ts";
import { resolveCommit, type ResolvedCommit } from "./resolve-ref.ts";

type Needs = Pick<Services, "git" | "reachability">;

/** Commits of one answer when the request does not ask for pages; GitHub's number. */
export const comparedCommitsMax = 250;

/** How two commits are related. */
export interface Relation {
  readonly mergeBase: ObjectId;
  /** Commits that only the head has, and that only the base has. */
  readonly ahead: number;
  readonly behind: number;
}

/** Two names and what they turned out to be. */
export interface ComparedRefs {
  readonly base: ResolvedCommit;
  readonly head: ResolvedCommit;
}

/**
 * `BASE...HEAD` of a URL; a name without dots is compared with the default branch, as pages do. Git allows no two dots in a
 * ref's name, so the first ones part the two. Throws `Refusal` `not-found`.
 */
export async function resolveRange(
  needs: Needs,
  opened: OpenedRepository,
  { range, signal }: { readonly range: string; readonly signal: AbortSignal },
): Promise<ComparedRefs> {
  const [, baseName, headName] = /^(.*?)\.{2,3}(.*)$/s.exec(range) ?? [undefined, "", range];
  const resolve = (name: string | undefined): Promise<ResolvedCommit> =>
    resolveCommit(needs, opened, { name: name === "" ? undefined : withoutOwner(opened, name), signal });
  const [base, head] = await Promise.all([resolve(baseName), resolve(headName)]);
  return { base, head };
}

/** GitHub's `OWNER:REF`; the owner must be this repository's. */
function withoutOwner({ owner }: OpenedRepository, name: string | undefined): string | undefined {
  const separator = name?.indexOf(":") ?? -1;
  if (name === undefined || separator === -1) return name;
  if (name.slice(0, separator).toLowerCase() !== owner.handle.toLowerCase()) throw notFound();
  return name.slice(separator + 1);
}

/** How commits are related never changes, so an answer is good for ever. */
const relationsKept = 20_000;

/** Asks git how commits are related, and keeps what it said. */
export class Relations {
  readonly #git: Pick<GitEngine, "mergeBase" | "aheadBehind">;
  readonly #kept = countedCache<string, Relation>(relationsKept);

  constructor(git: Pick<GitEngine, "mergeBase" | "aheadBehind">) {
    this.#git = git;
  }

  /** Throws `Refusal` `not-found` when the two have no common ancestor. */
  async of(repository: RepositoryId, pair: CommitPair): Promise<Relation> {
    const { base, head } = pair;
    const key = `${repository} ${base} ${head}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const [mergeBase, counts] = await Promise.all([
      this.#git.mergeBase(repository, pair),
      this.#git.aheadBehind(repository, pair),
    ]);
    if (mergeBase === undefined || counts === undefined)
      throw new Refusal("not-found", `No common ancestor between ${base} and ${head}.`, { reason: "unrelated" });
    const relation = { mergeBase, ...counts };
    this.#kept.set(key, relation);
    return relation;
  }
}

/** One page of what only the head has, oldest first. */
export async function listNewCommits(
  { git }: Pick<Services, "git">,
  { repository }: OpenedRepository,
  { base, head, signal }: CommitPair,
  { total, page, perPage }: PageRequest & { readonly total: number },
): Promise<readonly GitCommit[]> {
  const end = total - (page - 1) * perPage;
  if (end <= 0) return [];
  const skip = Math.max(0, end - perPage);
  const commits = await git.log(repository.id, { from: head, exclude: base, skip, limit: end - skip, signal });
  return commits.toReversed();
}
