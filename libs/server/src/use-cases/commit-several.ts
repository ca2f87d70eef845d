/** A commit of several files that a page makes: it knows what its author looked at, and conflicts only where that has changed. */
import type { CommittedFile, FilesCommitRequest } from "@guts/api";
import { parseBranchName, parseObjectId, type Height, type ObjectId, type RefName } from "@guts/primitives";

import { invalidField, Refusal } from "../errors.ts";
import type { CommitWords, FileChange } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { lookUpEntry } from "./browse.ts";
import type { ChangeRequest } from "./change-repositories.ts";
import { commitFiles } from "./commit-files.ts";
import { openRepository, type RepositoryPath } from "./open-repository.ts";
import { requireReachable } from "./resolve-ref.ts";

type Needs = Pick<Services, "ledger" | "transactions" | "git" | "refs" | "earlyRefPolicy" | "reachability">;

/** Somebody else's commit may come between reading a branch and moving it; so often it is read again. */
const attemptCountMax = 3;

/** What was committed. */
export interface CommittedFiles {
  readonly commit: ObjectId;
  readonly branch: RefName;
  readonly height: Height;
}

/**
 * Commits on top of the branch as it is now, unless a file that the commit changes is not as it was at `head`: nobody's work is
 * overwritten unseen, and nobody is stopped by changes elsewhere. A new branch begins at `head` itself. Throws `Refusal`.
 */
export async function commitSeveral(
  needs: Needs,
  request: ChangeRequest,
  { path, body, person }: { path: RepositoryPath; body: FilesCommitRequest; person: CommitWords["author"] },
): Promise<CommittedFiles> {
  const words = { message: body.message, author: person, committer: person };
  for (let attempt = 1; ; attempt++) {
    const opened = openRepository(needs.ledger, request.actor, path, "push");
    const { repository, state } = opened;
    const seen = body.head === null ? undefined : await requireSeen(needs, { opened, idText: body.head, request });
    const changes = body.files.map((file) => changeOf(file, repository.objectFormat));
    const branch = requireBranch(body.newBranch ?? body.branch, body.newBranch === undefined ? "branch" : "newBranch");
    const old = state.ref(repository.id, branch);
    if (body.newBranch !== undefined && old !== undefined)
      throw new Refusal("conflict", `There is a branch ${body.newBranch} already. Choose another name.`, {
        reason: "ref-exists",
      });
    const isNew = body.newBranch !== undefined || (seen === undefined && repository.refCount === 0);
    if (!isNew && old === undefined) throw new Refusal("not-found", `Branch ${body.branch} not found`);
    const parent = isNew ? seen : old;
    if (parent !== undefined && parent !== seen)
      await requireUnchanged(needs, { opened, changes, signal: request.signal }, { seen, now: parent });
    try {
      const { commit, height } = await commitFiles(needs, request, { opened, branch, old, parent, changes, ...words });
      return { commit, branch, height };
    } catch (error) {
      const isRace = error instanceof Refusal && error.data.reason === "ref-stale" && !isNew;
      if (!isRace || attempt >= attemptCountMax) throw error;
    }
  }
}

type Opened = ReturnType<typeof openRepository>;

function requireSeen(
  needs: Needs,
  { opened, idText, request }: { readonly opened: Opened; readonly idText: string; readonly request: ChangeRequest },
): Promise<ObjectId> {
  return requireReachable(needs, opened, { idText, signal: request.signal });
}

function requireBranch(text: string, field: string): RefName {
  const name = parseBranchName(text);
  if (name !== undefined) return name;
  throw invalidField({ resource: "Commit", field, message: "is no name that git allows for a branch" });
}

function changeOf(file: CommittedFile, format: Parameters<typeof parseObjectId>[1]): FileChange {
  if (file.action === "delete") return { path: file.path, action: "delete" };
  if ("text" in file) return { path: file.path, action: "write", content: Buffer.from(file.text) };
  const id = parseObjectId(file.blob, format);
  if (id === undefined)
    throw invalidField({ resource: "Commit", field: "files", message: "names a blob of another hash" });
  return { path: file.path, action: "write", id, ...(file.mode !== undefined && { mode: file.mode }) };
}

/** Every path that is changed is, at the branch as it is now, what its author saw. Throws `Refusal` `conflict`. */
async function requireUnchanged(
  needs: Needs,
  {
    opened,
    changes,
    signal,
  }: { readonly opened: Opened; readonly changes: readonly FileChange[]; readonly signal: AbortSignal },
  { seen, now }: { readonly seen: ObjectId | undefined; readonly now: ObjectId },
): Promise<void> {
  const idAt = async (commit: ObjectId, path: string): Promise<string | undefined> => {
    const at = { kind: "commit" as const, name: commit, commit, path };
    return (await lookUpEntry(needs, { opened, at, signal }))?.id;
  };
  for (const { path } of changes) {
    const [before, after] = await Promise.all([seen === undefined ? undefined : idAt(seen, path), idAt(now, path)]);
    if (before === after) continue;
    const words = `${path} has changed since you began, at ${now.slice(0, 10)}. Commit to a new branch, or copy your text and begin again.`;
    throw new Refusal("conflict", words, { reason: "file-changed" });
  }
}
