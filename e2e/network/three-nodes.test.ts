/**
 * Three nodes, two people with git and homes of their own. Every step asks the next node at once: no test here waits, polls or
 * tries again between one node's answer and the next node's request.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { signInRequestOf } from "@guts/ledger";
import { toHex } from "@guts/primitives";
import type { Browser, BrowserContext, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createCheckedClient } from "../harness/checked-client.ts";
import { launchBrowser } from "../harness/browser.ts";
import { type Devnet, repositoryRoot, startDevnet } from "../harness/devnet.ts";
import { signUp, uniqueName, type Person } from "../harness/forge.ts";
import { createGitRunner, runProgram, type GitRunner } from "../harness/git.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../harness/temporary-folder.ts";
import { buildWebClient, findBarriers } from "../harness/web.ts";
import { Members } from "./members.ts";

const fullName = "maintainer/harbour";
const path = { owner: "maintainer", repo: "harbour" };

let devnet: Devnet;
let members: Members;
let browser: Browser;
let folders: readonly TemporaryFolder[];
let maintainer: GitRunner;
let contributor: GitRunner;
const workTreeOf = (git: GitRunner) => join(git.folder, "harbour");

beforeAll(async () => {
  buildWebClient();
  [devnet, browser] = await Promise.all([startDevnet({ nodeCount: 3 }), launchBrowser()]);
  members = new Members(devnet);
  folders = ["maintainer", "contributor"].map((name) => createTemporaryFolder(name));
  [maintainer, contributor] = folders.map(({ path: folder }) => createGitRunner(folder)) as [GitRunner, GitRunner];
}, 330_000);
afterAll(async () => {
  await browser.close();
  await members[Symbol.asyncDispose]();
  await devnet[Symbol.asyncDispose]();
  for (const folder of folders) folder[Symbol.dispose]();
});

describe("three nodes and two git clients", () => {
  test("the first creates a repository at node 1, commits and pushes", async () => {
    await members.client(0, "maintainer").call("POST /api/v3/user/repos", { body: { name: "harbour" } });
    const work = workTreeOf(maintainer);
    await maintainer.run(["clone", "-q", members.remote(0, "maintainer", fullName), work]);
    await maintainer.commit(work, "README.md", "# Harbour\n");
    const pushed = await maintainer.try(["-C", work, "push", "-u", "origin", "HEAD:main"]);
    expect(pushed.exitCode, pushed.stderr).toBe(0);
    expect(pushed.stderr).toMatch(/remote: Final at height \d+: signed by 3 of 3 validators, objects stored by 3\./);
  });

  test("the second accepts an invitation, clones from node 2, commits and pushes", async () => {
    await members.client(0, "maintainer").call("PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}", {
      path: { ...path, username: "contributor" },
      body: { permission: "push" },
    });
    const client = members.client(1, "contributor");
    const [invitation] = await client.call("GET /api/v3/user/repository_invitations", {});
    await client.call("PATCH /api/v3/user/repository_invitations/{invitation_id}", {
      path: { invitation_id: String(invitation?.id) },
    });
    const work = workTreeOf(contributor);
    await contributor.run(["clone", "-q", members.remote(1, "contributor", fullName), work]);
    await contributor.commit(work, "pier.md", "Boats land here.\n");
    const pushed = await contributor.try(["-C", work, "push", "origin", "HEAD:main"]);
    expect(pushed.exitCode, pushed.stderr).toBe(0);
  });

  test("the first's stale push at node 3 is refused as fetch first; it pulls from there and sees the change", async () => {
    const work = workTreeOf(maintainer);
    await maintainer.run(["-C", work, "remote", "set-url", "origin", members.remote(2, "maintainer", fullName)]);
    await maintainer.commit(work, "buoy.md", "Red to port.\n");
    const stale = await maintainer.try(["-C", work, "push", "origin", "HEAD:main"]);
    expect(stale.exitCode).toBe(1);
    expect(stale.stderr).toContain("(fetch first)");
    await maintainer.run(["-C", work, "pull", "-q", "--rebase", "origin", "main"]);
    expect(await maintainer.run(["-C", work, "show", "HEAD~1:pier.md"])).toBe("Boats land here.");
    const pushed = await maintainer.try(["-C", work, "push", "origin", "HEAD:main"]);
    expect(pushed.exitCode, pushed.stderr).toBe(0);
  });

  test("the web page at node 3 shows it", async () => {
    const page = await browser.newPage();
    await page.goto(`${members.url(2)}/${fullName}`);
    for (const file of ["README.md", "buoy.md", "pier.md"])
      await page.getByRole("link", { name: file, exact: true }).first().waitFor({ timeout: 20_000 });
    await page.getByRole("link", { name: "pier.md", exact: true }).first().click();
    await page.getByText("Boats land here.").first().waitFor({ timeout: 20_000 });
    await page.close();
  });

  test("all nodes hold the same height, root, refs and objects", async () => {
    const { refs, objects } = await members.expectSame();
    const head = await maintainer.run(["-C", workTreeOf(maintainer), "rev-parse", "HEAD"]);
    expect(Object.values(refs)).toEqual([[`${head} refs/heads/main`]]);
    expect(Object.values(objects)[0]!.length).toBeGreaterThanOrEqual(9);
  });
});

test("every node takes a write and every other one shows it at once, ids and numbers the same", async () => {
  for (const at of members.indices()) {
    const name = `made-at-${at}`;
    const made = await members.client(at, "contributor").call("POST /api/v3/user/repos", { body: { name } });
    const seen = await Promise.all(
      members
        .indices()
        .map((index) =>
          members
            .client(index)
            .call("GET /api/v3/repos/{owner}/{repo}", { path: { owner: "contributor", repo: name } }),
        ),
    );
    expect(seen.map(({ id, node_id: nodeId }) => [id, nodeId])).toEqual(seen.map(() => [made.id, made.node_id]));
  }
});

test("who has just written sees every node at that height", async () => {
  for (const at of members.indices()) {
    const client = members.client(at, "contributor");
    const { height } = await client.answer("PATCH /api/v3/user", { body: { location: `pier ${at}` } });
    const { nodes } = await client.call("GET /api/guts/network", {});
    expect(nodes.map(({ lag }) => lag)).toEqual([0, 0, 0]);
    expect(nodes.every((node) => node.height! >= height!)).toBe(true);
  }
});

test("the height of one answer makes certain that another node has it", async () => {
  const { height } = await members
    .client(0, "contributor")
    .answer("PATCH /api/v3/user", { body: { bio: "Sails by the stars" } });
  expect(height).toBeGreaterThan(0);
  const users = await Promise.all(
    members.indices().map((index) =>
      members.client(index).call("GET /api/v3/users/{username}", {
        path: { username: "contributor" },
        minHeight: height!,
      }),
    ),
  );
  expect(users.map(({ bio }) => bio)).toEqual(users.map(() => "Sails by the stars"));
});

test("a token made at one node is good at another once the root key has shared it", async () => {
  const { token, privateKeyFile } = devnet.account("contributor");
  const folder = folders[1]!.path;
  const env = { ...process.env, HOME: folder, GUTS_CONFIG_DIR: join(folder, "guts"), GUTS_HOST: members.url(0) };
  const guts = async (...args: readonly string[]) => {
    const { stdout, stderr, exitCode } = await runProgram(join(repositoryRoot, "guts"), args, {
      cwd: folder,
      env: { ...env, GUTS_TOKEN: token },
    });
    expect(exitCode, stderr).toBe(0);
    return stdout.trim();
  };
  const made = await guts("token", "create", "travels", "--scope", "user");
  const tokens = JSON.parse(await guts("token", "list", "--json=id,label")) as { id: string; label: string }[];
  const { id } = tokens.find(({ label }) => label === "travels")!;
  const elsewhere = createCheckedClient({ baseUrl: members.url(1), token: made });
  await expect(elsewhere.call("GET /api/v3/user", {})).rejects.toMatchObject({ status: 401 });
  const { name } = (await members.client(1).call("GET /api/guts/network", {})).nodes.find(({ isSelf }) => isSelf)!;
  await guts("token", "share", id.slice(0, 16), name!, "--key-file", privateKeyFile);
  expect((await elsewhere.call("GET /api/v3/user", {})).login).toBe("contributor");
});

describe("somebody whose home is node 1", { timeout: 180_000 }, () => {
  const password = "correct horse battery";
  let person: Person;
  let visited: { readonly page: Page; readonly context: BrowserContext };

  beforeAll(async () => {
    person = await signUp(members.url(0), uniqueName("visitor"), { password });
    const context = await browser.newContext();
    context.setDefaultTimeout(20_000);
    visited = { context, page: await context.newPage() };
  });
  afterAll(() => visited.context.close());

  /** Signs in at node 3 through the pages; `atHome` does what home asks. */
  async function visit(page: Page, atHome: () => Promise<unknown>): Promise<void> {
    await page.goto(`${members.url(2)}/signin`);
    await page.getByRole("link", { name: "Sign in with your home node" }).click();
    await page.getByLabel("Handle").fill(person.login);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL(`${members.url(0)}/**`);
    await atHome();
    const agree = page.getByRole("button", { name: `Sign in at ${members.node(2).name}` });
    await agree.waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await agree.click();
    await page.waitForURL(`${members.url(2)}/`);
    await page.getByRole("button", { name: `Account menu of ${person.login}` }).waitFor();
  }

  const signInAtHome = async (page: Page): Promise<void> => {
    await page.getByLabel("Handle").fill(person.login);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
  };

  test("signs in at node 3 with its consent and works there, and no more than that", async () => {
    const { page } = visited;
    await visit(page, () => signInAtHome(page));
    const post = (path: string, body: object) =>
      page.evaluate(
        async ([url, json]) => {
          const init = { method: "POST", headers: { "content-type": "application/json" }, body: json };
          return (await fetch(url, init)).status;
        },
        [path, JSON.stringify(body)] as const,
      );
    expect(await post("/api/v3/user/repos", { name: "made-away" })).toBe(201);
    expect(await post("/api/guts/tokens", { label: "more", scopes: ["repo"] })).toBe(403);
    await page.goto(`${members.url(2)}/settings/sessions`);
    await page.getByText("You are visiting this node").waitFor();
    await page.getByText(`At ${members.node(2).name}, by consent at ${members.node(0).name}`).waitFor();
    const seen = await members.client(0).call("GET /api/v3/repos/{owner}/{repo}", {
      path: { owner: person.login, repo: "made-away" },
    });
    expect(seen.full_name).toBe(`${person.login}/made-away`);
  });

  test("brings no code to another browser, and none twice", async () => {
    const stranger = await browser.newContext();
    const page = await stranger.newPage();
    const addresses: string[] = [];
    visited.page.on("framenavigated", (frame) => addresses.push(frame.url()));
    await visit(visited.page, () => Promise.resolve());
    const returnUrl = addresses.find((address) => address.includes("#code="));
    await page.goto(returnUrl!);
    await page.getByRole("heading", { name: "You are not signed in" }).waitFor({ timeout: 20_000 });
    await page.getByText("did not begin here").waitFor({ timeout: 20_000 });
    await stranger.close();
    await visited.page.goto(returnUrl!);
    await visited.page.getByText("has been used").waitFor({ timeout: 20_000 });
    expect(visited.page.url()).toBe(`${members.url(2)}/login/visited`);
  });

  test("pushes to node 3 with a program's session of the same kind", async () => {
    const secret = randomBytes(32);
    const request = toHex(signInRequestOf(new Uint8Array(secret)));
    const { nodeId } = await members.client(2).call("GET /api/guts/network", {});
    const { code, height } = await person.client.call("POST /api/guts/visits", { body: { nodeId, request } });
    const { token } = await members.client(2).call("POST /api/guts/signin/visit", {
      body: { code, secret: secret.toString("base64url"), session: "token" },
      minHeight: height,
    });
    const work = join(maintainer.folder, "made-away");
    const url = members.url(2).replace("//", `//x:${token}@`);
    await maintainer.run(["init", "-q", "-b", "main", work]);
    await maintainer.commit(work, "README.md", "# Away\n");
    const pushed = await maintainer.try(["-C", work, "push", `${url}/${person.login}/made-away.git`, "main"]);
    expect(pushed.exitCode, pushed.stderr).toBe(0);
    const atHome = members.url(0).replace("//", `//x:${token}@`);
    const refused = await maintainer.try(["-C", work, "push", `${atHome}/${person.login}/made-away.git`, "main:other"]);
    expect(refused.exitCode).not.toBe(0);
  });

  test("sees at home where they are signed in, and ends a session there from here", async () => {
    const { page } = visited;
    await page.goto(`${members.url(0)}/settings/sessions`);
    const away = page.getByRole("listitem").filter({ hasText: `At ${members.node(2).name}` });
    await away.first().waitFor();
    const here = page.getByRole("listitem").filter({ hasText: "this session" });
    expect(await here.textContent()).toContain(`At ${members.node(0).name}`);
    for (let left = await away.count(); left > 0; left--) {
      await away.first().getByRole("button", { name: "End" }).click();
      await expect.poll(() => away.count(), { timeout: 20_000 }).toBe(left - 1);
    }
    await page.goto(members.url(2));
    await page.getByRole("link", { name: "Sign in" }).first().waitFor();
  });
});

describe("a protected branch", { timeout: 180_000 }, () => {
  const settings = {
    pullRequest: null,
    checks: null,
    pushers: null,
    requiresLinearHistory: true,
    requiresSignedPush: false,
    allowsForcePush: false,
    allowsDeletion: false,
    allowsCreation: true,
    isLocked: false,
    includesAdministrators: false,
  };
  const setRule = (pattern: string, changes: Partial<typeof settings> = {}) =>
    members.client(0, "maintainer").call("PUT /api/guts/repos/{owner}/{repo}/protection", {
      path,
      body: {
        target: pattern.startsWith("v") ? "tag" : "branch",
        pattern,
        settings: { ...settings, ...changes },
        reason: "the harbour is run from here",
      },
    });
  const pushAt = (index: number, login: string, ...refs: readonly string[]) =>
    maintainer.try(["-C", workTreeOf(maintainer), "push", members.remote(index, login, fullName), ...refs]);

  test("is kept at every node: no rewriting, no merge, no deletion; tags stay; administrators are bound where it says so", async () => {
    const work = workTreeOf(maintainer);
    await maintainer.run(["-C", work, "push", "-q", "origin", "HEAD:refs/heads/keep", "HEAD:refs/tags/v1"]);
    await setRule("main");
    await setRule("keep");
    await setRule("v*", { requiresLinearHistory: false });
    await maintainer.run(["-C", work, "checkout", "-q", "-b", "side", "HEAD~1"]);
    await maintainer.commit(work, "side.md", "Aside.\n");
    await maintainer.run(["-C", work, "checkout", "-q", "main"]);
    await maintainer.run(["-C", work, "merge", "-q", "--no-edit", "side"]);
    const attempts: readonly (readonly [string, string, readonly string[]])[] = [
      ["contributor", "merge commits may not come in", ["HEAD:main"]],
      ["contributor", "its history may not be rewritten", ["-f", "HEAD^2:main"]],
      ["maintainer", "its history may not be rewritten", ["-f", "HEAD^2:main"]],
      ["maintainer", "it may not be deleted", [":keep"]],
      ["maintainer", "it may not be moved", ["-f", "HEAD^2:refs/tags/v1"]],
      ["maintainer", "it may not be deleted", [":refs/tags/v1"]],
    ];
    for (const [index, [login, words, refs]] of attempts.entries()) {
      const { exitCode, stderr } = await pushAt(index % members.count, login, ...refs);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining(words)]);
    }
    const merged = await pushAt(1, "maintainer", "HEAD:main");
    expect(merged.exitCode, merged.stderr).toBe(0);
    await setRule("main", { isLocked: true, includesAdministrators: true });
    await maintainer.commit(work, "late.md", "Too late.\n");
    const late = await pushAt(2, "maintainer", "HEAD:main");
    expect([late.exitCode, late.stderr]).toEqual([1, expect.stringContaining("it is locked, so it is read-only")]);
  });

  test("is kept by the ledger when one node asks nothing early", async () => {
    const refsAt = (index: number) => maintainer.run(["ls-remote", members.remote(index, "maintainer", fullName)]);
    const before = await refsAt(0);
    await members.signal(2, "SIGTERM");
    await members.startAs(2, join(repositoryRoot, "apps/node/src/commands/careless-node.fixture.ts"));
    const { height: from } = await members.client(2).call("GET /api/guts/network", {});
    const pushed = await pushAt(2, "maintainer", "HEAD:main");
    expect([pushed.exitCode, pushed.stderr]).toEqual([1, expect.stringContaining("protected: it is locked")]);
    const deleted = members.client(2, "maintainer").call("DELETE /api/v3/repos/{owner}/{repo}/git/refs/{+ref}", {
      path: { ...path, ref: "heads/keep" },
    });
    await expect(deleted).rejects.toMatchObject({ status: 422, reason: "ref-protected" });
    const outcomes: string[] = [];
    const to = await members.level();
    for (let height = from + 1; height <= to; height++) {
      const block = await members.client(0).call("GET /api/guts/blocks/{height}", { path: { height: String(height) } });
      for (const { kind, rejection } of block.transactions) outcomes.push(`${kind} ${rejection?.code}`);
    }
    expect(outcomes.filter((outcome) => outcome.startsWith("refs."))).toEqual([
      "refs.change ref-protected",
      "refs.change ref-protected",
    ]);
    for (const index of members.indices()) expect(await refsAt(index)).toBe(before);
    await members.expectSame();
  });
});

test("SIGTERM stops all nodes at once, not one after the other", async () => {
  const logs = members.indices().map((index) => members.node(index).logFile);
  await devnet.stop();
  const stoppedAt = logs.map((file) => {
    const lines = readFileSync(file, "utf8").trim().split("\n");
    const entries = lines.map((line) => JSON.parse(line) as { readonly msg: string; readonly time: string });
    return Date.parse(entries.findLast(({ msg }) => msg === "stopping")!.time);
  });
  expect(Math.max(...stoppedAt) - Math.min(...stoppedAt)).toBeLessThan(1_000);
});
