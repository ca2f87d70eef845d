import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { repositoryAnswer, signedInNode } from "../../testing/signed-in.ts";
import { createTestMachine, type TestMachine } from "../../testing/test-platform.ts";
import { parseRepositoryArgument } from "../../git/select-repository.ts";

let machine: TestMachine;
let work: string;
beforeEach(async () => {
  machine = await createTestMachine();
  work = join(machine.home, "greeting");
  await mkdir(work);
});
afterEach(async () => await machine[Symbol.asyncDispose]());

const git = (...argv: string[]) =>
  execFileSync("git", argv, { cwd: work, env: machine.environment, encoding: "utf8", stdio: "pipe" });

const hello = "GET /api/v3/repos/alice/hello";

test("reads REPO, OWNER/REPO, HOST/OWNER/REPO and URLs, and nothing else", () => {
  expect(parseRepositoryArgument("hello")).toEqual({ host: undefined, owner: undefined, name: "hello" });
  expect(parseRepositoryArgument("alice/hello")).toEqual({ host: undefined, owner: "alice", name: "hello" });
  const there = { host: "http://localhost:3000", owner: "alice", name: "hello" };
  expect(parseRepositoryArgument("localhost:3000/alice/hello")).toEqual(there);
  expect(parseRepositoryArgument("http://localhost:3000/alice/hello.git")).toEqual(there);
  for (const text of ["", "a/b/c/d", "-x/y", "a/..", "a/-b", "a b/c"])
    expect(() => parseRepositoryArgument(text)).toThrow(expect.objectContaining({ code: "usage" }));
});

test("lists one's own repositories as rows with exact times in a pipe", async () => {
  await using node = await signedInNode(machine, {
    "GET /api/v3/user/repos": {
      json: [repositoryAnswer("alice/hello"), repositoryAnswer("alice/b", { private: true })],
    },
  });
  const { exitCode, stdout } = await machine.run(["repo", "list", "--visibility", "public", "-L", "5"]);
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: "alice/hello\tA friendly greeting\tpublic\t2026-11-20T10:00:00Z\n",
  });
  expect(node.seen[0]?.path).toBe(
    "/api/v3/user/repos?per_page=5&sort=pushed&direction=desc&affiliation=owner&visibility=public",
  );
});

test("lists as a table with relative times on a terminal", async () => {
  await using node = await signedInNode(machine, {
    "GET /api/v3/users/bob/repos": { json: [repositoryAnswer("bob/hello")] },
  });
  const { stdout } = await machine.run(["repo", "list", "bob"], { isTerminal: true, environment: { NO_COLOR: "1" } });
  expect(stdout.split("\n")).toEqual([
    "NAME       DESCRIPTION          INFO    UPDATED",
    "bob/hello  A friendly greeting  public  about 2 hours ago",
    "",
  ]);
  expect(node.seen).toHaveLength(1);
});

test("asks for no more pages than the limit needs", async () => {
  const page = Array.from({ length: 100 }, (_, index) => repositoryAnswer(`alice/r${index}`));
  await using node = await signedInNode(machine, {
    "GET /api/v3/user/repos": { json: page, headers: { link: '</api/v3/user/repos?page=2>; rel="next"' } },
  });
  const { stdout } = await machine.run(["repo", "list", "--limit", "150", "--json=name"]);
  expect(JSON.parse(stdout)).toHaveLength(150);
  expect(node.seen).toHaveLength(2);
});

test("prints a repository's addresses at the node that was asked, whatever the node says", async () => {
  await using node = await signedInNode(machine, { [hello]: { json: repositoryAnswer("alice/hello") } });
  const { stdout } = await machine.run(["repo", "view", "hello", "--json", "url,cloneUrl,viewerPermission"]);
  expect(JSON.parse(stdout)).toEqual({
    url: `${node.url}/alice/hello`,
    cloneUrl: `${node.url}/alice/hello.git`,
    viewerPermission: "admin",
  });
});

test("shows the README with nothing that could command the terminal", async () => {
  const content = Buffer.from("# Hello\n\u001b]0;owned\u0007").toString("base64");
  await using node = await signedInNode(machine, {
    [hello]: { json: repositoryAnswer("alice/hello") },
    [`${hello}/readme`]: { json: { content } },
  });
  const { stdout } = await machine.run(["repo", "view", "alice/hello"], { isTerminal: true });
  expect(stdout).toContain("# Hello");
  expect(stdout).not.toContain("\u001b]0;");
  expect((await machine.run(["repo", "view", "alice/hello", "--web"])).exitCode).toBe(0);
  expect(machine.opened).toEqual([`${node.url}/alice/hello`]);
});

test("takes the repository of the git remote when its node is known, and no stranger's", async () => {
  await using node = await signedInNode(machine, { [hello]: { json: repositoryAnswer("alice/hello") } });
  git("init", "-q");
  git("remote", "add", "origin", "http://stranger.example/alice/hello.git");
  expect((await machine.run(["repo", "view"], { cwd: work })).exitCode).toBe(2);
  git("remote", "add", "guts", `${node.url}/alice/hello.git`);
  expect(await machine.run(["repo", "view", "--json=nameWithOwner"], { cwd: work })).toMatchObject({
    exitCode: 0,
    stdout: '{"nameWithOwner":"alice/hello"}\n',
  });
});

test("says not found in words, and ends with 1", async () => {
  await using _ = await signedInNode(machine, {});
  const { exitCode, stderr } = await machine.run(["repo", "view", "alice/none"]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^guts: not found\n.+\n$/);
});

test("creates a repository from flags and prints its address alone", async () => {
  await using node = await signedInNode(machine, {
    "POST /api/v3/user/repos": { status: 201, json: repositoryAnswer("alice/hello") },
  });
  const { exitCode, stdout } = await machine.run(["repo", "create", "hello", "--private", "-d", "Hi"]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${node.url}/alice/hello\n` });
  expect(node.seen[0]?.body).toEqual({ name: "hello", private: true, description: "Hi" });
});

test("creates a repository from answers", async () => {
  await using node = await signedInNode(machine, {
    "POST /api/v3/user/repos": { status: 201, json: repositoryAnswer("alice/hello") },
  });
  expect((await machine.run(["repo", "create"], { answers: ["hello", "", "public"] })).exitCode).toBe(0);
  expect(node.seen[0]?.body).toEqual({ name: "hello", private: false });
});

test("creates from a local repository, of its name and object format, and adds the remote", async () => {
  await using node = await signedInNode(machine, {
    "POST /api/v3/user/repos": { status: 201, json: repositoryAnswer("alice/greeting") },
  });
  git("init", "-q", "--object-format=sha256");
  const argv = ["repo", "create", "--public", "--source", "greeting"];
  expect((await machine.run(argv)).exitCode).toBe(0);
  expect(node.seen[0]?.body).toEqual({ name: "greeting", private: false, object_format: "sha256" });
  expect(git("remote", "get-url", "origin")).toBe(`${node.url}/alice/greeting.git\n`);
  expect(git("config", "--local", "--get-all", `credential.${node.url}.helper`)).toBe("\n!guts credential\n");
  expect((await machine.run(argv)).exitCode).toBe(2);
  expect(node.seen).toHaveLength(1);
});

test.each([
  [["x"]],
  [["x", "--public", "--private"]],
  [["--public", "--push"]],
  [["--public", "--source", "."]],
  [["--public", "--source", "greeting", "--push"]],
  [["no name", "--public"]],
])("sends nothing for `repo create` with %j", async (argv) => {
  await using node = await signedInNode(machine, {});
  git("init", "-q");
  expect((await machine.run(["repo", "create", ...argv])).exitCode).toBe(2);
  expect(node.seen).toHaveLength(0);
});

test("deletes after the name was typed or with --yes, and not otherwise", async () => {
  await using node = await signedInNode(machine, {
    [hello]: { json: repositoryAnswer("alice/hello") },
    "DELETE /api/v3/repos/alice/hello": { status: 204 },
  });
  const argv = ["repo", "delete", "alice/hello"];
  expect((await machine.run(argv)).exitCode).toBe(2);
  expect((await machine.run(argv, { answers: ["hello"] })).exitCode).toBe(130);
  expect(node.seen.some(({ method }) => method === "DELETE")).toBe(false);
  expect((await machine.run(argv, { answers: ["alice/hello"] })).exitCode).toBe(0);
  expect((await machine.run([...argv, "--yes"])).exitCode).toBe(0);
  expect(node.seen.filter(({ method }) => method === "DELETE")).toHaveLength(2);
});

test("renames and points the remotes of this directory at the new name", async () => {
  await using node = await signedInNode(machine, {
    "PATCH /api/v3/repos/alice/hello": { json: repositoryAnswer("alice/greeting") },
  });
  git("init", "-q");
  git("remote", "add", "origin", `${node.url}/Alice/Hello.git`);
  git("remote", "add", "other", `${node.url}/alice/other.git`);
  expect((await machine.run(["repo", "rename", "greeting", "-R", "alice/hello"], { cwd: work })).exitCode).toBe(0);
  expect(node.seen[0]?.body).toEqual({ name: "greeting" });
  expect(git("remote", "get-url", "origin")).toBe(`${node.url}/alice/greeting.git\n`);
  expect(git("remote", "get-url", "other")).toBe(`${node.url}/alice/other.git\n`);
});

test("changes what is given and nothing else, and asks before it publishes", async () => {
  await using node = await signedInNode(machine, {
    "PATCH /api/v3/repos/alice/hello": { json: repositoryAnswer("alice/hello") },
  });
  const edit = ["repo", "edit", "alice/hello"];
  expect((await machine.run(edit)).exitCode).toBe(2);
  expect((await machine.run([...edit, "--visibility", "public"])).exitCode).toBe(2);
  expect(node.seen).toHaveLength(0);
  await machine.run([...edit, "--description", "", "--archive", "--visibility", "public", "--yes"]);
  expect(node.seen[0]?.body).toEqual({ description: "", archived: true, visibility: "public" });
});

test("invites with GitHub's names of the levels, and withdraws an open invitation", async () => {
  const invitation = { id: 5, invitee: { login: "Bob" } };
  await using node = await signedInNode(machine, {
    "PUT /api/v3/repos/alice/hello/collaborators/bob": { status: 201, json: invitation },
    "GET /api/v3/repos/alice/hello/invitations": { json: [invitation] },
    "DELETE /api/v3/repos/alice/hello/invitations/5": { status: 204 },
  });
  const command = ["repo", "collaborator"];
  expect((await machine.run([...command, "add", "bob", "-R", "alice/hello", "-p", "read"])).exitCode).toBe(0);
  expect(node.seen[0]?.body).toEqual({ permission: "pull" });
  expect((await machine.run([...command, "remove", "bob", "-R", "alice/hello"])).exitCode).toBe(0);
  expect(node.seen.at(-1)).toMatchObject({ method: "DELETE", path: "/api/v3/repos/alice/hello/invitations/5" });
});

test("accepts and declines an invitation by its repository or id", async () => {
  const invitation = {
    id: 5,
    repository: { full_name: "bob/tools" },
    inviter: { login: "bob" },
    permissions: "write",
    created_at: "2026-11-20T11:00:00Z",
  };
  await using node = await signedInNode(machine, {
    "GET /api/v3/user/repository_invitations": { json: [invitation] },
    "PATCH /api/v3/user/repository_invitations/5": { status: 204 },
    "DELETE /api/v3/user/repository_invitations/5": { status: 204 },
  });
  expect((await machine.run(["invitation", "list"])).stdout).toBe("5\tbob/tools\tbob\twrite\t2026-11-20T11:00:00Z\n");
  expect((await machine.run(["invitation", "accept", "Bob/Tools"])).exitCode).toBe(0);
  expect((await machine.run(["invitation", "decline", "5"])).exitCode).toBe(0);
  expect((await machine.run(["invitation", "accept", "x/y"])).exitCode).toBe(1);
  expect(node.seen.map(({ method }) => method)).toEqual(["GET", "GET", "PATCH", "GET", "DELETE", "GET"]);
});

test("makes the address of a place in a repository", async () => {
  await using node = await signedInNode(machine, { [hello]: { json: repositoryAnswer("alice/hello") } });
  git("init", "-q");
  git("remote", "add", "origin", `${node.url}/alice/hello.git`);
  await mkdir(join(work, "src"));
  await writeFile(join(work, "src", "a b.ts"), "");
  const address = async (...argv: string[]) =>
    (await machine.run(["browse", "-n", ...argv], { cwd: join(work, "src") })).stdout.trim().replace(node.url, "");
  expect(await address()).toBe("/alice/hello");
  expect(await address("a b.ts:3-5")).toBe("/alice/hello/blob/main/src/a%20b.ts#L3-L5");
  expect(await address("../README.md", "-b", "fix/x")).toBe("/alice/hello/blob/fix/x/README.md");
  expect(await address("77507cd94cca")).toBe("/alice/hello/commit/77507cd94cca");
  expect(await address("--settings")).toBe("/alice/hello/settings");
  expect(await address("--commits", "-b", "dev")).toBe("/alice/hello/commits/dev");
  expect((await machine.run(["browse", "-n", "../../x"], { cwd: join(work, "src") })).exitCode).toBe(2);
});

test("stars, takes the star back, watches and ignores", async () => {
  await using node = await signedInNode(machine, {
    "PUT /api/v3/user/starred/alice/hello": { status: 204 },
    "DELETE /api/v3/user/starred/alice/hello": { status: 204 },
    "PUT /api/v3/repos/alice/hello/subscription": { json: {} },
    "DELETE /api/v3/repos/alice/hello/subscription": { status: 204 },
  });
  const calls = [["star"], ["unstar"], ["watch"], ["watch", "--ignore"], ["watch", "--stop"]] as const;
  for (const [name, ...flags] of calls)
    expect((await machine.run(["repo", name, "alice/hello", ...flags])).exitCode).toBe(0);
  expect(node.seen.map(({ method }) => method)).toEqual(["PUT", "DELETE", "PUT", "PUT", "DELETE"]);
  expect(node.seen.slice(2, 4).map(({ body }) => body)).toEqual([
    { subscribed: true, ignored: false },
    { subscribed: false, ignored: true },
  ]);
  expect((await machine.run(["repo", "watch", "alice/hello", "--ignore", "--stop"])).exitCode).toBe(2);
});

test("sets topics, alone and with other settings", async () => {
  await using node = await signedInNode(machine, {
    "PUT /api/v3/repos/alice/hello/topics": { json: { names: [] } },
    "PATCH /api/v3/repos/alice/hello": { json: repositoryAnswer("alice/hello") },
  });
  await machine.run(["repo", "edit", "alice/hello", "--topics", "forge, git"]);
  await machine.run(["repo", "edit", "alice/hello", "--topics", "", "--description", "x"]);
  expect(node.seen.map(({ body }) => body)).toEqual([{ names: ["forge", "git"] }, { names: [] }, { description: "x" }]);
  expect((await machine.run(["repo", "edit", "alice/hello"])).exitCode).toBe(2);
});

test("forks, for an organization under another name too, and prints the address at the node that was asked", async () => {
  await using node = await signedInNode(machine, {
    "POST /api/v3/repos/alice/hello/forks": { status: 202, json: repositoryAnswer("crew/hi") },
  });
  const { stdout } = await machine.run(["repo", "fork", "alice/hello", "--org", "crew", "--fork-name", "hi"]);
  expect(stdout).toBe(`${node.url}/crew/hi\n`);
  expect(node.seen.map(({ body }) => body)).toEqual([{ organization: "crew", name: "hi" }]);
});
