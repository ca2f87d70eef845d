import { plainProtection as plain, type ProtectionSettings } from "@guts/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { GitClient } from "../../testing/git-client.fixture.ts";
import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

let node: TestNode;
let owner: TestAccount;
let writer: TestAccount;

beforeAll(async () => {
  node = await TestNode.start();
  owner = await node.signUp("owner");
  writer = await node.signUp("writer");
});
afterAll(() => node[Symbol.asyncDispose]());

const off = {
  required_status_checks: null,
  enforce_admins: null,
  required_pull_request_reviews: null,
  restrictions: null,
} as const;

let count = 0;

/** A repository with one commit that `writer` may push to. */
async function pushed() {
  const repo = `repo-${++count}`;
  await owner.client.call("POST /api/v3/user/repos", { body: { name: repo } });
  const path = { owner: owner.handle, repo };
  const username = writer.handle;
  const invitation = await owner.client.call("PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}", {
    path: { ...path, username },
    body: { permission: "push" },
  });
  await writer.client.call("PATCH /api/v3/user/repository_invitations/{invitation_id}", {
    path: { invitation_id: String(invitation!.id) },
  });
  const git = new GitClient(node.directory);
  const { host } = new URL(node.url);
  await git.init(`http://x:${owner.token}@${host}/${owner.handle}/${repo}.git`);
  await git.must("remote", "add", "writer", `http://x:${writer.token}@${host}/${owner.handle}/${repo}.git`);
  await git.must("push", "-q", "origin", "main");
  return { path, git, head: await git.must("rev-parse", "HEAD") };
}

const setRule = (path: { owner: string; repo: string }, pattern: string, settings: Partial<ProtectionSettings> = {}) =>
  owner.client.call("PUT /api/guts/repos/{owner}/{repo}/protection", {
    path,
    body: { target: pattern.startsWith("v") ? "tag" : "branch", pattern, settings: { ...plain, ...settings } },
  });

describe("protection of a branch", () => {
  test("is set, shown in GitHub's shapes, and removed", async () => {
    const { path } = await pushed();
    const branch = { ...path, branch: "main" };
    const get = "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection" as const;
    await expect(owner.client.call(get, { path: branch })).rejects.toMatchObject({ status: 404 });
    const body = {
      required_status_checks: { strict: true, contexts: ["build"], checks: [{ context: "test" }] },
      enforce_admins: true,
      required_pull_request_reviews: { required_approving_review_count: 2, require_code_owner_reviews: true },
      restrictions: { users: [writer.handle], teams: [] },
      required_linear_history: true,
      required_conversation_resolution: true,
    };
    const put = "PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection" as const;
    await owner.client.call(put, { path: branch, body });
    const shown = await owner.client.call(get, { path: branch });
    expect(shown).toMatchObject({
      required_status_checks: { strict: true, contexts: ["build", "test"] },
      enforce_admins: { enabled: true },
      required_pull_request_reviews: { required_approving_review_count: 2, require_code_owner_reviews: true },
      restrictions: { users: [{ login: writer.handle }] },
      required_linear_history: { enabled: true },
      allow_deletions: { enabled: false },
      required_signatures: { enabled: false },
    });
    const listed = await owner.client.call("GET /api/v3/repos/{owner}/{repo}/branches", { path });
    expect(listed).toMatchObject([{ name: "main", protected: true, protection: { enabled: true } }]);
    const rules = await owner.client.call("GET /api/v3/repos/{owner}/{repo}/rules/branches/{+branch}", {
      path: branch,
    });
    expect(rules.map(({ type }) => type)).toEqual([
      ...["update", "deletion", "non_fast_forward", "required_linear_history"],
      ...["pull_request", "required_status_checks"],
    ]);
    const signatures = "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures" as const;
    expect(await owner.client.call(signatures, { path: branch })).toMatchObject({ enabled: true });
    await owner.client.call(put, { path: branch, body: off });
    expect(await owner.client.call(get, { path: branch })).toMatchObject({ required_signatures: { enabled: true } });
    await owner.client.call("DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection", { path: branch });
    await expect(owner.client.call(get, { path: branch })).rejects.toMatchObject({ status: 404 });
  });

  test("is for administrators to set, and says what it does not have", async () => {
    const { path } = await pushed();
    const put = (account: TestAccount, body: object, branch = "main") =>
      account.client.call("PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection", {
        path: { ...path, branch },
        body: { ...off, ...body },
      });
    await expect(put(writer, {})).rejects.toMatchObject({ status: 403 });
    await expect(put(owner, { restrictions: { users: ["nobody-here"] } })).rejects.toMatchObject({ status: 422 });
    await expect(put(owner, { allow_fork_syncing: true })).rejects.toMatchObject({ status: 422 });
    await expect(put(owner, { required_conversation_resolution: true })).rejects.toMatchObject({ status: 422 });
    expect(await put(owner, {}, "release/1")).toMatchObject({ lock_branch: { enabled: false } });
  });

  test("by a pattern governs branches, and is changed as a pattern", async () => {
    const { path, git } = await pushed();
    await git.must("push", "-q", "origin", "main:release/1");
    expect(await setRule(path, "release/*", { isLocked: true })).toMatchObject({ governs: { names: ["release/1"] } });
    const branch = { ...path, branch: "release/1" };
    const shown = await owner.client.call("GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection", {
      path: branch,
    });
    expect(shown.lock_branch).toEqual({ enabled: true });
    const remove = owner.client.call("DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection", {
      path: branch,
    });
    await expect(remove).rejects.toMatchObject({ status: 422 });
    await owner.client.call("DELETE /api/guts/repos/{owner}/{repo}/protection", {
      path,
      query: { target: "branch", pattern: "release/*" },
    });
    expect(await owner.client.call("GET /api/guts/repos/{owner}/{repo}/protection", { path })).toEqual([]);
  });
});

describe("the parts of a rule", () => {
  test("are changed each by its route", async () => {
    const { path } = await pushed();
    const branch = { ...path, branch: "main" };
    const base = "/api/v3/repos/{owner}/{repo}/branches/{branch}/protection" as const;
    const { client } = owner;
    await client.call(`PUT ${base}`, {
      path: branch,
      body: { ...off, required_status_checks: { contexts: ["build"] }, required_pull_request_reviews: {} },
    });
    await expect(client.call(`GET ${base}/restrictions`, { path: branch })).rejects.toMatchObject({ status: 404 });
    expect(await client.call(`POST ${base}/enforce_admins`, { path: branch })).toMatchObject({ enabled: true });
    expect(
      await client.call(`PATCH ${base}/required_status_checks`, { path: branch, body: { strict: true } }),
    ).toMatchObject({ strict: true, contexts: ["build"] });
    const reviews = {
      bypass_pull_request_allowances: { users: [writer.handle] },
      dismissal_restrictions: { users: [] },
    };
    expect(
      await client.call(`PATCH ${base}/required_pull_request_reviews`, { path: branch, body: reviews }),
    ).toMatchObject({
      required_approving_review_count: 1,
      bypass_pull_request_allowances: { users: [{ login: writer.handle }], teams: [] },
      dismissal_restrictions: { users: [], teams: [] },
    });
    const gone = ["enforce_admins", "required_status_checks", "required_pull_request_reviews"] as const;
    for (const part of gone) await client.call(`DELETE ${base}/${part}`, { path: branch });
    const left = await client.call(`GET ${base}`, { path: branch });
    expect(left).toMatchObject({ enforce_admins: { enabled: false } });
    expect([left.required_status_checks, left.required_pull_request_reviews]).toEqual([undefined, undefined]);
  });

  test("name teams that may write, and a secret one to its own and to administrators alone", async () => {
    const org = "acme";
    await owner.client.call("POST /api/v3/admin/organizations", { body: { login: org } });
    await owner.client.call("POST /api/v3/orgs/{org}/repos", { path: { org }, body: { name: "engine" } });
    const path = { owner: org, repo: "engine", branch: "main" };
    for (const [name, permission] of [
      ["Core", "push"],
      ["Guests", "pull"],
    ] as const) {
      const privacy = name === "Core" ? ("secret" as const) : ("closed" as const);
      await owner.client.call("POST /api/v3/orgs/{org}/teams", { path: { org }, body: { name, privacy } });
      await owner.client.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}", {
        path: { org, team_slug: name.toLowerCase(), owner: org, repo: "engine" },
        body: { permission },
      });
    }
    const base = "/api/v3/repos/{owner}/{repo}/branches/{branch}/protection" as const;
    await owner.client.call(`PUT ${base}`, { path, body: { ...off, restrictions: { users: [], teams: ["core"] } } });
    const teams = await owner.client.call(`GET ${base}/restrictions/teams`, { path });
    expect(teams.map(({ slug }) => slug)).toEqual(["core"]);
    expect(await writer.client.call(`GET ${base}/restrictions/teams`, { path })).toEqual([]);
    const body = { teams: ["guests"] };
    await expect(owner.client.call(`POST ${base}/restrictions/teams`, { path, body })).rejects.toMatchObject({
      status: 422,
    });
    const named = await owner.client.call(`POST ${base}/restrictions/users`, { path, body: { users: [owner.handle] } });
    expect(named.map(({ login }) => login)).toEqual([owner.handle]);
    expect(await owner.client.call(`DELETE ${base}/restrictions/teams`, { path, body: ["core"] })).toEqual([]);
    const place = { owner: org, repo: "engine" };
    await owner.client.call("PUT /api/guts/repos/{owner}/{repo}/protection", {
      path: place,
      body: { target: "branch", pattern: "main", settings: { ...plain, pushers: [`${org}/core`, writer.handle] } },
    });
    const [rule] = await owner.client.call("GET /api/guts/repos/{owner}/{repo}/protection", { path: place });
    expect(rule!.settings.pushers).toEqual([writer.handle, `${org}/core`]);
  });
});

test("a branch gets another name, by which it is found from the one that it had", async () => {
  const { path, git } = await pushed();
  await setRule(path, "main", { isLocked: true });
  const rename = "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/rename" as const;
  const call = (account: TestAccount, branch: string, new_name: string) =>
    account.client.call(rename, { path: { ...path, branch }, body: { new_name } });
  await expect(call(writer, "main", "trunk")).rejects.toMatchObject({ status: 403 });
  await expect(call(owner, "main", "a b")).rejects.toMatchObject({ status: 422 });
  await expect(call(owner, "gone", "trunk")).rejects.toMatchObject({ status: 404 });
  expect(await call(owner, "main", "trunk")).toMatchObject({ name: "trunk", protected: true });
  expect(await owner.client.call("GET /api/v3/repos/{owner}/{repo}", { path })).toMatchObject({
    default_branch: "trunk",
  });
  const answer = await fetch(`${node.url}/api/v3/repos/${path.owner}/${path.repo}/branches/main`, {
    redirect: "manual",
  });
  expect([answer.status, answer.headers.get("location")]).toEqual([301, expect.stringMatching(/\/branches\/trunk$/)]);
  const view = "GET /api/guts/view/repos/{owner}/{repo}/tree/{+ref_path}" as const;
  expect((await owner.client.call(view, { path: { ...path, ref_path: "main" } })).ref).toMatchObject({
    name: "trunk",
    formerName: "main",
  });
  const push = await git.run("push", "origin", "main");
  expect([push.code, push.stderr]).toEqual([0, expect.stringContaining("main was renamed to trunk before")]);
});

describe("a push to a protected branch", () => {
  test("says everything that is missing, and who can help", async () => {
    const { path, git } = await pushed();
    await setRule(path, "main", {
      pullRequest: {
        approvals: 2,
        dismissesStale: false,
        codeOwners: true,
        lastPushApproval: false,
        resolvedConversations: false,
      },
      requiresLinearHistory: true,
    });
    await git.commit("a", "a");
    const push = await git.run("push", "writer", "main");
    expect(push.code).toBe(1);
    expect(push.stderr).toContain(
      "protected: changes must come by a pull request with 2 approvals, one by a code owner",
    );
    const told = await writer.client.call("GET /api/guts/repos/{owner}/{repo}/protection/explain", {
      path,
      query: { ref: "main" },
    });
    expect(told).toMatchObject({ rule: { pattern: "main" }, push: [{ code: "pull-request" }], create: [] });
    expect(told.delete.map(({ code }) => code)).toEqual(["deletion"]);
    expect((await git.run("push", "-q", "origin", "main")).code).toBe(0);
  });

  test("does not bring merge commits into a linear history, nor rewrite it, nor delete it", async () => {
    const { path, git } = await pushed();
    await setRule(path, "main", { requiresLinearHistory: true, includesAdministrators: true });
    await setRule(path, "keep", {});
    await git.must("push", "-q", "origin", "main:keep");
    await git.must("checkout", "-q", "-b", "side");
    await git.commit("side", "s");
    await git.must("checkout", "-q", "main");
    await git.commit("main", "m");
    await git.must("push", "-q", "origin", "main");
    await git.must("merge", "-q", "--no-edit", "side");
    // Through another branch first, so that the push to main brings nothing new to the repository.
    await git.must("push", "-q", "origin", "main:other");
    const merged = await git.run("push", "origin", "main");
    expect([merged.code, merged.stderr]).toEqual([1, expect.stringContaining("merge commits may not come in")]);
    const forced = await git.run("push", "--force", "origin", "main~1^:main");
    expect([forced.code, forced.stderr]).toEqual([1, expect.stringContaining("history may not be rewritten")]);
    const deleted = await git.run("push", "origin", ":keep");
    expect([deleted.code, deleted.stderr]).toEqual([1, expect.stringContaining("may not be deleted")]);
  });
});

describe("refs by the API", () => {
  const refs = "POST /api/v3/repos/{owner}/{repo}/git/refs" as const;

  test("are made, moved forward or by force, and deleted", async () => {
    const { path, git, head } = await pushed();
    await git.commit("a", "a");
    await git.must("push", "-q", "origin", "main");
    const next = await git.must("rev-parse", "HEAD");
    const made = await writer.client.call(refs, { path, body: { ref: "refs/heads/dev", sha: head } });
    expect(made).toMatchObject({ ref: "refs/heads/dev", object: { type: "commit", sha: head } });
    await expect(writer.client.call(refs, { path, body: { ref: "refs/heads/dev", sha: head } })).rejects.toMatchObject({
      reason: "ref-exists",
    });
    const missing = { ref: "refs/heads/x", sha: "1".repeat(40) };
    await expect(writer.client.call(refs, { path, body: missing })).rejects.toMatchObject({ reason: "object-missing" });
    const patch = (sha: string, force = false) =>
      writer.client.call("PATCH /api/v3/repos/{owner}/{repo}/git/refs/{+ref}", {
        path: { ...path, ref: "heads/dev" },
        body: { sha, force },
      });
    expect(await patch(next)).toMatchObject({ object: { sha: next } });
    await expect(patch(head)).rejects.toMatchObject({ reason: "not-fast-forward" });
    expect(await patch(head, true)).toMatchObject({ object: { sha: head } });
    const remove = "DELETE /api/v3/repos/{owner}/{repo}/git/refs/{+ref}" as const;
    await writer.client.call(remove, { path: { ...path, ref: "heads/dev" } });
    await expect(writer.client.call(remove, { path: { ...path, ref: "heads/dev" } })).rejects.toMatchObject({
      reason: "ref-missing",
    });
    const main = { ...path, ref: "heads/main" };
    await expect(owner.client.call(remove, { path: main })).rejects.toMatchObject({ reason: "ref-is-default-branch" });
  });

  test("go by the rules of a push: nothing protected is changed through them", async () => {
    const { path, git, head } = await pushed();
    await git.commit("a", "a");
    await git.must("push", "-q", "origin", "main", "main:dev", "main:refs/tags/v1");
    const next = await git.must("rev-parse", "HEAD");
    await setRule(path, "dev", { isLocked: true, includesAdministrators: true });
    await setRule(path, "v*");
    const call = (ref: string, sha: string) =>
      owner.client.call("PATCH /api/v3/repos/{owner}/{repo}/git/refs/{+ref}", {
        path: { ...path, ref },
        body: { sha, force: true },
      });
    await expect(call("heads/dev", head)).rejects.toMatchObject({ status: 422, reason: "ref-protected" });
    await expect(call("tags/v1", head)).rejects.toMatchObject({ reason: "ref-protected" });
    const remove = owner.client.call("DELETE /api/v3/repos/{owner}/{repo}/git/refs/{+ref}", {
      path: { ...path, ref: "tags/v1" },
    });
    await expect(remove).rejects.toMatchObject({ reason: "ref-protected" });
    expect(await git.must("ls-remote", "origin", "dev", "v1")).toBe(`${next}\trefs/heads/dev\n${next}\trefs/tags/v1`);
  });
});

test("CODEOWNERS is read from the branch, and what is wrong in it is told", async () => {
  const { path, git } = await pushed();
  const errors = "GET /api/v3/repos/{owner}/{repo}/codeowners/errors" as const;
  await expect(owner.client.call(errors, { path })).rejects.toMatchObject({ status: 404 });
  await git.commit("docs/CODEOWNERS", "* @nobody-at-all\n");
  await git.commit("CODEOWNERS", `* @${owner.handle}\n\n!x @${owner.handle}\n/docs/ @stranger\n`);
  await git.must("push", "-q", "origin", "main");
  const told = await owner.client.call(errors, { path });
  expect(told.errors.map(({ line, kind, path: file }) => [line, kind, file])).toEqual([
    [3, "Invalid pattern", "CODEOWNERS"],
    [4, "Unknown owner", "CODEOWNERS"],
  ]);
});
