import { usageError } from "../../cli-error.ts";
import type { CommandContext } from "../../context.ts";
import { selectRepository } from "../../git/select-repository.ts";
import { withProgress } from "../../terminal/progress.ts";
import { sayDone } from "../say.ts";

/** `guts repo star [repository]`. */
export async function starRepository(context: CommandContext, [text]: readonly string[]): Promise<void> {
  const { connection, owner, name } = await selectRepository(context, text);
  const path = { owner, repo: name };
  await withProgress(context.platform.stderr, "Starring", () =>
    connection.client.call("PUT /api/v3/user/starred/{owner}/{repo}", { path }),
  );
  sayDone(context, `Starred ${owner}/${name}`);
}

/** `guts repo unstar [repository]`. */
export async function unstarRepository(context: CommandContext, [text]: readonly string[]): Promise<void> {
  const { connection, owner, name } = await selectRepository(context, text);
  const path = { owner, repo: name };
  await withProgress(context.platform.stderr, "Taking the star back", () =>
    connection.client.call("DELETE /api/v3/user/starred/{owner}/{repo}", { path }),
  );
  sayDone(context, `Took the star back from ${owner}/${name}`);
}

interface WatchOptions {
  readonly ignore?: true;
  readonly stop?: true;
}

/** `guts repo watch [repository]`. */
export async function watchRepository(
  context: CommandContext,
  [text]: readonly string[],
  { ignore, stop }: WatchOptions,
): Promise<void> {
  if (ignore === true && stop === true) throw usageError("--ignore and --stop exclude each other");
  const { connection, owner, name } = await selectRepository(context, text);
  const path = { owner, repo: name };
  const body = { subscribed: ignore !== true, ignored: ignore === true };
  await withProgress<unknown>(context.platform.stderr, "Changing what you hear of it", () =>
    stop === true
      ? connection.client.call("DELETE /api/v3/repos/{owner}/{repo}/subscription", { path })
      : connection.client.call("PUT /api/v3/repos/{owner}/{repo}/subscription", { path, body }),
  );
  const done = stop === true ? "Watching no longer:" : ignore === true ? "Ignoring" : "Watching";
  sayDone(context, `${done} ${owner}/${name}`);
}
