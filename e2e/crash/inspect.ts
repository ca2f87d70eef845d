import { readdirSync } from "node:fs";
import { join } from "node:path";

import { expect } from "vitest";

import type { Forge, Person } from "../harness/forge.ts";
import { runProgram } from "../harness/git.ts";
import type { Promises } from "./promises.ts";

/** A node that came back after a crash. */
export interface Survivor {
  readonly dataDirectory: string;
  readonly forge: Forge;
  readonly owner: Person;
}

/**
 * Insists on everything a crash must leave: promises kept, objects sound in the repositories and in fresh clones, refs on
 * disk and lists equal to the ledger, nothing half done lying about.
 */
export async function inspectSurvivor(survivor: Survivor, promises: Promises, where: string): Promise<void> {
  const { dataDirectory, forge, owner } = survivor;
  const { baseUrl, git } = forge;
  const listed = await listRepositories(owner);
  for (const name of promises.repositories()) {
    const url = `${baseUrl}/${owner.login}/${name}.git`;
    const served = parseRefs(await git.run(["ls-remote", url]));
    expect(promises.findBroken(name, served), where).toEqual([]);
    promises.settle(name, served);
    const path = { owner: owner.login, repo: name };
    const repository = await owner.client.call("GET /api/v3/repos/{owner}/{repo}", { path });
    const inList = listed.find(({ id }) => id === repository.id);
    expect({ ...inList, pushed_at: null }, where).toMatchObject({
      name,
      description: repository.description,
      default_branch: repository.default_branch,
    });
    expect(promises.allowsDescription(name, repository.description), `${where}: ${repository.description}`).toBe(true);
    const bare = repositoryFolder(dataDirectory, repository.id);
    const onDisk = parseRefs(await inspectGit(bare, "for-each-ref", "--format=%(objectname)%09%(refname)"));
    served.delete("HEAD");
    expect(Object.fromEntries(onDisk), `${where}: refs of ${name} on disk`).toEqual(
      Object.fromEntries(withoutPeeled(served)),
    );
    await inspectGit(bare, "fsck", "--full", "--strict", "--no-dangling");
    const clone = forge.newFolder("clone");
    await git.run(["clone", "-q", "--mirror", url, clone]);
    await inspectGit(clone, "fsck", "--full", "--strict", "--no-dangling");
  }
  await expect.poll(() => leftoversOf(dataDirectory), { timeout: 20_000, message: where }).toEqual([]);
  await inspectBlocks(survivor, where);
}

/** All pages: long runs make hundreds of repositories. */
async function listRepositories({ client }: Person) {
  const pageSize = 100;
  for (
    let listed = await client.call("GET /api/v3/user/repos", { query: { per_page: pageSize } }), page = 2;
    ;
    page++
  ) {
    if (listed.length < (page - 1) * pageSize) return listed;
    listed = [...listed, ...(await client.call("GET /api/v3/user/repos", { query: { per_page: pageSize, page } }))];
  }
}

/** Every block that the state counts is whole in the block log, one upon the other. */
async function inspectBlocks({ owner: { client } }: Survivor, where: string): Promise<void> {
  let parentId: string | undefined;
  const summaries = await client.call("GET /api/guts/blocks", { query: { limit: 100 } });
  for (const { height, id, transactionCount } of summaries) {
    const block = await client.call("GET /api/guts/blocks/{height}", { path: { height: String(height) } });
    expect(block.transactions, `${where}: block ${height}`).toHaveLength(transactionCount);
    if (parentId !== undefined) expect(id, `${where}: block ${height}`).toBe(parentId);
    ({ parentId } = block);
  }
}

/** What pushes and repacks leave behind only when nobody cleans up after them. */
export function leftoversOf(dataDirectory: string): readonly string[] {
  const below = readdirSync(join(dataDirectory, "git"), { recursive: true, encoding: "utf8" });
  return below.filter((path) => /(^temporary\/.|\/(incoming|promoted|repacking)-|\/tmp_|\.lock$|\.tmp$)/.test(path));
}

/** Where a node keeps a repository (libs/storage/src/git/repository-store.ts). */
function repositoryFolder(dataDirectory: string, id: number): string {
  return join(dataDirectory, "git", "repositories", (id % 256).toString(16).padStart(2, "0"), `${id}.git`);
}

async function inspectGit(folder: string, ...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env["PATH"], HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1", GIT_OPTIONAL_LOCKS: "0" };
  const options = ["-c", "safe.directory=*", `--git-dir=${folder}`];
  const { exitCode, stdout, stderr } = await runProgram("git", [...options, ...args], { cwd: folder, env });
  expect({ folder, args, exitCode, output: exitCode === 0 && stderr === "" ? "" : stdout + stderr }).toEqual({
    folder,
    args,
    exitCode: 0,
    output: "",
  });
  return stdout;
}

function parseRefs(lines: string): Map<string, string> {
  return new Map(
    lines
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split("\t").toReversed() as [string, string]),
  );
}

function withoutPeeled(refs: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...refs].filter(([name]) => !name.endsWith("^{}")));
}
