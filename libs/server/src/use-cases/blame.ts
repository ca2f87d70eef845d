/** Who brought each line of a file. */
import { parseObjectId, type ObjectFormat, type ObjectId } from "@guts/primitives";

import { notFound } from "../errors.ts";
import type { BlameRange, GitCommit } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { decodeText, type Spot } from "./browse.ts";
import { countedCache } from "./counted-cache.ts";

type Needs = Pick<Services, "git">;

/** Where a repository lists commits that blame passes over, as GitHub has it. */
export const ignoredRevisionsPath = ".git-blame-ignore-revs";
/** Bytes of that file that are read. */
const ignoredRevisionsBytesMax = 64 * 1024;
/** Files whose lines' origins are kept. */
const blamesKept = 500;
/** Ranges of a file above which its origins are not kept. */
const keptRangesMax = 5_000;

/** The origins of a file's lines. */
export interface Blame {
  readonly ranges: readonly BlameRange[];
  readonly commits: readonly GitCommit[];
  readonly ignoring: "none" | "over" | "off";
}

/** Asks git, and keeps what it said: a file of a commit has the same origins for ever. */
export class Blames {
  readonly #git: Needs["git"];
  readonly #kept = countedCache<string, readonly BlameRange[]>(blamesKept);

  constructor(git: Needs["git"]) {
    this.#git = git;
  }

  /** Throws `Refusal` `not-found` where there is no such file. */
  async of(spot: Spot, options: { readonly ignoresListed: boolean }): Promise<Blame> {
    const { opened, at, signal } = spot;
    const listed = await this.#listed(spot);
    const ignored = options.ignoresListed ? listed : [];
    const key = `${opened.repository.id} ${at.commit} ${ignored.length > 0} ${at.path}`;
    const kept = this.#kept.get(key);
    const ranges =
      kept ?? (await this.#git.blame(opened.repository.id, { commit: at.commit, path: at.path, ignored, signal }));
    if (ranges === undefined) throw notFound();
    if (ranges.length <= keptRangesMax) this.#kept.set(key, ranges);
    const ids = [...new Set(ranges.map(({ commit }) => commit))];
    const commits = await Promise.all(ids.map((id) => this.#git.readCommit(opened.repository.id, id, signal)));
    const ignoring = listed.length === 0 ? "none" : options.ignoresListed ? "over" : "off";
    return { ranges, commits: commits.filter((commit) => commit !== undefined), ignoring };
  }

  async #listed({ opened, at, signal }: Spot): Promise<readonly ObjectId[]> {
    const { id, objectFormat } = opened.repository;
    const location = { commit: at.commit, path: ignoredRevisionsPath };
    const blob = await this.#git.readBlob(id, { ...location, bytesMax: ignoredRevisionsBytesMax, signal });
    return blob === undefined ? [] : parseIgnoredRevisions(decodeText(blob), objectFormat);
  }
}

/** Whole ids, one in a line, with remarks after `#` (blame.ignoreRevsFile). Anything else is passed over. */
export function parseIgnoredRevisions(text: string, format: ObjectFormat): readonly ObjectId[] {
  const ids = text.split(/\r?\n/).map((line) => parseObjectId(line.replace(/#.*/, "").trim().toLowerCase(), format));
  return [...new Set(ids.filter((id) => id !== undefined))];
}
