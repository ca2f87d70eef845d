import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { TestNode, type TestAccount } from "../../testing/test-node.fixture.ts";

let node: TestNode;
let owner: TestAccount;
let reader: TestAccount;
let path: { owner: string; repo: string };

beforeAll(async () => {
  node = await TestNode.start();
  owner = await node.signUp("owner");
  reader = await node.signUp("reader");
  const { name } = await owner.client.call("POST /api/v3/user/repos", { body: { name: "tool" } });
  path = { owner: owner.handle, repo: name };
}, 60_000);
afterAll(() => node[Symbol.asyncDispose]());

const Issues = "/api/v3/repos/{owner}/{repo}/issues" as const;
const open = (who: TestAccount, body: object = {}) =>
  who.client.call(`POST ${Issues}`, { path, body: { title: "It breaks", ...body } });
const at = (number: number) => ({ ...path, issue_number: String(number) });
const update = (who: TestAccount, number: number, body: object) =>
  who.client.call(`PATCH ${Issues}/{issue_number}`, { path: at(number), body });
const say = (who: TestAccount, number: number, body: string) =>
  who.client.call(`POST ${Issues}/{issue_number}/comments`, { path: at(number), body: { body } });
const timeline = async (number: number, who = owner) =>
  (await who.client.call(`GET ${Issues}/{issue_number}/timeline`, { path: at(number) })).map(({ event }) => event);
const statusOf = (call: Promise<unknown>) =>
  call.then(
    () => "done",
    (error: { status: number }) => error.status,
  );

describe("an issue", () => {
  test("is opened with what its author may give, edited, closed and opened again", async () => {
    const first = await open(reader, { body: `Hello @${owner.handle}`, labels: ["bug"], assignees: [owner.handle] });
    expect(first).toMatchObject({ state: "open", labels: [], assignees: [], author_association: "NONE" });
    const triaged = await update(owner, first.number, { labels: ["bug", "Bug"], assignees: [owner.handle] });
    expect(triaged).toMatchObject({ labels: [{ name: "bug", color: "ededed" }], assignee: { login: owner.handle } });
    expect(await statusOf(update(reader, first.number, { labels: [] }))).toBe(403);
    await update(reader, first.number, { title: "It broke", state: "closed", state_reason: "not_planned" });
    const closed = await owner.client.call(`GET ${Issues}/{issue_number}`, { path: at(first.number) });
    expect(closed).toMatchObject({
      title: "It broke",
      state_reason: "not_planned",
      closed_by: { login: reader.handle },
    });
    expect(await update(reader, first.number, { state: "open" })).toMatchObject({ state: "open", closed_at: null });
    expect(await timeline(first.number)).toEqual(["mentioned", "labeled", "assigned", "renamed", "closed", "reopened"]);
  });

  test("says no to a blank title, a stranger's title, and a milestone that is not there", async () => {
    const { number } = await open(owner);
    expect(await statusOf(open(reader, { title: "  " }))).toBe(422);
    expect(await statusOf(update(reader, number, { title: "Mine" }))).toBe(403);
    expect(await statusOf(update(owner, number, { milestone: 99 }))).toBe(422);
    expect(await statusOf(owner.client.call(`GET ${Issues}/{issue_number}`, { path: at(4_000) }))).toBe(404);
  });

  test("is a duplicate of another, which is told in its timeline", async () => {
    const [one, two] = [await open(owner), await open(owner)];
    await update(owner, two.number, { state: "closed", duplicate_of: one.number });
    expect(await timeline(two.number)).toEqual(["marked_as_duplicate", "closed"]);
  });

  test("that is locked takes comments of who may push alone", async () => {
    const { number } = await open(reader);
    const lock = { path: at(number), body: { lock_reason: "spam" as const } };
    await owner.client.call(`PUT ${Issues}/{issue_number}/lock`, lock);
    expect(await statusOf(say(reader, number, "But"))).toBe(403);
    expect(await say(owner, number, "No")).toMatchObject({ body: "No", author_association: "OWNER" });
    await owner.client.call(`DELETE ${Issues}/{issue_number}/lock`, { path: at(number) });
    expect(await statusOf(say(reader, number, "Thanks"))).toBe("done");
  });
});

describe("lists", () => {
  test("are filtered by state, label, people, milestone and time, and sorted", async () => {
    const { name } = await owner.client.call("POST /api/v3/user/repos", { body: { name: "lists" } });
    const own = { owner: owner.handle, repo: name };
    const make = async (body: object) =>
      owner.client.call(`POST ${Issues}`, { path: own, body: { title: "One", ...body } });
    const milestone = await owner.client.call("POST /api/v3/repos/{owner}/{repo}/milestones", {
      path: own,
      body: { title: "1.0", due_on: "2030-01-01T00:00:00Z" },
    });
    await make({ labels: ["bug"], milestone: milestone.number, body: `for @${reader.handle}` });
    await make({ labels: ["bug", "docs"], assignees: [owner.handle] });
    const { number } = await make({});
    await owner.client.call(`PATCH ${Issues}/{issue_number}`, {
      path: { ...own, issue_number: String(number) },
      body: { state: "closed" },
    });
    const numbers = async (query: object) =>
      (await owner.client.call(`GET ${Issues}`, { path: own, query })).map((issue) => issue.number);
    expect(await numbers({})).toEqual([2, 1]);
    expect(await numbers({ state: "all", direction: "asc" })).toEqual([1, 2, 3]);
    expect(await numbers({ state: "closed" })).toEqual([3]);
    expect(await numbers({ labels: "bug,docs" })).toEqual([2]);
    expect(await numbers({ labels: "nothing like it" })).toEqual([]);
    expect(await numbers({ assignee: "none" })).toEqual([1]);
    expect(await numbers({ assignee: owner.handle })).toEqual([2]);
    expect(await numbers({ mentioned: reader.handle })).toEqual([1]);
    expect(await numbers({ milestone: String(milestone.number) })).toEqual([1]);
    expect(await numbers({ creator: reader.handle })).toEqual([]);
    expect(await numbers({ per_page: 1, page: 2 })).toEqual([1]);
    const shown = await owner.client.call("GET /api/v3/repos/{owner}/{repo}/milestones", { path: own });
    expect(shown).toMatchObject([{ title: "1.0", open_issues: 1, closed_issues: 0, due_on: "2030-01-01T00:00:00Z" }]);
  });
});

describe("comments and reactions", () => {
  test("are changed, hidden, counted and taken back", async () => {
    const { number } = await open(owner);
    const { id } = await say(reader, number, "Me too");
    const comment = { ...path, comment_id: String(id) };
    const one = `${Issues}/comments/{comment_id}` as const;
    await reader.client.call(`PATCH ${one}`, { path: comment, body: { body: "Me too, see #1" } });
    const reacted = { path: comment, body: { content: "heart" as const } };
    const { id: reaction } = await owner.client.call(`POST ${one}/reactions`, reacted);
    expect((await owner.client.call(`POST ${one}/reactions`, reacted)).id).toBe(reaction);
    const hidden = "/api/guts/repos/{owner}/{repo}/issues/comments/{comment_id}/hidden" as const;
    await owner.client.call(`PUT ${hidden}`, { path: comment, body: { reason: "off-topic" } });
    const [shown] = await owner.client.call(`GET ${Issues}/{issue_number}/comments`, { path: at(number) });
    expect(shown).toMatchObject({
      body: "Me too, see #1",
      hidden: "off-topic",
      reactions: { heart: 1, total_count: 1 },
    });
    const mine = { path: { ...comment, reaction_id: String(reaction) } };
    expect(await statusOf(reader.client.call(`DELETE ${one}/reactions/{reaction_id}`, mine))).toBe(404);
    await owner.client.call(`DELETE ${one}/reactions/{reaction_id}`, mine);
    expect(await timeline(1)).toContain("cross-referenced");
    await owner.client.call(`DELETE ${one}`, { path: comment });
    expect(await timeline(number)).toEqual(["comment_deleted"]);
  });

  test("refer to nothing that their author cannot read, and nobody else sees where they are", async () => {
    const { name } = await owner.client.call("POST /api/v3/user/repos", { body: { name: "secret", private: true } });
    const { number } = await open(owner);
    const body = { title: "Hidden", body: `See ${path.owner}/${path.repo}#${number}` };
    await owner.client.call(`POST ${Issues}`, { path: { owner: owner.handle, repo: name }, body });
    expect(await timeline(number)).toEqual(["cross-referenced"]);
    expect(await timeline(number, reader)).toEqual([]);
    await say(reader, number, `See ${owner.handle}/secret#1`);
    const hidden = { path: { owner: owner.handle, repo: name, issue_number: "1" } };
    expect(await owner.client.call(`GET ${Issues}/{issue_number}/timeline`, hidden)).toEqual([]);
  });
});

describe("labels", () => {
  const labels = "/api/v3/repos/{owner}/{repo}/labels" as const;

  test("have one name each, are renamed, and go from issues when they are deleted", async () => {
    const made = await owner.client.call(`POST ${labels}`, {
      path,
      body: { name: "good first issue", color: "#7057ff", description: "To begin with" },
    });
    expect(made).toMatchObject({ color: "7057ff", description: "To begin with" });
    const again = owner.client.call(`POST ${labels}`, { path, body: { name: "Good First Issue" } });
    expect(await statusOf(again)).toBe(422);
    expect(await statusOf(reader.client.call(`POST ${labels}`, { path, body: { name: "mine" } }))).toBe(403);
    const { number } = await open(owner, { labels: ["good first issue"] });
    const renamed = { path: { ...path, name: "good first issue" }, body: { new_name: "easy" } };
    await owner.client.call(`PATCH ${labels}/{name}`, renamed);
    const held = `${Issues}/{issue_number}/labels` as const;
    expect(await owner.client.call(`GET ${held}`, { path: at(number) })).toMatchObject([{ name: "easy" }]);
    await owner.client.call(`DELETE ${labels}/{name}`, { path: { ...path, name: "easy" } });
    expect(await owner.client.call(`GET ${held}`, { path: at(number) })).toEqual([]);
  });
});

test("what happened everywhere is listed with its issues, newest first", async () => {
  const { number } = await open(owner);
  await update(owner, number, { state: "closed" });
  const [newest] = await owner.client.call(`GET ${Issues}/events`, { path });
  expect(newest).toMatchObject({ event: "closed", state_reason: "completed", issue: { number } });
});

test("few issues are pinned, by who may push", async () => {
  const pin = "/api/guts/repos/{owner}/{repo}/issues/{issue_number}/pin" as const;
  const { number } = await open(owner);
  expect(await statusOf(reader.client.call(`PUT ${pin}`, { path: at(number) }))).toBe(403);
  await owner.client.call(`PUT ${pin}`, { path: at(number) });
  await owner.client.call(`PUT ${pin}`, { path: at(number) });
  expect(await timeline(number)).toEqual(["pinned"]);
});
