/** A commit that somebody makes through the API or a page: built here, then pushed like any other. */
import type { Height, ObjectId, RefName } from "@guts/primitives";
import { assertNever, shortRefName, zeroObjectId } from "@guts/primitives";

import { invalidField, Refusal } from "../errors.ts";
import type { BuildRejection, CommitWords, FileChange } from "../ports/index.ts";
import type { Services } from "../services.ts";
import type { ChangeRequest } from "./change-repositories.ts";
import { changeRef } from "./change-refs.ts";
import type { OpenedRepository } from "./open-repository.ts";

type Needs = Pick<Services, "ledger" | "transactions" | "git" | "refs" | "earlyRefPolicy">;

/** What is to be committed, and where. */
export interface FileCommit extends CommitWords {
  readonly opened: OpenedRepository;
  readonly branch: RefName;
  /** What the branch is at; undefined for one that this makes. */
  readonly old: ObjectId | undefined;
  /** The commit that this follows; undefined for the first of a repository. */
  readonly parent: ObjectId | undefined;
  readonly changes: readonly FileChange[];
}

/** Builds the commit and moves the branch to it. Throws `Refusal`: `conflict` with `ref-stale` when it moved meanwhile. */
export async function commitFiles(
  needs: Needs,
  request: ChangeRequest,
  { opened, branch, old, parent, changes, ...words }: FileCommit,
): Promise<{ readonly commit: ObjectId; readonly height: Height }> {
  const { id, objectFormat: format } = opened.repository;
  if (words.message.includes("\0") || !words.message.isWellFormed())
    throw invalidField({ resource: "Commit", field: "message", message: "must be well-formed text without NUL" });
  const built = await needs.git.buildCommit(id, { ...words, format, parent, changes, signal: request.signal });
  if (built.outcome === "rejected") throw buildRefusal(built);
  const update = { name: branch, oldId: old ?? zeroObjectId(format), newId: built.commit };
  try {
    const height = await changeRef(needs, request, { opened, update, mayForce: false, pack: built.pack });
    return { commit: built.commit, height };
  } catch (error) {
    throw error instanceof Refusal ? (conflictOf(needs, error, { opened, branch, old }) ?? error) : error;
  }
}

/** What GitHub answers with 409: the branch has moved, or a rule keeps it. */
function conflictOf(
  { ledger }: Needs,
  refusal: Refusal,
  { opened, branch, old }: Pick<FileCommit, "opened" | "branch" | "old">,
): Refusal | undefined {
  const { reason } = refusal.data;
  if (reason === "ref-protected") return new Refusal("conflict", refusal.message, { reason });
  if (reason !== "ref-stale") return undefined;
  const now = ledger.state().ref(opened.repository.id, branch);
  const words = `${shortRefName(branch)} is at ${now ?? "nothing"} but expected ${old ?? "nothing"}`;
  return new Refusal("conflict", words, { reason });
}

/** Why objects could not be made, for a client. */
export function buildRefusal(rejected: BuildRejection): Refusal {
  return new Refusal("invalid", wordsOf(rejected), { reason: rejected.code });
}

function wordsOf(rejected: BuildRejection): string {
  switch (rejected.code) {
    case "path-invalid":
      return `path contains a malformed path component: ${rejected.path}`;
    case "path-missing":
      return `There is no ${rejected.path} to delete.`;
    case "path-conflict":
      return `${rejected.path} would be a file and a directory at once, or is changed twice.`;
    case "object-missing":
      return `Object ${rejected.id} does not exist here as what it is used for.`;
    default:
      return assertNever(rejected);
  }
}
