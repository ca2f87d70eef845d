/** Whom every route of issues serves, and a request that succeeds for them. */
import type { ApiRouteName } from "@guts/api";

import { discusses, readsIssues, type AccessCase, type Prepare } from "./access-case.fixture.ts";
import { drawName } from "./drawn.fixture.ts";
import type { At } from "./access-world.fixture.ts";

type IssueRoute = Extract<
  ApiRouteName,
  `${string} /api/${"v3" | "guts"}/repos/{owner}/{repo}/${"issues" | "labels" | "milestones" | "assignees"}${string}`
>;

/** An issue of the repository's owner. */
async function openOne({ world, target: { owner, repo } }: At): Promise<string> {
  const body = { title: drawName(), body: "See #1" };
  const { number } = await world.owner.client.call("POST /api/v3/repos/{owner}/{repo}/issues", {
    path: { owner, repo },
    body,
  });
  return String(number);
}

const issue =
  (body?: object): Prepare =>
  async (at) => ({ path: { issue_number: await openOne(at) }, ...(body && { body }) });

const comment =
  (body?: object): Prepare =>
  async (at) => {
    const { owner, repo } = at.target;
    const path = { owner, repo, issue_number: await openOne(at) };
    const made = await at.world.owner.client.call("POST /api/v3/repos/{owner}/{repo}/issues/{issue_number}/comments", {
      path,
      body: { body: "Me too" },
    });
    return { path: { comment_id: String(made.id) }, ...(body && { body }) };
  };

const label =
  (body?: () => object): Prepare =>
  async ({ world, target: { owner, repo } }) => {
    const name = drawName();
    await world.owner.client.call("POST /api/v3/repos/{owner}/{repo}/labels", {
      path: { owner, repo },
      body: { name },
    });
    return { path: { name }, ...(body && { body: body() }) };
  };

const milestone =
  (body?: object): Prepare =>
  async ({ world, target: { owner, repo } }) => {
    const asked = { path: { owner, repo }, body: { title: drawName() } };
    const { number } = await world.owner.client.call("POST /api/v3/repos/{owner}/{repo}/milestones", asked);
    return { path: { milestone_number: String(number) }, ...(body && { body }) };
  };

/** An issue that has a label. */
const labelled: Prepare = async (at) => {
  const { owner, repo } = at.target;
  const path = { owner, repo, issue_number: await openOne(at) };
  const name = drawName();
  const put = "PUT /api/v3/repos/{owner}/{repo}/issues/{issue_number}/labels" as const;
  await at.world.owner.client.call(put, { path, body: { labels: [name] } });
  return { path: { issue_number: path.issue_number, name } };
};

/** The caller's own reaction; who has no account here looks for somebody else's. */
const reaction =
  (to: "issue" | "comment"): Prepare =>
  async (at) => {
    const { owner, repo } = at.target;
    const { client } = at.world.owner;
    const given = { body: { content: "heart" as const } };
    if (to === "issue") {
      const path = { owner, repo, issue_number: await openOne(at) };
      const made = "POST /api/v3/repos/{owner}/{repo}/issues/{issue_number}/reactions" as const;
      const { id } = await reactor(at)
        .call(made, { path, ...given })
        .catch(() => client.call(made, { path, ...given }));
      return { path: { issue_number: path.issue_number, reaction_id: String(id) } };
    }
    const { comment_id: id = "" } = (await comment()(at)).path ?? {};
    const path = { owner, repo, comment_id: id };
    const made = "POST /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions" as const;
    const answer = await reactor(at)
      .call(made, { path, ...given })
      .catch(() => client.call(made, { path, ...given }));
    return { path: { comment_id: id, reaction_id: String(answer.id) } };
  };

function reactor({ caller, world }: At) {
  return (caller.account ?? world.owner).client;
}

/** A line for each of them. */
export const issueCases: Readonly<Record<IssueRoute, AccessCase>> = {
  "GET /api/v3/repos/{owner}/{repo}/issues": readsIssues("read"),
  "POST /api/v3/repos/{owner}/{repo}/issues": discusses("read", () => ({ body: { title: drawName() } })),
  "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}": readsIssues("read", issue()),
  "PATCH /api/v3/repos/{owner}/{repo}/issues/{issue_number}": discusses("triage", issue({ state: "closed" })),
  "PUT /api/v3/repos/{owner}/{repo}/issues/{issue_number}/lock": discusses("write", issue({})),
  "DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/lock": discusses("write", issue()),
  "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}/events": readsIssues("read", issue()),
  "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}/timeline": readsIssues("read", issue()),
  "GET /api/v3/repos/{owner}/{repo}/issues/events": readsIssues("read"),
  "GET /api/v3/repos/{owner}/{repo}/assignees": readsIssues("read"),
  "GET /api/v3/repos/{owner}/{repo}/assignees/{assignee}": readsIssues("read", ({ world }) => ({
    path: { assignee: world.callerNamed("writer").account!.handle },
  })),
  "POST /api/v3/repos/{owner}/{repo}/issues/{issue_number}/assignees": discusses("triage", async (at) => ({
    path: { issue_number: await openOne(at) },
    body: { assignees: [at.world.owner.handle] },
  })),
  "DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/assignees": discusses("triage", async (at) => {
    const path = { issue_number: await openOne(at) };
    const { owner, repo } = at.target;
    const body = { assignees: [at.world.owner.handle] };
    const post = "POST /api/v3/repos/{owner}/{repo}/issues/{issue_number}/assignees" as const;
    await at.world.owner.client.call(post, { path: { owner, repo, ...path }, body });
    return { path, body };
  }),
  "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}/comments": readsIssues("read", issue()),
  "POST /api/v3/repos/{owner}/{repo}/issues/{issue_number}/comments": discusses("read", issue({ body: "Me too" })),
  "GET /api/v3/repos/{owner}/{repo}/issues/comments": readsIssues("read"),
  "GET /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}": readsIssues("read", comment()),
  "PATCH /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}": discusses("write", comment({ body: "No" })),
  "DELETE /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}": discusses("write", comment()),
  "PUT /api/guts/repos/{owner}/{repo}/issues/comments/{comment_id}/hidden": discusses(
    "write",
    comment({ reason: "spam" }),
  ),
  "DELETE /api/guts/repos/{owner}/{repo}/issues/comments/{comment_id}/hidden": discusses("write", comment()),
  "PUT /api/guts/repos/{owner}/{repo}/issues/{issue_number}/pin": discusses("write", async (at) => {
    const { owner, repo } = at.target;
    // Few issues are pinned at once: what earlier requests left goes.
    for (const { number } of await at.world.owner.client.call("GET /api/v3/repos/{owner}/{repo}/issues", {
      path: { owner, repo },
    }))
      await at.world.owner.client.call("DELETE /api/guts/repos/{owner}/{repo}/issues/{issue_number}/pin", {
        path: { owner, repo, issue_number: String(number) },
      });
    return { path: { issue_number: await openOne(at) } };
  }),
  "DELETE /api/guts/repos/{owner}/{repo}/issues/{issue_number}/pin": discusses("write", issue()),
  "GET /api/v3/repos/{owner}/{repo}/labels": readsIssues("read"),
  "POST /api/v3/repos/{owner}/{repo}/labels": discusses("write", () => ({ body: { name: drawName() } })),
  "GET /api/v3/repos/{owner}/{repo}/labels/{name}": readsIssues("read", label()),
  "PATCH /api/v3/repos/{owner}/{repo}/labels/{name}": discusses(
    "write",
    label(() => ({ new_name: drawName() })),
  ),
  "DELETE /api/v3/repos/{owner}/{repo}/labels/{name}": discusses("write", label()),
  "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}/labels": readsIssues("read", issue()),
  "POST /api/v3/repos/{owner}/{repo}/issues/{issue_number}/labels": discusses("triage", labelledAs),
  "PUT /api/v3/repos/{owner}/{repo}/issues/{issue_number}/labels": discusses("triage", labelledAs),
  "DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/labels": discusses("triage", labelled),
  "DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}": discusses("triage", labelled),
  "GET /api/v3/repos/{owner}/{repo}/milestones": readsIssues("read"),
  "POST /api/v3/repos/{owner}/{repo}/milestones": discusses("write", () => ({ body: { title: drawName() } })),
  "GET /api/v3/repos/{owner}/{repo}/milestones/{milestone_number}": readsIssues("read", milestone()),
  "PATCH /api/v3/repos/{owner}/{repo}/milestones/{milestone_number}": discusses(
    "write",
    milestone({ state: "closed" }),
  ),
  "DELETE /api/v3/repos/{owner}/{repo}/milestones/{milestone_number}": discusses("write", milestone()),
  "GET /api/v3/repos/{owner}/{repo}/issues/{issue_number}/reactions": readsIssues("read", issue()),
  "POST /api/v3/repos/{owner}/{repo}/issues/{issue_number}/reactions": discusses("read", issue({ content: "heart" })),
  "DELETE /api/v3/repos/{owner}/{repo}/issues/{issue_number}/reactions/{reaction_id}": discusses(
    "read",
    reaction("issue"),
  ),
  "GET /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions": readsIssues("read", comment()),
  "POST /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions": discusses(
    "read",
    comment({ content: "heart" }),
  ),
  "DELETE /api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}": discusses(
    "read",
    reaction("comment"),
  ),
};

/** An issue, and a label that is there to be given. */
async function labelledAs(at: At) {
  const { path } = await label()(at);
  return { path: { issue_number: await openOne(at) }, body: { labels: [path!["name"]!] } };
}
