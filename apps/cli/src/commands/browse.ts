import { usageError } from "../cli-error.ts";
import type { CommandContext } from "../context.ts";
import { askGit } from "../git/run-git.ts";
import { selectRepository, type SelectedRepository } from "../git/select-repository.ts";
import { webUrl } from "./repo/repository-record.ts";

interface BrowseOptions {
  readonly repo?: string;
  readonly branch?: string;
  readonly commits?: true;
  readonly branches?: true;
  readonly settings?: true;
  readonly browser: boolean;
}

/** `guts browse [location]`. */
export async function browse(
  context: CommandContext,
  [location]: readonly string[],
  options: BrowseOptions,
): Promise<void> {
  const selected = await selectRepository(context, options.repo);
  const url = `${webUrl(selected.connection.host, `${selected.owner}/${selected.name}`)}${await pageOf(context, selected, location, options)}`;
  if (!options.browser) context.platform.stdout.write(`${url}\n`);
  else await context.platform.openBrowser(url);
}

/** The path of a page below the repository's own. */
async function pageOf(
  context: CommandContext,
  selected: SelectedRepository,
  location: string | undefined,
  { branch, commits, branches, settings }: BrowseOptions,
): Promise<string> {
  if ([location, commits, branches, settings].filter((value) => value !== undefined).length > 1)
    throw usageError("a location, --commits, --branches and --settings exclude each other");
  if (settings === true) return "/settings";
  if (branches === true) return "/branches";
  if (location !== undefined && isObjectName(location)) return `/commit/${location}`;
  if (location === undefined && commits !== true) return branch === undefined ? "" : `/tree/${encodePath(branch)}`;
  const ref = branch ?? (await defaultBranch(selected));
  if (location === undefined) return `/commits/${encodePath(ref)}`;
  const { path, line } = parseLocation(location);
  const inRepository = await pathFromTop(context, path);
  return `/blob/${encodePath(ref)}/${encodePath(inRepository)}${line}`;
}

function isObjectName(text: string): boolean {
  return /^[0-9a-f]{7,64}$/.test(text);
}

/** `file`, `file:12` or `file:12-20`. */
function parseLocation(text: string): { readonly path: string; readonly line: string } {
  const match = /^(.+?):(\d+)(?:-(\d+))?$/.exec(text);
  if (match === null) return { path: text, line: "" };
  const [, path, first, last] = match;
  return { path: path!, line: `#L${first}${last === undefined ? "" : `-L${last}`}` };
}

/** The path of a file from the top of the repository, for a file named from the current directory within it. */
async function pathFromTop(context: CommandContext, path: string): Promise<string> {
  const { exitCode, stdout } = await askGit(context.platform, ["rev-parse", "--show-prefix"]);
  const parts: string[] = exitCode === 0 && !path.startsWith("/") ? stdout.trim().split("/").filter(Boolean) : [];
  for (const part of path.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) throw usageError(`${path} is not in this repository`);
    } else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

async function defaultBranch({ connection, owner, name }: SelectedRepository): Promise<string> {
  const path = { owner, repo: name };
  return (await connection.client.call("GET /api/v3/repos/{owner}/{repo}", { path })).default_branch;
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
