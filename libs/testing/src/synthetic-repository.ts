/** A repository of any size as a `git fast-import` stream: the same seed gives the same object ids. */

/** How large the repository is. */
export interface SyntheticRepository {
  readonly commitCount: number;
  /** Branches beside main; tags make up the rest of the refs. */
  readonly branchCount: number;
  readonly tagCount: number;
  readonly seed: number;
}

/** Twenty thousand commits with merges and five thousand and one refs. */
export const largeRepository: SyntheticRepository = {
  commitCount: 20_000,
  branchCount: 2_500,
  tagCount: 2_500,
  seed: 1,
};

const folders = 40;
const filesPerFolder = 25;
const linesPerFile = 30;
const firstCommitSeconds = 1_600_000_000;

/** The stream, in chunks of text. Every 50th commit is a merge; every tag of an odd number is annotated. */
export function* fastImportStream({ commitCount, branchCount, tagCount, seed }: SyntheticRepository): Iterable<string> {
  const next = mulberry32(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  for (let commit = 1; commit <= commitCount; commit++) {
    const merged = commit % 50 === 0 && commit > 100 ? `merge :${commit - 2 - below(40)}\n` : "";
    const files = Array.from({ length: 1 + below(3) }, () => fileModification(below, commit)).join("");
    const parent = commit === 1 ? "" : `from :${commit - 1}\n`;
    yield `commit refs/heads/main\nmark :${commit}\n${committer(commit)}${data(`Change ${commit}\n`)}${parent}${merged}${files}\n`;
  }
  for (let branch = 1; branch <= branchCount; branch++) {
    yield `reset refs/heads/topic/${branch % 50}/branch-${branch}\nfrom :${1 + below(commitCount)}\n\n`;
  }
  for (let tag = 1; tag <= tagCount; tag++) {
    const target = 1 + below(commitCount);
    yield tag % 2 === 0
      ? `reset refs/tags/v0.${tag}\nfrom :${target}\n\n`
      : `tag v0.${tag}\nfrom :${target}\n${committer(target).replace("committer", "tagger")}${data(`Release ${tag}\n`)}`;
  }
  yield "done\n";
}

function fileModification(below: (limit: number) => number, commit: number): string {
  const path = `folder-${below(folders)}/file-${below(filesPerFolder)}.txt`;
  const lines = Array.from(
    { length: linesPerFile },
    (_, line) => `line ${line} of ${path}, ${line === commit % linesPerFile ? commit : below(50)}`,
  );
  return `M 100644 inline ${path}\n${data(`${lines.join("\n")}\n`)}`;
}

function committer(commit: number): string {
  return `committer Author ${commit % 17} <author-${commit % 17}@example.org> ${firstCommitSeconds + 60 * commit} +0000\n`;
}

function data(text: string): string {
  return `data ${text.length}\n${text}`;
}

/** A small generator with 32 bits of state; its quality is enough for sizes and choices. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
