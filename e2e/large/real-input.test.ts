import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { repositoryRoot } from "../harness/devnet.ts";
import { type Forge, type Person, startForge } from "../harness/forge.ts";

const commitCount = 20_000;
const refCount = 5_000;
const minutes = 60_000;

let forge: Forge;
let ada: Person;

beforeAll(async () => {
  forge = await startForge();
  ada = await forge.signUp();
});
afterAll(() => forge[Symbol.asyncDispose]());

/** What git fast-import makes a history of: a file that changes, folders of files, branches at every fourth commit. */
function fastImportStream(): string {
  const lines: string[] = [];
  for (let number = 1; number <= commitCount; number++) {
    const text = `commit ${number}\n`;
    const time = 1_600_000_000 + number * 60;
    lines.push("commit refs/heads/main", `mark :${number}`, `committer Ada <ada@example.org> ${time} +0000`);
    lines.push(`data ${text.length}`, text.trimEnd(), "");
    if (number > 1) lines.push(`from :${number - 1}`);
    lines.push(
      `M 100644 inline dir-${number % 100}/file-${number % 1000}.txt`,
      `data ${text.length}`,
      text.trimEnd(),
      "",
    );
  }
  for (let number = 1; number < refCount; number++)
    lines.push(`reset refs/heads/topic/${number}`, `from :${number * Math.floor(commitCount / refCount)}`, "");
  return `${lines.join("\n")}\n`;
}

async function checkHosted(source: string, options: { readonly branch: string }): Promise<void> {
  const { git } = forge;
  const repository = await forge.createRepository(ada);
  await git.run(["-C", source, "push", "-q", repository.urlFor(ada), `HEAD:refs/heads/${options.branch}`]);
  await git.run(["-C", source, "push", "-q", repository.urlFor(ada), "refs/heads/*:refs/heads/*"]);
  const head = await git.run(["-C", source, "rev-parse", "HEAD"]);

  const clone = forge.newFolder("clone");
  await git.run(["clone", "-q", repository.url, clone]);
  expect(await git.run(["-C", clone, "rev-parse", "HEAD"])).toBe(head);
  expect(await git.run(["-C", clone, "rev-list", "--count", "HEAD"])).toBe(
    await git.run(["-C", source, "rev-list", "--count", "HEAD"]),
  );
  await git.run(["-C", clone, "fsck", "--connectivity-only"]);

  writeFileSync(join(clone, "one-more.txt"), "one more\n");
  await git.run(["-C", clone, "checkout", "-q", "-B", "one-more"]);
  const newest = await git.commit(clone, "one-more.txt", "one more\n");
  await git.run(["-C", clone, "push", "-q", repository.urlFor(ada), "one-more"]);
  const before = forge.newFolder("fetch");
  await git.run(["clone", "-q", "--depth", "1", repository.url, before]);
  await git.run(["-C", before, "fetch", "-q", "origin", "one-more"]);
  expect(await git.run(["-C", before, "rev-parse", "FETCH_HEAD"])).toBe(newest);

  const path = { owner: ada.login, repo: repository.name };
  const tree = await ada.client.call("GET /api/guts/view/repos/{owner}/{repo}/tree/{+ref_path}", {
    path: { ...path, ref_path: options.branch },
  });
  expect(tree.entries.length).toBeGreaterThan(0);
  const commits = await ada.client.call("GET /api/v3/repos/{owner}/{repo}/commits", { path, query: { per_page: 100 } });
  expect(commits).toHaveLength(100);
  const branches = await ada.client.call("GET /api/v3/repos/{owner}/{repo}/branches", {
    path,
    query: { per_page: 100 },
  });
  expect(branches.length).toBeGreaterThan(0);
}

test("this project's own repository can be pushed, cloned, fetched and browsed", { timeout: 5 * minutes }, async () => {
  const copy = forge.newFolder("own");
  await forge.git.run(["clone", "-q", "--no-local", `file://${repositoryRoot}`, copy], {
    env: { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "safe.directory", GIT_CONFIG_VALUE_0: "*" },
  });
  await forge.git.run(["-C", copy, "checkout", "-q", "-B", "main"]);
  await checkHosted(copy, { branch: "main" });
});

test("a repository of 20,000 commits and 5,000 refs can be, too", { timeout: 10 * minutes }, async () => {
  const source = forge.newFolder("large");
  await forge.git.run(["init", "-q", "-b", "main", source]);
  await forge.git.run(["-C", source, "fast-import", "--quiet"], { input: fastImportStream() });
  await forge.git.run(["-C", source, "checkout", "-q", "main"]);
  await checkHosted(source, { branch: "main" });
});
