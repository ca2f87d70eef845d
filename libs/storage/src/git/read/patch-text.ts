import type { ObjectId } from "@guts/primitives";
import { isGitEngineError } from "../errors.ts";
import { patchBytesMax } from "../limits.ts";
import type { RepositoryPlace } from "../repository-store.ts";
import type { GitRunner } from "../spawner/git-process.ts";
import { collect } from "../spawner/output.ts";
import type { ObjectReaders } from "./object-readers.ts";

/** What differs between two commits as text. */
export interface PatchTextOptions {
  readonly base: ObjectId;
  readonly head: ObjectId;
  /** One unified diff of the two, or a mail for each commit that `base` does not have, as `git am` reads them. */
  readonly format: "diff" | "patch";
  readonly signal: AbortSignal;
}

/** Options of both: everything that a file or setting could change is fixed. */
const fixedArguments = ["--full-index", "--binary", "-M", "--no-ext-diff", "--no-textconv", "--no-color"];
const prefixArguments = ["--src-prefix=a/", "--dst-prefix=b/"];

/** Git's own text, which applies; undefined when a commit is not there. */
export async function patchText(
  { runner, readers }: { readonly runner: GitRunner; readonly readers: ObjectReaders },
  place: RepositoryPlace,
  { base, head, format, signal }: PatchTextOptions,
): Promise<Uint8Array | "too-large" | undefined> {
  const infos = await readers.infos(place, [base, head]);
  if (infos.some((info) => info?.type !== "commit")) return undefined;
  const args =
    format === "diff"
      ? ["diff-tree", "-r", "-p", ...fixedArguments, ...prefixArguments, base, head, "--"]
      : [
          "format-patch",
          "--stdout",
          "--signature=Guts",
          ...fixedArguments,
          ...prefixArguments,
          `${base}..${head}`,
          "--",
        ];
  const job = { class: "read" as const, args, repositoryPath: place.path, signal };
  try {
    return (await collect(runner, job, { bytesMax: patchBytesMax })).output;
  } catch (error) {
    if (isGitEngineError(error, "output-too-large")) return "too-large";
    throw error;
  }
}
