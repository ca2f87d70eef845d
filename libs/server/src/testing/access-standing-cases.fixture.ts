/** Whom stars, watching, topics and statuses serve. */
import {
  administers,
  anybody,
  reads,
  readsContents,
  reports,
  signedIn,
  stars,
  watches,
  type AccessCase,
  type AccessRequest,
} from "./access-case.fixture.ts";
import { personOf } from "./access-requests.fixture.ts";
import { standsAt } from "./access-standing.fixture.ts";
import type { At } from "./access-world.fixture.ts";
import { drawName } from "./drawn.fixture.ts";

/** A line for each of their routes. */
export const standingCases = {
  "GET /api/v3/user/starred": signedIn(),
  "GET /api/v3/users/{username}/starred": anybody(ofOwner),
  "GET /api/v3/user/starred/{owner}/{repo}": reads("read", starredByCaller),
  "PUT /api/v3/user/starred/{owner}/{repo}": stars("read"),
  "DELETE /api/v3/user/starred/{owner}/{repo}": stars("read"),
  "GET /api/v3/repos/{owner}/{repo}/stargazers": reads("read"),
  "GET /api/v3/repos/{owner}/{repo}/subscribers": reads("read"),
  "GET /api/v3/user/subscriptions": signedIn(),
  "GET /api/v3/users/{username}/subscriptions": anybody(ofOwner),
  "GET /api/v3/repos/{owner}/{repo}/subscription": reads("read", watchedByCaller),
  "PUT /api/v3/repos/{owner}/{repo}/subscription": watches("read", () => ({ body: { subscribed: true } })),
  "DELETE /api/v3/repos/{owner}/{repo}/subscription": watches("read"),
  "POST /api/v3/repos/{owner}/{repo}/statuses/{sha}": reports("write", ({ ids }) => ({
    path: { sha: ids.commit },
    body: { state: "success" },
  })),
  "GET /api/v3/repos/{owner}/{repo}/commits/{ref}/statuses": readsContents("read", ofCommit),
  "GET /api/v3/repos/{owner}/{repo}/commits/{ref}/status": readsContents("read", ofCommit),
  "GET /api/v3/repos/{owner}/{repo}/forks": reads("read"),
  "POST /api/v3/repos/{owner}/{repo}/forks": stars("read", () => ({ body: { name: drawName() } })),
  "GET /api/v3/repos/{owner}/{repo}/topics": reads("read"),
  "PUT /api/v3/repos/{owner}/{repo}/topics": administers("maintain", () => ({ body: { names: ["matrix"] } })),
} as const satisfies Readonly<Record<string, AccessCase>>;

function ofCommit({ ids }: At): AccessRequest {
  return { path: { ref: ids.commit } };
}

function ofOwner({ world }: At): AccessRequest {
  return { path: { username: world.owner.handle } };
}

/** Where the caller's person may. */
async function starredByCaller(at: At): Promise<AccessRequest> {
  const { owner, repo } = at.target;
  if (standsAt(at.caller, at.target, "read"))
    await personOf(at).client.call("PUT /api/v3/user/starred/{owner}/{repo}", { path: { owner, repo } });
  return {};
}

async function watchedByCaller(at: At): Promise<AccessRequest> {
  const path = { owner: at.target.owner, repo: at.target.repo };
  const body = { subscribed: true };
  if (standsAt(at.caller, at.target, "read"))
    await personOf(at).client.call("PUT /api/v3/repos/{owner}/{repo}/subscription", { path, body });
  return {};
}
