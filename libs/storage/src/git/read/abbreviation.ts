import type { ObjectId } from "@guts/primitives";
import { abbreviationLengthMin } from "../limits.ts";
import type { RepositoryPlace } from "../repository-store.ts";
import type { GitRunner } from "../spawner/git-process.ts";
import { collect } from "../spawner/output.ts";
import type { ObjectReaders } from "./object-readers.ts";

/**
 * Every commit whose id begins with `prefix`, reachable or not; none for text that is no beginning of an id.
 *
 * git itself looks the prefix up in its indexes. It is hexadecimal by then, so it cannot be an option or a revision.
 */
export async function commitsStartingWith(
  runner: GitRunner,
  readers: ObjectReaders,
  place: RepositoryPlace,
  { prefix, signal }: { readonly prefix: string; readonly signal: AbortSignal },
): Promise<readonly ObjectId[]> {
  if (prefix.length < abbreviationLengthMin || !/^[0-9a-f]+$/.test(prefix)) return [];
  const args = ["rev-parse", `--disambiguate=${prefix}`];
  const { output } = await collect(runner, { class: "read", args, repositoryPath: place.path, signal });
  const ids = output.toString("latin1").split("\n").slice(0, -1) as ObjectId[];
  const infos = await readers.infos(place, ids);
  return ids.filter((_, index) => infos[index]?.type === "commit");
}
