import type { ObjectId } from "@guts/primitives";
import { blameOutputBytesMax, ignoredRevisionsMax } from "../limits.ts";
import type { RepositoryPlace } from "../repository-store.ts";
import type { GitRunner } from "../spawner/git-process.ts";
import { collect } from "../spawner/output.ts";
import type { ObjectReaders } from "./object-readers.ts";
import { pathSegments } from "./tree.ts";

/** A file of a commit. */
export interface BlameOptions {
  readonly commit: ObjectId;
  readonly path: string;
  /** Commits that are passed over as if they had changed nothing; those that are not there are left out. */
  readonly ignored: readonly ObjectId[];
  readonly signal: AbortSignal;
}

/** Lines that one commit brought, one after the other. Numbers count from 1. */
export interface BlameRange {
  readonly commit: ObjectId;
  readonly firstLine: number;
  readonly lineCount: number;
  /** Where the lines were in that commit. */
  readonly path: string;
  /** The file as it was before that commit; undefined when the commit added it. */
  readonly previous: { readonly commit: ObjectId; readonly path: string } | undefined;
}

/** Who brought each line of a file; undefined when the file is not there. Throws `timeout` and `output-too-large`. */
export async function blame(
  { runner, readers }: { readonly runner: GitRunner; readonly readers: ObjectReaders },
  place: RepositoryPlace,
  { commit, path, ignored, signal }: BlameOptions,
): Promise<readonly BlameRange[] | undefined> {
  const segments = pathSegments(path);
  const asked = ignored.slice(0, ignoredRevisionsMax);
  const [info, ...infos] = await readers.infos(place, [commit, ...asked]);
  if (segments === undefined || segments.length === 0 || info?.type !== "commit") return undefined;
  const known = asked.filter((_, index) => infos[index]?.type === "commit");
  const args = ["blame", "--porcelain", ...known.map((id) => `--ignore-rev=${id}`), commit, "--", segments.join("/")];
  const job = { class: "read" as const, args, repositoryPath: place.path, signal };
  const { output, exitCode } = await collect(runner, job, { acceptedCodes: [0, 128], bytesMax: blameOutputBytesMax });
  return exitCode === 0 ? parseBlame(output.toString("latin1")) : undefined;
}

interface KnownCommit {
  path: string;
  previous: BlameRange["previous"];
}

/** Reads `git blame --porcelain`: a commit is described where it is first named; a line of the file begins with a tab. */
export function parseBlame(text: string): readonly BlameRange[] {
  const ranges: BlameRange[] = [];
  const known = new Map<string, KnownCommit>();
  let current: { commit: string; firstLine: number; facts: KnownCommit } | undefined;
  for (const line of text.split("\n")) {
    if (line.startsWith("\t")) {
      if (current !== undefined) append(ranges, current);
      current = undefined;
      continue;
    }
    const [, commit, finalLine] = /^([0-9a-f]{40}|[0-9a-f]{64}) \d+ (\d+)/.exec(line) ?? [];
    if (current === undefined && commit !== undefined) {
      const facts = known.get(commit) ?? { path: "", previous: undefined };
      known.set(commit, facts);
      current = { commit, firstLine: Number(finalLine), facts };
    } else if (line.startsWith("filename ")) current!.facts.path = unquote(line.slice(9));
    else if (line.startsWith("previous ")) {
      const [, previous = "", path = ""] = /^previous ([0-9a-f]+) (.*)$/.exec(line) ?? [];
      current!.facts.previous = { commit: previous as ObjectId, path: unquote(path) };
    }
  }
  return ranges;
}

function append(
  ranges: BlameRange[],
  { commit, firstLine, facts }: { readonly commit: string; readonly firstLine: number; readonly facts: KnownCommit },
): void {
  const last = ranges.at(-1);
  const goesOn = last?.commit === commit && last.path === facts.path && last.firstLine + last.lineCount === firstLine;
  if (goesOn) ranges[ranges.length - 1] = { ...last, lineCount: last.lineCount + 1 };
  else ranges.push({ commit: commit as ObjectId, firstLine, lineCount: 1, path: facts.path, previous: facts.previous });
}

const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  t: "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
};

/** A name as git writes it (quote.c): in quotes with C's escapes where it holds unusual bytes. */
function unquote(name: string): string {
  const inner = /^"(.*)"$/s.exec(name)?.[1];
  const bytes = inner?.replace(/\\([0-7]{3}|.)/gs, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
  );
  return Buffer.from(bytes ?? name, "latin1").toString("utf8");
}
