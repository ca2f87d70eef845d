/** What both servers get to serve, and where a node takes it. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { fastImportStream, largeRepository } from "@guts/testing";

import type { Devnet } from "../../e2e/harness/devnet.ts";
import type { GitRunner } from "../../e2e/harness/git.ts";

/** A bare repository of so many commits, packed once. */
export async function makeSource(git: GitRunner, commitCount: number): Promise<string> {
  const path = join(git.folder, "source.git");
  await git.run(["init", "-q", "--bare", path]);
  const importer = spawn("git", ["-C", path, "fast-import", "--quiet", "--done"], {
    stdio: ["pipe", "inherit", "inherit"],
  });
  for (const chunk of fastImportStream({ ...largeRepository, commitCount })) {
    if (!importer.stdin.write(chunk)) await new Promise((resolve) => importer.stdin.once("drain", resolve));
  }
  importer.stdin.end();
  await new Promise((resolve) => importer.once("exit", resolve));
  await git.run(["-C", path, "repack", "-q", "-a", "-d"]);
  return path;
}

/** Gives the reference the same as an administrator would have it: repacked with bitmaps, refs packed, commit-graph written. */
export async function copyTended(git: GitRunner, source: string, copy: string): Promise<void> {
  await git.run(["-C", source, "push", "-q", "--mirror", copy]);
  await git.run(["-C", copy, "repack", "-q", "-a", "-d", "-b"]);
  await git.run(["-C", copy, "pack-refs", "--all"]);
  await git.run(["-C", copy, "commit-graph", "write", "--reachable"]);
}

/** Makes an empty repository of the maintainer's at the first node; resolves to its URL over HTTP, with credentials. */
export async function createAtGuts(devnet: Devnet, name: string): Promise<string> {
  const { httpUrl } = devnet.node;
  const { login, token } = devnet.account("maintainer");
  await askGuts(devnet, "/api/v3/user/repos", { name });
  return `${httpUrl.replace("://", `://x:${token}@`)}/${login}/${name}.git`;
}

/** Posts to the API as the maintainer. Throws unless something was created. */
export async function askGuts(devnet: Devnet, path: string, body: object): Promise<void> {
  const { token } = devnet.account("maintainer");
  const answer = await fetch(devnet.node.httpUrl + path, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.status !== 201) throw new Error(`${path} gave ${answer.status}: ${await answer.text()}`);
}

/** A process and everything below it, now. */
export function processesBelow(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return [pid, ...(children === "" ? [] : children.split(" ").flatMap((child) => processesBelow(Number(child))))];
  } catch {
    return []; // It has ended meanwhile.
  }
}
