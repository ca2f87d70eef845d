import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { GitRunner } from "../harness/git.ts";
import type { Note, RefValues } from "./promises.ts";

/** Where a pusher works and whom it tells. */
export interface PusherOptions {
  readonly git: GitRunner;
  /** A work tree with at least one commit, of this pusher alone. */
  readonly workTree: string;
  readonly url: string;
  /** What notes call the repository. */
  readonly repository: string;
  /** Begins the names of all its refs, so that no two pushers write one ref. */
  readonly name: string;
  readonly random: () => number;
  readonly onNote: (note: Note) => void;
}

/** Refs of a bulk push: its block is larger than a page of the disk. */
const bulkRefCount = 60;

/** Somebody who pushes one thing after the other with the real git: commits, rewrites, branches, tags, deletions, many refs. */
export class Pusher {
  readonly #options: PusherOptions;
  readonly #topics: string[] = [];
  #base = "";
  #tip = "";
  #count = 0;

  constructor(options: PusherOptions) {
    this.#options = options;
  }

  /** Pushes until a push fails or `count` have been done. Answers how many were acknowledged. */
  async run(count = Number.POSITIVE_INFINITY): Promise<number> {
    for (let done = 0; done < count; done++) if (!(await this.#step())) return done;
    return count;
  }

  async #step(): Promise<boolean> {
    const { name, random } = this.#options;
    this.#count += 1;
    if (this.#base === "") this.#base = this.#tip = await this.#git("rev-parse", "HEAD");
    const head = `refs/heads/${name}/main`;
    const choice = random();
    if (choice < 0.35) return this.#push({ [head]: (this.#tip = await this.#commit(this.#tip)) });
    if (choice < 0.5) return this.#push({ [head]: (this.#tip = await this.#commit(this.#base)) });
    if (choice < 0.65) {
      const id = await this.#commit(this.#base);
      return this.#push({ [`refs/heads/${name}/left`]: id, [`refs/heads/${name}/right`]: id }, "--atomic");
    }
    if (choice < 0.75) {
      const id = await this.#commit(this.#tip);
      return this.#push(
        Object.fromEntries(
          Array.from({ length: bulkRefCount }, (_, index) => [`refs/heads/${name}/bulk/${index}`, id]),
        ),
      );
    }
    if (choice < 0.88 || this.#topics.length === 0) {
      const topic = `refs/heads/${name}/topic-${this.#count}`;
      const id = await this.#commit(this.#tip);
      await this.#git("tag", "-a", "-m", "A tag", `${name}-${this.#count}`, id);
      const tag = await this.#git("rev-parse", `refs/tags/${name}-${this.#count}`);
      const isPushed = await this.#push({ [topic]: id, [`refs/tags/${name}-${this.#count}`]: tag });
      if (isPushed) this.#topics.push(topic); // git refuses to delete what a crash kept from coming to be.
      return isPushed;
    }
    return this.#push({ [this.#topics.shift()!]: null });
  }

  async #push(updates: RefValues, ...options: readonly string[]): Promise<boolean> {
    const { git, workTree, url, repository, onNote } = this.#options;
    onNote({ type: "push", repository, updates, isAtomic: options.includes("--atomic") });
    const refspecs = Object.entries(updates).map(([ref, id]) => `+${id ?? ""}:${ref}`);
    const { exitCode, stdout } = await git.try(["-C", workTree, "push", "--porcelain", ...options, url, ...refspecs]);
    const accepted = parsePorcelain(stdout).filter((ref) => ref in updates);
    if (accepted.length > 0) {
      const pushed = Object.fromEntries(accepted.map((ref) => [ref, updates[ref]!]));
      onNote({ type: "pushed", repository, updates: pushed });
    }
    return exitCode === 0;
  }

  /** A commit with a new file of random size upon `parent`. */
  async #commit(parent: string): Promise<string> {
    const { workTree, random, name } = this.#options;
    const file = join(workTree, "payload");
    writeFileSync(file, randomBytes(1 + Math.floor(random() ** 4 * 200_000)));
    const blob = await this.#git("hash-object", "-w", file);
    const tree = await this.#options.git.run(["-C", workTree, "mktree"], { input: `100644 blob ${blob}\tpayload\n` });
    return this.#git("commit-tree", "-p", parent, "-m", `${name} ${this.#count}`, tree);
  }

  #git(...args: readonly string[]): Promise<string> {
    return this.#options.git.run(["-C", this.#options.workTree, ...args]);
  }
}

/** The refs that `git push --porcelain` says were accepted. */
function parsePorcelain(output: string): readonly string[] {
  return output.split("\n").flatMap((line) => {
    const [flag, refs] = line.split("\t");
    return refs !== undefined && flag !== "!" ? [refs.slice(refs.indexOf(":") + 1)] : [];
  });
}
