import { ApiError } from "@guts/api/client";
import type { CommandContext } from "../../context.ts";
import { selectRepository, type SelectedRepository } from "../../git/select-repository.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { safeLine, safeText } from "../../terminal/safe-text.ts";
import { repositoryFields } from "../../tree/fields.ts";
import { repositoryRecord, type RepositoryRecord } from "./repository-record.ts";

interface ViewOptions {
  readonly branch?: string;
  readonly json?: JsonOption;
  readonly web?: true;
}

/** `guts repo view [repository]`. */
export async function viewRepository(
  context: CommandContext,
  [text]: readonly string[],
  options: ViewOptions,
): Promise<void> {
  const { platform } = context;
  const selected = await selectRepository(context, text);
  const { owner, name, connection } = selected;
  const { record, readme } = await withProgress(platform.stderr, "Reading the repository", async () => {
    const repository = await connection.client.call("GET /api/v3/repos/{owner}/{repo}", {
      path: { owner, repo: name },
    });
    const isShown = options.json === undefined && options.web !== true;
    return {
      record: repositoryRecord(repository, connection.host),
      readme: isShown ? await readReadme(selected, options.branch) : undefined,
    };
  });
  if (options.web === true) {
    const branch =
      options.branch === undefined ? "" : `/tree/${options.branch.split("/").map(encodeURIComponent).join("/")}`;
    return await platform.openBrowser(`${record.url}${branch}`);
  }
  if (options.json !== undefined) return printJson(platform.stdout, options.json, repositoryFields, record);
  platform.stdout.write(platform.stdout.isTerminal ? forPeople(context, record, readme) : forPipes(record, readme));
}

/** The README's text; undefined when there is none, or no commit yet. */
async function readReadme(
  { connection, owner, name }: SelectedRepository,
  branch: string | undefined,
): Promise<string | undefined> {
  try {
    const file = await connection.client.call("GET /api/v3/repos/{owner}/{repo}/readme", {
      path: { owner, repo: name },
      query: branch === undefined ? {} : { ref: branch },
    });
    return Buffer.from(file.content, "base64").toString("utf8");
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 409)) return undefined;
    throw error;
  }
}

function forPeople({ style }: CommandContext, record: RepositoryRecord, readme: string | undefined): string {
  const words = [String(record.visibility), ...(record.isArchived === true ? ["archived"] : [])].join(", ");
  return [
    `${style.strong(record.nameWithOwner)} ${style.quiet(words)}`,
    safeLine(String(record.description ?? "No description provided")),
    "",
    readme === undefined ? style.quiet("This repository has no README.") : safeText(readme).trimEnd(),
    "",
    style.quiet(`View it in the browser: ${record.url}`),
    "",
  ].join("\n");
}

function forPipes(record: RepositoryRecord, readme: string | undefined): string {
  const head = `name:\t${record.nameWithOwner}\ndescription:\t${safeLine(String(record.description ?? ""))}\n`;
  return `${head}visibility:\t${String(record.visibility)}\nurl:\t${record.url}\n--\n${safeText(readme ?? "")}`;
}
