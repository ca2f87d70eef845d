import { afterEach, beforeEach, expect, test } from "vitest";
import { signedInNode } from "../../testing/signed-in.ts";
import { createTestMachine, type TestMachine } from "../../testing/test-platform.ts";

let machine: TestMachine;
beforeEach(async () => {
  machine = await createTestMachine();
});
afterEach(async () => await machine[Symbol.asyncDispose]());

const issue = {
  number: 12,
  title: "It breaks",
  body: "See #1",
  state: "open",
  state_reason: null,
  user: { login: "ada" },
  labels: [{ name: "bug" }],
  assignees: [{ login: "ada" }],
  milestone: null,
  comments: 0,
  locked: false,
  created_at: "2026-11-18T12:00:00Z",
  updated_at: "2026-11-18T12:00:00Z",
  closed_at: null,
  html_url: "http://node/ada/tool/issues/12",
};
const one = "/api/v3/repos/ada/tool/issues/12";

test("lists issues by what the options ask", async () => {
  await using node = await signedInNode(machine, { "GET /api/v3/repos/ada/tool/issues": { json: [issue] } });
  const args = ["issue", "list", "-R", "ada/tool", "--label", "bug,docs", "--assignee", "@me", "--json=number,labels"];
  expect(await machine.run(args)).toMatchObject({ exitCode: 0, stdout: '[{"number":12,"labels":["bug"]}]\n' });
  const query = new URL(node.seen.at(-1)!.path, "http://node").searchParams;
  expect(Object.fromEntries(query)).toMatchObject({
    kind: "issue",
    state: "open",
    labels: "bug,docs",
    assignee: "@me",
  });
});

test("opens an issue with all that is given, and prints where it is", async () => {
  await using node = await signedInNode(machine, {
    "POST /api/v3/repos/ada/tool/issues": { status: 201, json: issue },
  });
  const args = ["issue", "create", "-R", "ada/tool", "-t", "It breaks", "-b", "See #1", "-l", "bug", "-a", "ada"];
  expect(await machine.run(args)).toMatchObject({ exitCode: 0, stdout: `${issue.html_url}\n` });
  expect(node.seen.at(-1)?.body).toEqual({ title: "It breaks", body: "See #1", labels: ["bug"], assignees: ["ada"] });
});

test("adds to labels and takes from them, in any case", async () => {
  await using node = await signedInNode(machine, {
    [`GET ${one}`]: { json: issue },
    [`PATCH ${one}`]: { json: issue },
  });
  const args = [
    "issue",
    "edit",
    "#12",
    "-R",
    "ada/tool",
    "--add-label",
    "docs",
    "--remove-label",
    "Bug",
    "--no-milestone",
  ];
  expect(await machine.run(args)).toMatchObject({ exitCode: 0 });
  expect(node.seen.at(-1)?.body).toEqual({ labels: ["docs"], milestone: null });
  expect(await machine.run(["issue", "edit", "12", "-R", "ada/tool"])).toMatchObject({ exitCode: 2 });
});

test("closes an issue as a duplicate, after a word about it", async () => {
  await using node = await signedInNode(machine, {
    [`POST ${one}/comments`]: { status: 201, json: {} },
    [`PATCH ${one}`]: { json: issue },
  });
  const args = ["issue", "close", "12", "-R", "ada/tool", "--duplicate-of", "#7", "--comment", "Again"];
  expect((await machine.run(args)).stderr).toContain("Closed ada/tool#12");
  expect(node.seen.slice(-2).map(({ body }) => body)).toEqual([
    { body: "Again" },
    { state: "closed", duplicate_of: 7 },
  ]);
});

test("says what names an issue, before it asks the node", async () => {
  await using node = await signedInNode(machine, {});
  expect(await machine.run(["issue", "view", "twelve", "-R", "ada/tool"])).toMatchObject({ exitCode: 2 });
  expect(await machine.run(["milestone", "create", "1.0", "-R", "ada/tool", "--due", "soon"])).toMatchObject({
    exitCode: 2,
  });
  expect(node.seen).toHaveLength(0);
});

test("makes a label and a milestone", async () => {
  await using node = await signedInNode(machine, {
    "POST /api/v3/repos/ada/tool/labels": { status: 201, json: {} },
    "POST /api/v3/repos/ada/tool/milestones": { status: 201, json: { number: 1, title: "1.0" } },
  });
  await machine.run(["label", "create", "bug", "-R", "ada/tool", "--color", "d73a4a"]);
  expect(node.seen.at(-1)?.body).toEqual({ name: "bug", color: "d73a4a" });
  await machine.run(["milestone", "create", "1.0", "-R", "ada/tool", "--due", "2027-01-31"]);
  expect(node.seen.at(-1)?.body).toEqual({ title: "1.0", due_on: "2027-01-31T00:00:00Z" });
});
