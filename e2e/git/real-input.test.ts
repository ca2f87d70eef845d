import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { fastImportStream, largeRepository } from "@guts/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { repositoryRoot } from "../harness/devnet.ts";
import { type Forge, type Person, type TestRepository, startForge } from "../harness/forge.ts";

let forge: Forge;
let ada: Person;

beforeAll(async () => {
  forge = await startForge();
  ada = await forge.signUp();
});
afterAll(() => forge[Symbol.asyncDispose]());

/** Pushes every branch and tag of a bare repository, clones it back, and compares all refs. */
async function pushAndClone(source: string): Promise<{ readonly repository: TestRepository; readonly clone: string }> {
  const { git } = forge;
  const repository = await forge.createRepository(ada);
  const url = repository.urlFor(ada);
  await git.run(["-C", source, "push", "-q", url, "refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*"]);
  const clone = forge.newFolder("clone");
  await git.run(["clone", "-q", "--mirror", repository.url, clone]);
  const refs = ["for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/tags"];
  expect(await git.run(["-C", clone, ...refs])).toBe(await git.run(["-C", source, ...refs]));
  await git.run(["-C", clone, "fsck", "--strict", "--no-dangling"]);
  return { repository, clone };
}

/** What the pages of a repository are made of. */
async function browse(repository: TestRepository, file: string): Promise<void> {
  const path = { owner: ada.login, repo: repository.name };
  const { client } = ada;
  const home = await client.call("GET /api/guts/view/repos/{owner}/{repo}", { path });
  const ref = home.repository.defaultBranch;
  const tree = await client.call("GET /api/guts/view/repos/{owner}/{repo}/tree/{+ref_path}", {
    path: { ...path, ref_path: ref },
  });
  expect(tree.entries.length).toBeGreaterThan(3);
  const last = await client.call("GET /api/guts/view/repos/{owner}/{repo}/last-commits/{+ref_path}", {
    path: { ...path, ref_path: ref },
  });
  expect(Object.keys(last.commitByName).length).toBeGreaterThan(0);
  const blob = await client.call("GET /api/guts/view/repos/{owner}/{repo}/blob/{+ref_path}", {
    path: { ...path, ref_path: `${ref}/${file}` },
  });
  expect(blob.sizeBytes).toBeGreaterThan(10);
  const commits = await client.call("GET /api/guts/view/repos/{owner}/{repo}/commits/{+ref_path}", {
    path: { ...path, ref_path: ref },
  });
  const commit = await client.call("GET /api/guts/view/repos/{owner}/{repo}/commit/{sha}", {
    path: { ...path, sha: commits.commits[0]!.id },
  });
  expect(commit.files.length).toBeGreaterThan(0);
}

describe("real input", () => {
  test("this project's own repository is pushed, cloned, fetched and browsed", async () => {
    const { git } = forge;
    const source = forge.newFolder("own");
    // A shallow checkout, as some build machines make, is deepened by nothing: its commits become a history of their own.
    await git.run(["init", "-q", "--bare", source]);
    const isShallow =
      (await git.run(["-C", repositoryRoot, "rev-parse", "--is-shallow-repository"], { env: trustAnyOwner })) ===
      "true";
    if (isShallow) throw new Error("this test needs the whole history: git fetch --unshallow");
    await git.run(["-C", source, "fetch", "-q", repositoryRoot, "HEAD:refs/heads/main"], { env: trustAnyOwner });
    const { repository, clone } = await pushAndClone(source);
    await browse(repository, "package.json");
    const work = forge.newFolder("work");
    await git.run(["clone", "-q", repository.urlFor(ada), work]);
    const newest = await git.commit(work, "new-file.txt", "new\n");
    await git.run(["-C", work, "push", "-q"]);
    await git.run(["-C", clone, "fetch", "-q", "origin"]);
    expect(await git.run(["-C", clone, "rev-parse", "refs/heads/main"])).toBe(newest);
    expect(readFileSync(join(work, "package.json"), "utf8")).toContain('"guts"');
  });

  test("twenty thousand commits with five thousand refs are pushed, cloned, fetched and browsed", async () => {
    const { git } = forge;
    const source = await generate();
    const { repository, clone } = await pushAndClone(source);
    const count = (await git.run(["ls-remote", repository.url]))
      .split("\n")
      .filter((line) => !/(HEAD|\^\{\})$/.test(line)).length;
    expect(count).toBe(1 + largeRepository.branchCount + largeRepository.tagCount);
    expect(Number(await git.run(["-C", clone, "rev-list", "--count", "main"]))).toBeGreaterThanOrEqual(
      largeRepository.commitCount,
    );
    await browse(repository, "folder-1/file-1.txt");
    const shallow = forge.newFolder("shallow");
    await git.run(["clone", "-q", "--depth", "1", repository.url, shallow]);
    await git.run(["-C", shallow, "fetch", "-q", "--deepen", "100"]);
    expect(Number(await git.run(["-C", shallow, "rev-list", "--count", "HEAD"]))).toBeGreaterThan(100);
  });
});

/** The checkout under test may belong to another user than the one who runs the tests. */
const trustAnyOwner = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "safe.directory", GIT_CONFIG_VALUE_0: "*" };

/** The generated repository, imported by git. */
async function generate(): Promise<string> {
  const source = mkdtempSync(join(forge.git.folder, "generated-"));
  await forge.git.run(["init", "-q", "--bare", source]);
  const importer = spawn("git", ["-C", source, "fast-import", "--quiet", "--done"], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  for (const chunk of fastImportStream(largeRepository)) {
    if (!importer.stdin.write(chunk)) await once(importer.stdin, "drain");
  }
  importer.stdin.end();
  const [exitCode] = (await once(importer, "exit")) as [number];
  expect(exitCode).toBe(0);
  return source;
}
