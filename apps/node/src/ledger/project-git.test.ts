import { encode, parseRefName, type AccountId, type RefName, type RepositoryId } from "@guts/primitives";
import { KINDS, type ForgeState, type LedgerEvent } from "@guts/ledger";
import { describe, expect, test } from "vitest";
import { openGate, projectEvents, type GitProjection } from "./project-git.ts";

const repository = 7 as RepositoryId;
const trunk = parseRefName("refs/heads/trunk")!;

/** The heads that an edit of the repository sets on disk. */
async function headsAfter(edit: { readonly defaultBranch?: RefName; readonly visibility?: "public" | "private" }) {
  const heads: RefName[] = [];
  const nothing = async (): Promise<void> => {};
  const git: GitProjection = {
    createRepository: nothing,
    forkRepository: nothing,
    deleteRepository: nothing,
    rebuildRefs: nothing,
    syncRefs: nothing,
    projectRefs: async (_id, _updates, head) => void heads.push(head),
  };
  const { payload } = KINDS["repository.update"];
  const unchanged = { repository, visibility: undefined, defaultBranch: undefined, description: undefined };
  const event: Partial<LedgerEvent> = {
    kind: "repository.update",
    actor: 1 as AccountId,
    scope: { type: "repository", id: repository },
    payload: encode(payload, { ...unchanged, homepage: undefined, ...edit }),
  };
  const forge: Partial<ForgeState> = { repository: () => ({ defaultBranch: trunk }) as never };
  await projectEvents({ git, forge: forge as ForgeState, objects: openGate }, [event as LedgerEvent]);
  return heads;
}

describe("an edit of a repository", () => {
  test("points HEAD at the default branch that it chose", async () => {
    expect(await headsAfter({ defaultBranch: trunk })).toEqual([trunk]);
  });

  test("leaves the repository on disk alone when it chose none", async () => {
    expect(await headsAfter({ visibility: "private" })).toEqual([]);
  });
});
