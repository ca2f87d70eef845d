/** Pull requests of tests that are not about opening them. */
import { randomBytes } from "node:crypto";

import { contentCodec, contentRefOf, contentSaltLength, KINDS } from "@guts/ledger";
import { decode, encode, parseRefName, utf8, type ObjectId, type RefName, type RepositoryId } from "@guts/primitives";

import type { At } from "./access-world.fixture.ts";
import { standsAt } from "./access-standing.fixture.ts";
import { drawName } from "./drawn.fixture.ts";
import type { TestAccount, TestNode } from "./test-node.fixture.ts";

/** What to open, and who does. */
export interface PullOpening {
  readonly by: TestAccount;
  readonly repository: number;
  readonly title?: string;
  /** Short names. */
  readonly head: string;
  readonly base: string;
  readonly isDraft?: boolean;
}

/** Opens one with the person's own key; returns its number. */
export async function openPullAt(node: TestNode, opening: PullOpening): Promise<number> {
  const repository = opening.repository as RepositoryId;
  const [head, base] = [opening.head, opening.base].map((name) => parseRefName(`refs/heads/${name}`)!) as [
    RefName,
    RefName,
  ];
  const title = { salt: new Uint8Array(randomBytes(contentSaltLength)), text: utf8(opening.title ?? "Change it") };
  const payload = {
    repository,
    title: contentRefOf(title),
    body: undefined,
    head: { repository, name: head },
    headId: node.ledger.state().ref(repository, head) as ObjectId,
    base,
    isDraft: opening.isDraft ?? false,
    effects: { mentions: [], teams: [], references: [], closes: [] },
  };
  const signed = Buffer.from(node.sign({ kind: "pull.open", payload }, opening.by.id, opening.by.seed), "base64");
  const outcome = await node.ledger.submitSigned(signed, [encode(contentCodec, title)]);
  if (outcome.outcome !== "applied") throw new TypeError(`not opened: ${JSON.stringify(outcome)}`);
  const event = node.ledger.events.findLast(({ kind }) => kind === "pull.open")!;
  return decode(KINDS["pull.open"].result, event.result).number;
}

/** A request about a pull request, as a path names it. */
interface PullRequestPath {
  readonly path: { readonly pull_number: string };
}

/** A new pull request of one commit in the repository that is knocked at. */
async function freshPull({ world, target, ids }: At): Promise<PullRequestPath> {
  const { owner, repo, id } = target;
  const { client } = world.owner;
  const [head, base] = [drawName(), drawName()];
  for (const name of [head, base])
    await client.call("POST /api/v3/repos/{owner}/{repo}/git/refs", {
      path: { owner, repo },
      body: { ref: `refs/heads/${name}`, sha: ids.commit },
    });
  for (const branch of [head, base])
    await client.call("PUT /api/v3/repos/{owner}/{repo}/contents/{+path}", {
      path: { owner, repo, path: drawName() },
      body: { message: "write", content: "YQ==", branch },
    });
  const number = await openPullAt(world.node, { by: world.owner, repository: id, head, base });
  return { path: { pull_number: String(number) } };
}

/** One open pull request of each repository, whose base has gone on; made once, since nobody who asks changes it. */
const openPulls = new Map<number, Promise<PullRequestPath>>();
/** The same for merged ones. */
const mergedPulls = new Map<number, Promise<PullRequestPath>>();

function kept(pulls: Map<number, Promise<PullRequestPath>>, id: number, make: () => Promise<PullRequestPath>) {
  const pull = pulls.get(id) ?? make();
  pulls.set(id, pull);
  return pull;
}

/** An open pull request that everybody may ask about. */
export function openPullOf(at: At): Promise<PullRequestPath> {
  return kept(openPulls, at.target.id, () => freshPull(at));
}

/** A merged one. */
export function mergedPullOf(at: At): Promise<PullRequestPath> {
  return kept(mergedPulls, at.target.id, async () => {
    const { path } = await freshPull(at);
    const { owner, repo } = at.target;
    await at.world.owner.client.call("PUT /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/merge", {
      path: { owner, repo, ...path },
      body: {},
    });
    return { path };
  });
}

/** An open one of their own for callers who may change it; the others cannot spend it. */
export function spendablePull(at: At): Promise<PullRequestPath> {
  const mayWrite = at.caller.state === "live" && standsAt(at.caller, at.target, "write");
  return mayWrite ? freshPull(at) : openPullOf(at);
}
