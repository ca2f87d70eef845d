/** Whom every route of the protection of branches serves, and a request that succeeds for them. */
import type { ApiRouteName } from "@guts/api";

import { administers, reads, writes, type AccessCase, type Prepare } from "./access-case.fixture.ts";
import { drawnBranch, noGitHubRule, protectedBranch } from "./access-requests.fixture.ts";
import { drawName } from "./drawn.fixture.ts";

type Branch = "/api/v3/repos/{owner}/{repo}/branches/{branch}";
type ProtectionRoute = Extract<ApiRouteName, `${string} ${Branch}/protection${string}` | `POST ${Branch}/rename`>;

/** A branch with a rule of its own, and a body. */
function protectedBranchTo(body: object): Prepare {
  return async (at) => ({ ...(await protectedBranch(at)), body });
}

/** A branch that nobody may push to, and a body. */
function restrictedBranch(body?: object): Prepare {
  return async ({ world, target: { owner, repo } }) => {
    const put = "PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection" as const;
    const restricted = { ...noGitHubRule, restrictions: { users: [], teams: [] } };
    await world.owner.client.call(put, { path: { owner, repo, branch: "main" }, body: restricted });
    return { path: { branch: "main" }, ...(body && { body }) };
  };
}

/** A line for each of them. */
export const protectionCases: Readonly<Record<ProtectionRoute, AccessCase>> = {
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection": reads("read", protectedBranch),
  "PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection": administers("admin", () => ({
    path: { branch: "main" },
    body: noGitHubRule,
  })),
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection": administers("admin", protectedBranch),
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_status_checks": reads(
    "read",
    protectedBranch,
  ),
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_pull_request_reviews": reads(
    "read",
    protectedBranch,
  ),
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/enforce_admins": reads("read", protectedBranch),
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures": reads("read", protectedBranch),
  "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures": administers(
    "admin",
    protectedBranch,
  ),
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures": administers(
    "admin",
    protectedBranch,
  ),
  "PATCH /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_status_checks": administers(
    "admin",
    protectedBranchTo({ strict: true }),
  ),
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_status_checks": administers(
    "admin",
    protectedBranch,
  ),
  "PATCH /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_pull_request_reviews": administers(
    "admin",
    protectedBranchTo({}),
  ),
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_pull_request_reviews": administers(
    "admin",
    protectedBranch,
  ),
  "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/enforce_admins": administers(
    "admin",
    protectedBranch,
  ),
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/enforce_admins": administers(
    "admin",
    protectedBranch,
  ),
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions": administers(
    "admin",
    protectedBranch,
  ),
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions": reads("read", restrictedBranch()),
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/users": reads("read", restrictedBranch()),
  "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/users": administers(
    "admin",
    restrictedBranch({ users: [] }),
  ),
  "PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/users": administers(
    "admin",
    restrictedBranch({ users: [] }),
  ),
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/users": administers(
    "admin",
    restrictedBranch({ users: [] }),
  ),
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/teams": reads("read", restrictedBranch()),
  "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/teams": administers(
    "admin",
    restrictedBranch({ teams: [] }),
  ),
  "PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/teams": administers(
    "admin",
    restrictedBranch({ teams: [] }),
  ),
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/teams": administers(
    "admin",
    restrictedBranch({ teams: [] }),
  ),
  "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/rename": writes("write", async (at) => {
    const { path } = await drawnBranch(at);
    return { path: { branch: path!["ref"]!.replace("heads/", "") }, body: { new_name: drawName() } };
  }),
};
