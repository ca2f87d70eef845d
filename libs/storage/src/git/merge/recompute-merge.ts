import type { ObjectId, RefName } from "@guts/primitives";
import type { RefUpdate } from "@guts/git";
import { type ReceiveRejection, rejection } from "../push/receive-outcome.ts";
import { QuarantineDirectory } from "../push/quarantine-directory.ts";
import type { GitRunner } from "../spawner/git-process.ts";
import { collect } from "../spawner/output.ts";
import { readKeptParts, readCommitter } from "./commit-bytes.ts";
import { computeMerge, formatOf, openWorkspace, type ResultOutcome } from "./merge-commits.ts";
import { type MergeMethod, mergeStrategy } from "./merge-outcome.ts";

/** What one command of a push is said to be: the merge of `head` into what the ref points to. */
export interface MergeClaim {
  /** The ref that the merge moves. */
  readonly name: RefName;
  readonly strategy: number;
  readonly method: MergeMethod;
  readonly head: ObjectId;
  /** The head contained the branch as it was. */
  readonly isUpToDate: boolean;
}

/** Where the objects of the push are. */
interface ClaimContext {
  readonly runner: GitRunner;
  readonly repositoryPath: string;
  /** Undefined when the push brought no objects. */
  readonly quarantine: QuarantineDirectory | undefined;
  readonly signal: AbortSignal;
}

/**
 * Computes a claimed merge anew and refuses the push if anything else comes of it: another tree, other parents, a header too many.
 *
 * Who merged, when and with what message is read from the claimed result. So nobody vouches for these by signing a receipt, which
 * is as it is with every commit that is pushed; the result's id commits to them.
 */
export async function refuseWrongMerge(
  context: ClaimContext,
  claim: MergeClaim,
  commands: readonly RefUpdate[],
): Promise<ReceiveRejection | undefined> {
  const update = commands.find(({ name }) => name === claim.name);
  if (update === undefined) return rejection("merge-differs", "the merge is of a branch that is not pushed");
  if (claim.strategy !== mergeStrategy)
    return rejection("merge-differs", `merges by strategy ${claim.strategy} are not known here; update this node`);
  const found = await recompute(context, claim, update);
  const isSame = found?.outcome === "merged" && found.result === update.newId;
  if (isSame && found.isUpToDate === claim.isUpToDate) return undefined;
  if (isSame) return rejection("merge-differs", "whether the head contains the branch is not as it is said to be");
  return rejection("merge-differs", `the merge is said to be ${abbreviated(update.newId)}; ${wordsOf(found)}`);
}

/** Enough of an id to tell two apart, for words that must stay short. */
function abbreviated(id: ObjectId): string {
  return id.slice(0, 12);
}

function wordsOf(found: ResultOutcome | undefined): string {
  if (found === undefined) return "that is no commit";
  if (found.outcome === "merged") return `here it is ${abbreviated(found.result)}`;
  return found.outcome === "conflicts" ? "here it has conflicts" : `here it is refused: ${found.code}`;
}

async function recompute(
  context: ClaimContext,
  { method, head }: MergeClaim,
  { oldId: base, newId }: RefUpdate,
): Promise<ResultOutcome | undefined> {
  const bytes = await readResult(context, newId);
  const [kept, committer] = bytes === undefined ? [] : [readKeptParts(bytes), readCommitter(bytes)];
  if (kept === undefined || committer === undefined) return undefined;
  const { repositoryPath, signal } = context;
  const quarantine = await QuarantineDirectory.create(repositoryPath);
  try {
    const workspace = openWorkspace(context, { quarantine, format: formatOf(base), signal });
    return await computeMerge(workspace, { method, base, head, ...kept, committer });
  } finally {
    await quarantine.remove();
  }
}

async function readResult(
  { runner, repositoryPath, quarantine, signal }: ClaimContext,
  id: ObjectId,
): Promise<Buffer | undefined> {
  const environment = quarantine?.environment ?? {};
  const job = { class: "push", args: ["cat-file", "commit", id], repositoryPath, environment, signal } as const;
  const { output, exitCode } = await collect(runner, job, { acceptedCodes: [0, 128] });
  return exitCode === 0 ? output : undefined;
}
