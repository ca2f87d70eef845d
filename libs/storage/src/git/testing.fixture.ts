/** What the tests of the git engine share: scratch directories, a plain git client, and hand-made packs. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import type { ObjectFormat, ObjectId, RefName, RepositoryId } from "@guts/primitives";
import type { GitEngine, GitEngineOptions } from "./git-engine.ts";
import { openGitEngine } from "./stock-git-engine.ts";
import type { PushLimits } from "./push/receive-outcome.ts";
import type { RefUpdate } from "@guts/git";

const CLIENT_ENVIRONMENT = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
  GIT_AUTHOR_DATE: "1700000000 +0000",
  GIT_COMMITTER_DATE: "1700000000 +0000",
};

/** Generous bounds; a test that is about a bound lowers it. */
export const testLimits: PushLimits = {
  packBytesMax: 64 << 20,
  objectsMax: 100_000,
  inflatedBytesMax: 256 << 20,
  timeoutMs: 20_000,
};

/** The repository that most tests use. */
export const repositoryId = 513 as RepositoryId;

/** The branch that HEAD names. */
export const mainRef = "refs/heads/main" as RefName;

/** A signal that never fires. */
export function never(): AbortSignal {
  return new AbortController().signal;
}

/** A directory that is removed on dispose. */
export class Scratch implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "guts-git-test-"));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** An engine in a scratch directory. */
export class TestEngine implements AsyncDisposable {
  readonly scratch: Scratch;
  readonly engine: GitEngine;

  constructor(scratch: Scratch, engine: GitEngine) {
    this.scratch = scratch;
    this.engine = engine;
  }

  static async open(options: Partial<GitEngineOptions> = {}): Promise<TestEngine> {
    const scratch = new Scratch();
    const directory = join(scratch.path, "data");
    execFileSync("mkdir", [directory]);
    return new TestEngine(scratch, await openGitEngine({ directory, spawnerCount: 1, ...options }, never()));
  }

  /** The directory of a repository. */
  path(id: RepositoryId = repositoryId): string {
    return join(this.scratch.path, "data/repositories", (id % 256).toString(16).padStart(2, "0"), `${id}.git`);
  }

  /** Plain git in the stored repository. */
  git(...args: readonly string[]): string {
    return runGit(["--git-dir", this.path(), ...args]);
  }

  /** A whole push as a node does it: receive, promote, project, settle. The refs before it are those on disk. */
  async push(client: Client, updates: readonly RefUpdate[]): Promise<void> {
    const tips = this.refs().map(([, id]) => id);
    const wants = updates.filter(({ newId }) => newId !== client.zero).map(({ newId }) => newId);
    const pack = wants.length === 0 ? undefined : inPieces(client.pack(wants, tips));
    const outcome = await this.engine.receivePack(repositoryId, {
      commands: updates,
      pack,
      tips,
      limits: testLimits,
      signal: never(),
    });
    if (outcome.outcome === "rejected") throw new Error(`${outcome.code}: ${outcome.message}`);
    await using quarantine = outcome.quarantine;
    await quarantine.promote(never());
    await this.engine.projectRefs(repositoryId, updates, mainRef, never());
  }

  /** The refs on disk. */
  refs(): (readonly [RefName, ObjectId])[] {
    const lines = this.git("for-each-ref", "--format=%(refname) %(objectname)").split("\n");
    return lines.filter(Boolean).map((line) => line.split(" ") as unknown as readonly [RefName, ObjectId]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine[Symbol.asyncDispose]();
    this.scratch[Symbol.dispose]();
  }
}

function runGit(args: readonly string[], input?: string | Uint8Array, cwd?: string): string {
  const options = { env: CLIENT_ENVIRONMENT, maxBuffer: 1 << 28, stdio: "pipe" as const, ...(cwd ? { cwd } : {}) };
  return execFileSync("git", args, input === undefined ? options : { ...options, input })
    .toString()
    .trim();
}

/** A working copy of a person. */
export class Client implements Disposable {
  readonly scratch = new Scratch();
  readonly format: ObjectFormat;

  constructor(format: ObjectFormat = "sha1") {
    this.format = format;
    this.git("init", "-q", "-b", "main", `--object-format=${format}`, ".");
  }

  git(...args: readonly string[]): string {
    return runGit(args, undefined, this.scratch.path);
  }

  /** Runs git with something to read. */
  gitWith(input: string | Uint8Array, ...args: readonly string[]): string {
    return runGit(args, input, this.scratch.path);
  }

  /** Commits files given as path and content; returns the commit. */
  commit(message: string, files: Readonly<Record<string, string>> = {}): ObjectId {
    for (const [path, content] of Object.entries(files)) {
      const blob = this.gitWith(content, "hash-object", "-w", "--stdin");
      this.git("update-index", "--add", "--cacheinfo", `100644,${blob},${path}`);
    }
    this.git("commit", "-q", "--allow-empty", "-m", message);
    return this.id("HEAD");
  }

  id(revision: string): ObjectId {
    return this.git("rev-parse", revision) as ObjectId;
  }

  /** What a client sends: a thin pack of what `wants` reach and `haves` do not. */
  pack(wants: readonly string[], haves: readonly string[] = []): Buffer {
    const revisions = [...wants, ...haves.map((id) => `^${id}`)].join("\n");
    return execFileSync("git", ["pack-objects", "--revs", "--thin", "--stdout", "-q", "--delta-base-offset"], {
      cwd: this.scratch.path,
      env: CLIENT_ENVIRONMENT,
      input: `${revisions}\n`,
      maxBuffer: 1 << 28,
    });
  }

  get zero(): ObjectId {
    return "0".repeat(this.format === "sha1" ? 40 : 64) as ObjectId;
  }

  /** A command; missing ids are zero. */
  update(name: string, oldId: string | undefined, newId: string | undefined): RefUpdate {
    return { name: name as RefName, oldId: (oldId ?? this.zero) as ObjectId, newId: (newId ?? this.zero) as ObjectId };
  }

  [Symbol.dispose](): void {
    this.scratch[Symbol.dispose]();
  }
}

/** Bytes in pieces, as a socket gives them. */
export async function* inPieces(bytes: Uint8Array, size = 16_384): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** One entry of a hand-made pack; a delta names its base by id. */
export interface PackEntry {
  readonly type: "commit" | "tree" | "blob" | "tag" | "delta";
  readonly body: Uint8Array;
  readonly base?: string;
}

const TYPE_NUMBERS = { commit: 1, tree: 2, blob: 3, tag: 4, delta: 7 } as const;

/** A pack made by hand, with a right checksum whatever else is wrong with it. */
export function makePack(entries: readonly PackEntry[], format: ObjectFormat = "sha1"): Buffer {
  const header = Buffer.alloc(12);
  header.write("PACK");
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(entries.length, 8);
  const parts: Buffer[] = [header];
  for (const { type, body, base } of entries) {
    parts.push(entryHeader(TYPE_NUMBERS[type], body.length));
    if (base !== undefined) parts.push(Buffer.from(base, "hex"));
    parts.push(deflateSync(body));
  }
  const bytes = Buffer.concat(parts);
  return Buffer.concat([bytes, createHash(format).update(bytes).digest()]);
}

function entryHeader(type: number, length: number): Buffer {
  const bytes = [(type << 4) | (length & 15)];
  for (let rest = Math.floor(length / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1]! |= 0x80;
    bytes.push(rest & 0x7f);
  }
  return Buffer.from(bytes);
}

/** The id of an object with this type and content. */
export function idOf(type: string, body: Uint8Array, format: ObjectFormat = "sha1"): ObjectId {
  return createHash(format).update(`${type} ${body.length}\0`).update(body).digest("hex") as ObjectId;
}

/** The body of a tree. */
export function treeBody(entries: readonly (readonly [mode: string, name: string, id: string])[]): Buffer {
  return Buffer.concat(
    entries.map(([mode, name, id]) => Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, "hex")])),
  );
}

/** The body of a commit. */
export function commitBody(tree: string, parents: readonly string[] = []): Buffer {
  const lines = [`tree ${tree}`, ...parents.map((id) => `parent ${id}`)];
  const person = "Ada <ada@example.org> 1700000000 +0000";
  return Buffer.from([...lines, `author ${person}`, `committer ${person}`, "", "made by hand", ""].join("\n"));
}
