import { ApiError } from "@guts/api/client";
import { CliError } from "../../cli-error.ts";
import type { CommandContext } from "../../context.ts";
import { failureOfApi } from "../../http/failure.ts";
import { selectRepository } from "../../git/select-repository.ts";
import { withProgress } from "../../terminal/progress.ts";
import { confirmByName } from "../ask.ts";
import { sayDone } from "../say.ts";

/** `guts repo delete`: asks for the name, typed out, unless `--yes`. */
export async function deleteRepository(
  context: CommandContext,
  [text]: readonly string[],
  options: { readonly yes?: true },
): Promise<void> {
  const { connection, owner, name } = await selectRepository(context, text);
  const path = { owner, repo: name };
  const repository = await connection.client.call("GET /api/v3/repos/{owner}/{repo}", { path });
  const consequence = `This deletes ${repository.full_name} with everything in it, for good`;
  await confirmByName(context, repository.full_name, { consequence, isSure: options.yes });
  await withProgress(context.platform.stderr, "Deleting", async () => {
    try {
      await connection.client.call("DELETE /api/v3/repos/{owner}/{repo}", { path });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 403) throw error;
      throw new CliError("refused", failureOfApi(error).message, {
        hint: `It takes an administrator and a token with the scope delete_repo: ${connection.host}/settings/tokens`,
        cause: error,
      });
    }
  });
  sayDone(context, `Deleted ${repository.full_name}`);
}
