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
    facts.push({
      isFastForward: object !== undefined && (await isFastForward(context, command, walk, newTips.size === 1)),
      newType: object?.type,
      peeledId: object?.peeledId,
      commitCount: object !== undefined && newTips.size === 1 ? walk?.commitCount : undefined,
    });
  }
  return facts;
}

/**
 * Whether `old` is an ancestor of `new`. A listed commit that names `old` as its parent proves it, if that commit is
 * known to belong to `new`; only otherwise is git asked.
 */
async function isFastForward(
  context: FactsContext,
  { oldId, newId }: RefUpdate,
  walk: Walk | undefined,
  isOnlyTip: boolean,
): Promise<boolean> {
  if (isZeroObjectId(oldId)) return false;
  if (oldId === newId) return true;
  if (walk !== undefined && (isOnlyTip ? namesParent(walk, oldId) : descendsFrom(walk, newId, oldId))) return true;
  const job = {
    class: "push" as const,
    args: ["merge-base", "--is-ancestor", oldId, newId],
    repositoryPath: context.repositoryPath,
    environment: context.quarantine?.environment ?? {},
    signal: context.signal,
  };
  // 0 yes, 1 no, 128 when one of them is no commit.
  const { exitCode } = await collect(context.runner, job, { acceptedCodes: [0, 1, 128] });
  return exitCode === 0;
}

function namesParent(walk: Walk, id: ObjectId): boolean {
  for (const parents of walk.parentsByCommit.values()) if (parents.includes(id)) return true;
  return false;
}

function descendsFrom(walk: Walk, from: ObjectId, ancestor: ObjectId): boolean {
  const seen = new Set<string>([from]);
  for (const commit of seen) {
    for (const parent of walk.parentsByCommit.get(commit) ?? []) {
      if (parent === ancestor) return true;
      if (walk.parentsByCommit.has(parent)) seen.add(parent);
    }
  }
  return false;
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
