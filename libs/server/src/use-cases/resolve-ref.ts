import { isPublicRef } from "@guts/governance";
import { parseObjectId, parseRefName, shortRefName, type ObjectId, type RefName } from "@guts/primitives";

import { notFound, Refusal } from "../errors.ts";
import { abbreviationCandidatesMax } from "../limits.ts";
import type { GitCommit } from "../ports/index.ts";
import type { Services } from "../services.ts";
import type { OpenedRepository } from "./open-repository.ts";

type Needs = Pick<Services, "git" | "reachability">;

/** What a name of a ref or commit turned out to be, and the commit that it leads to. */
export interface ResolvedCommit {
  readonly kind: "branch" | "tag" | "commit";
  /** Short name of the branch or tag, or the commit's id. */
  readonly name: string;
  readonly commit: ObjectId;
  /** The name by which a branch was asked for, when it has been renamed since. */
  readonly formerName?: string | undefined;
}

/** A resolved ref and the path that followed it; the path is empty for the root. */
export interface ResolvedPath extends ResolvedCommit {
  readonly path: string;
}

/** Parts of a path that a ref's name may have. */
const refPartsMax = 32;

/**
 * Splits `REF/PATH` of a URL. Names of refs hold slashes too; git does not let `a` and `a/b` both exist, so at most one
 * beginning is a branch. A branch goes before a tag, both before a commit's id, and a name that a branch had last.
 */
export async function resolveRefPath(
  needs: Needs,
  opened: OpenedRepository,
  { refPath, signal }: { readonly refPath: string; readonly signal: AbortSignal },
): Promise<ResolvedPath> {
  const parts = pathParts(refPath);
  const found = findPrefix(opened, parts) ?? defaultPrefix(opened, parts) ?? formerPrefix(opened, parts);
  if (found === undefined) return resolveIdPath(needs, opened, { parts, signal });
  const { kind, name, id, rest, formerName } = found;
  const commit = await peelToCommit(needs, opened, { id, signal });
  return { kind, name, commit, path: requirePath(rest), formerName };
}

/** The commit that a branch, a tag, a full ref name without `refs/`, `HEAD` or an id names. */
export async function resolveCommit(
  needs: Needs,
  opened: OpenedRepository,
  { name, signal }: { readonly name: string | undefined; readonly signal: AbortSignal },
): Promise<ResolvedCommit> {
  const text = (name ?? "HEAD").replace(/^refs\//, "");
  const whole = text.startsWith("heads/") || text.startsWith("tags/") ? findRef(opened, `refs/${text}`) : undefined;
  const { path, ...resolved } = await resolveRefPath(needs, opened, {
    refPath: whole === undefined ? text : text.replace(/^(heads|tags)\//, ""),
    signal,
  });
  if (path !== "") throw notFound();
  return resolved;
}

/** The commit object behind a resolved name. */
export async function requireCommit(
  { git }: Pick<Services, "git">,
  opened: OpenedRepository,
  { commit, signal }: { readonly commit: ObjectId; readonly signal: AbortSignal },
): Promise<GitCommit> {
  const found = await git.readCommit(opened.repository.id, commit, signal);
  if (found === undefined) throw notFound();
  return found;
}

/** An object's id in a URL, if a ref reaches the object. Throws `Refusal` `not-found`. */
export async function requireReachable(
  { reachability }: Pick<Services, "reachability">,
  { state, repository }: OpenedRepository,
  { idText, signal }: { readonly idText: string; readonly signal: AbortSignal },
): Promise<ObjectId> {
  const id = parseObjectId(idText.toLowerCase(), repository.objectFormat);
  if (id === undefined || !(await reachability.isReachable(state, repository, id, signal))) throw notFound();
  return id;
}

/**
 * A commit's id, whole or abbreviated. An abbreviation counts among what refs reach: a commit that is hidden neither
 * answers to it nor makes it ambiguous. Throws `Refusal` `not-found`, or `invalid` when it stands for several.
 */
export async function requireCommitId(
  needs: Needs,
  opened: OpenedRepository,
  { idText, signal }: { readonly idText: string; readonly signal: AbortSignal },
): Promise<ObjectId> {
  const prefix = idText.toLowerCase();
  const isWhole = parseObjectId(prefix, opened.repository.objectFormat) !== undefined;
  if (isWhole) return requireReachable(needs, opened, { idText, signal });
  const { state, repository } = opened;
  const candidates = await needs.git.commitsStartingWith(repository.id, { prefix, signal });
  if (candidates.length > abbreviationCandidatesMax) throw ambiguous(idText);
  const reachable: ObjectId[] = [];
  for (const id of candidates)
    if (await needs.reachability.isReachable(state, repository, id, signal)) reachable.push(id);
  if (reachable.length > 1) throw ambiguous(idText);
  if (reachable.length === 0) throw notFound();
  return reachable[0]!;
}

function ambiguous(idText: string): Refusal {
  return new Refusal("invalid", `The short commit id ${idText} stands for several commits. Give more of it.`, {
    reason: "ambiguous-id",
  });
}

/** The names of a path, without empty ones. */
export function pathParts(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "");
}

/** A path within a tree: relative, without empty parts, `.` and `..`. */
export function requirePath(parts: readonly string[]): string {
  if (parts.some((part) => part === "." || part === ".." || part.includes("\0"))) throw notFound();
  return parts.join("/");
}

interface FoundRef {
  readonly kind: "branch" | "tag";
  readonly name: string;
  readonly id: ObjectId;
  readonly rest: readonly string[];
  readonly formerName?: string;
}

function findPrefix(opened: OpenedRepository, parts: readonly string[]): FoundRef | undefined {
  for (const [kind, namespace] of [["branch", "refs/heads/"] as const, ["tag", "refs/tags/"] as const])
    for (let length = 1; length <= Math.min(parts.length, refPartsMax); length++) {
      const name = parts.slice(0, length).join("/");
      const id = findRef(opened, namespace + name);
      if (id !== undefined) return { kind, name, id, rest: parts.slice(length) };
    }
  return undefined;
}

/** `HEAD`, or nothing at all, is the default branch. */
function defaultPrefix(opened: OpenedRepository, parts: readonly string[]): FoundRef | undefined {
  if (parts.length > 0 && parts[0] !== "HEAD") return undefined;
  const { defaultBranch } = opened.repository;
  const id = findRef(opened, defaultBranch);
  return id === undefined ? undefined : { kind: "branch", name: shortRefName(defaultBranch), id, rest: parts.slice(1) };
}

/** A branch by a name that it had before. */
function formerPrefix(opened: OpenedRepository, parts: readonly string[]): FoundRef | undefined {
  const { state, repository } = opened;
  for (let length = 1; length <= Math.min(parts.length, refPartsMax); length++) {
    const formerName = parts.slice(0, length).join("/");
    const former = parseRefName(`refs/heads/${formerName}`);
    const present = former === undefined ? undefined : state.presentBranch(repository.id, former);
    const id = present === undefined ? undefined : state.ref(repository.id, present);
    if (present !== undefined && id !== undefined)
      return { kind: "branch", name: shortRefName(present), id, rest: parts.slice(length), formerName };
  }
  return undefined;
}

function findRef({ state, repository }: OpenedRepository, text: string): ObjectId | undefined {
  const name: RefName | undefined = parseRefName(text);
  return name === undefined || !isPublicRef(name) ? undefined : state.ref(repository.id, name);
}

async function resolveIdPath(
  needs: Needs,
  opened: OpenedRepository,
  { parts, signal }: { readonly parts: readonly string[]; readonly signal: AbortSignal },
): Promise<ResolvedPath> {
  const [idText = "", ...rest] = parts;
  const id = await requireCommitId(needs, opened, { idText, signal });
  const commit = await peelToCommit(needs, opened, { id, signal });
  return { kind: "commit", name: commit, commit, path: requirePath(rest) };
}

async function peelToCommit(
  { git }: Needs,
  { repository }: OpenedRepository,
  { id, signal }: { readonly id: ObjectId; readonly signal: AbortSignal },
): Promise<ObjectId> {
  const peeled = await git.peel(repository.id, [id], signal);
  return peeled.get(id) ?? id;
}
