import { isZeroObjectId, type ObjectId } from "@guts/primitives";
import type { RefUpdate } from "@guts/git";
import type { GitRunner } from "../spawner/git-process.ts";
import { collect } from "../spawner/output.ts";
import type { Walk } from "./connectivity.ts";
import type { QuarantineDirectory } from "./quarantine-directory.ts";
import type { ObjectType, RefUpdateFacts } from "./receive-outcome.ts";

/** Where facts come from. */
export interface FactsContext {
  readonly runner: GitRunner;
  readonly repositoryPath: string;
  readonly quarantine: QuarantineDirectory | undefined;
  readonly signal: AbortSignal;
}

interface TypedObject {
  readonly type: ObjectType;
  readonly peeledId: ObjectId;
}

/** What the walk, and where it does not say git itself, proves about each command. */
export async function proveFacts(
  context: FactsContext,
  commands: readonly RefUpdate[],
  walk: Walk | undefined,
): Promise<readonly RefUpdateFacts[]> {
  const additions = commands.filter(({ newId }) => !isZeroObjectId(newId));
  const types = await typesOf(
    context,
    additions.map(({ newId }) => newId),
    walk,
  );
  const newTips = new Set(additions.map(({ newId }) => newId));
  const facts: RefUpdateFacts[] = [];
  for (const command of commands) {
    const object = types.get(command.newId);
    const history =
      object === undefined ? nothingNew : await compareHistories(context, command, walk, newTips.size === 1);
    facts.push({
      ...history,
      newType: object?.type,
      peeledId: object?.peeledId,
      commitCount: object !== undefined && newTips.size === 1 ? walk?.commitCount : undefined,
    });
  }
  return facts;
}

type History = Pick<RefUpdateFacts, "isFastForward" | "hasMerges">;

const nothingNew: History = { isFastForward: false, hasMerges: false };

/**
 * How `new` goes on from `old`: a function of these two commits alone, so that every validator finds the same.
 *
 * A listed commit of `new` that names `old` as its parent proves that it goes on, and then the listed commits of `new` are all
 * that it adds: `old`, which is not listed, is known to be complete, so nothing that it reaches was listed. Otherwise git is
 * asked.
 */
async function compareHistories(
  context: FactsContext,
  { oldId, newId }: RefUpdate,
  walk: Walk | undefined,
  isOnlyTip: boolean,
): Promise<History> {
  if (isZeroObjectId(oldId)) return nothingNew;
  if (oldId === newId) return { isFastForward: true, hasMerges: false };
  const listed = walk === undefined || walk.parentsByCommit.has(oldId) ? [] : listedOf(walk, newId, isOnlyTip);
  let goesOn = false;
  let hasMerges = false;
  for (const parents of listed) {
    goesOn ||= parents.includes(oldId);
    hasMerges ||= parents.length > 1;
  }
  return goesOn ? { isFastForward: true, hasMerges } : await askHistories(context, oldId, newId);
}

/** The parents of every listed commit that belongs to `newId`. */
function listedOf(walk: Walk, newId: ObjectId, isOnlyTip: boolean): Iterable<readonly string[]> {
  if (isOnlyTip) return walk.parentsByCommit.values();
  const seen = new Set<string>(walk.parentsByCommit.has(newId) ? [newId] : []);
  for (const commit of seen)
    for (const parent of walk.parentsByCommit.get(commit)!) if (walk.parentsByCommit.has(parent)) seen.add(parent);
  return Array.from(seen, (commit) => walk.parentsByCommit.get(commit)!);
}

async function askHistories(context: FactsContext, oldId: ObjectId, newId: ObjectId): Promise<History> {
  // 0 yes, 1 no, 128 when one of them is no commit.
  const isAncestor = { args: ["merge-base", "--is-ancestor", oldId, newId], acceptedCodes: [0, 1, 128] };
  const { exitCode } = await askGit(context, isAncestor);
  if (exitCode !== 0 && exitCode !== 1) return nothingNew;
  const args = ["rev-list", "--min-parents=2", "--max-count=1", newId, `^${oldId}`, "--"];
  const { output } = await askGit(context, { args, acceptedCodes: [0] });
  return { isFastForward: exitCode === 0, hasMerges: output.length > 0 };
}

function askGit(
  { runner, repositoryPath, quarantine, signal }: FactsContext,
  { args, acceptedCodes }: { readonly args: readonly string[]; readonly acceptedCodes: readonly number[] },
) {
  const environment = quarantine?.environment ?? {};
  return collect(runner, { class: "push", args, repositoryPath, environment, signal }, { acceptedCodes });
}

/** Type and final target of each new value. A listed commit needs no further question. */
async function typesOf(
  context: FactsContext,
  ids: readonly ObjectId[],
  walk: Walk | undefined,
): Promise<ReadonlyMap<ObjectId, TypedObject>> {
  const types = new Map<ObjectId, TypedObject>();
  const unknown = new Set<ObjectId>();
  for (const id of ids) {
    if (walk?.parentsByCommit.has(id) === true) types.set(id, { type: "commit", peeledId: id });
    else unknown.add(id);
  }
  if (unknown.size > 0) await askTypes(context, [...unknown], types);
  return types;
}

async function askTypes(
  context: FactsContext,
  ids: readonly ObjectId[],
  types: Map<ObjectId, TypedObject>,
): Promise<void> {
  const { output } = await collect(
    context.runner,
    {
      class: "push",
      args: ["cat-file", "--batch-check=%(objectname) %(objecttype)"],
      repositoryPath: context.repositoryPath,
      environment: context.quarantine?.environment ?? {},
      signal: context.signal,
    },
    { input: ids.map((id) => `${id}\n${id}^{}\n`).join("") },
  );
  const lines = output.toString("latin1").split("\n");
  for (const [index, id] of ids.entries()) {
    const type = lines[2 * index]!.split(" ")[1] as ObjectType;
    types.set(id, { type, peeledId: lines[2 * index + 1]!.split(" ")[0] as ObjectId });
  }
}
