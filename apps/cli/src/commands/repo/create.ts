/**
 * `guts repo create`, in this order: everything that can be wrong locally is checked first, then the repository is made at
 * the node, then the remote is added, then commits are pushed. A failure after the creation says that it exists.
 */
import { basename, resolve } from "node:path";
import { parseRepositoryName } from "@guts/primitives";
import type { Repository, RepositoryCreation } from "@guts/api";
import { CliError, usageError } from "../../cli-error.ts";
import { connectSignedIn, viewerLogin, type Connection } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { askGit, askGitOrThrow, runGit } from "../../git/run-git.ts";
import { parseRepositoryArgument } from "../../git/select-repository.ts";
import { withProgress } from "../../terminal/progress.ts";
import { ask } from "../ask.ts";
import { sayDone } from "../say.ts";
import { configureGit, isGitConfigured } from "../auth/setup-git.ts";
import { runClone } from "./clone.ts";
import { cloneUrl, webUrl } from "./repository-record.ts";

interface CreateOptions {
  readonly public?: true;
  readonly private?: true;
  readonly description?: string;
  readonly source?: string;
  readonly remote?: string;
  readonly push?: true;
  readonly clone?: true;
  readonly objectFormat?: "sha1" | "sha256";
}

/** A local git repository that becomes the new one. */
interface Source {
  readonly directory: string;
  readonly remoteName: string;
  readonly objectFormat: "sha1" | "sha256";
}

/** `guts repo create [name]`. */
export async function createRepository(
  context: CommandContext,
  [given]: readonly string[],
  options: CreateOptions,
): Promise<void> {
  checkFlags(options);
  const connection = connectSignedIn(context);
  const source = await readSource(context, options);
  const { organization: org, body } = await describeRepository(context, connection, { given, source, options });
  const repository = await withProgress(context.platform.stderr, "Creating the repository", () =>
    org === undefined
      ? connection.client.call("POST /api/v3/user/repos", { body })
      : connection.client.call("POST /api/v3/orgs/{org}/repos", { path: { org }, body }),
  );
  sayDone(context, `Created ${repository.private ? "private" : "public"} repository ${repository.full_name}`);
  context.platform.stdout.write(`${webUrl(connection.host, repository.full_name)}\n`);
  if (source !== undefined) await addRemote(context, connection, { source, repository, options });
  if (options.clone === true) await clone(context, connection, repository);
}

function checkFlags(options: CreateOptions): void {
  if (options.public === true && options.private === true)
    throw usageError("--public and --private exclude each other");
  if (options.source === undefined && (options.push === true || options.remote !== undefined))
    throw usageError("--push and --remote need --source", "Give --source . for the current directory.");
  if (options.source !== undefined && options.clone === true)
    throw usageError("--source and --clone exclude each other");
}

/** Reads the local repository of `--source` and refuses what could not be finished after the creation. */
async function readSource(context: CommandContext, options: CreateOptions): Promise<Source | undefined> {
  if (options.source === undefined) return undefined;
  const { platform } = context;
  const directory = resolve(platform.cwd, options.source);
  const remoteName = options.remote ?? "origin";
  const format = await askGit(platform, ["rev-parse", "--show-object-format"], directory).catch(() => undefined);
  if (format?.exitCode !== 0)
    throw usageError(`${directory} is no git repository`, `Make it one with \`git -C ${directory} init\`.`);
  const objectFormat = format.stdout.trim() === "sha256" ? "sha256" : "sha1";
  if (options.objectFormat !== undefined && options.objectFormat !== objectFormat)
    throw usageError(`${directory} holds ${objectFormat} objects, not ${options.objectFormat}`);
  const remotes = await askGitOrThrow(platform, ["remote"], directory);
  if (remotes.split("\n").includes(remoteName))
    throw usageError(`${directory} has a remote ${remoteName} already`, "Give another name with --remote.");
  const head = await askGit(platform, ["rev-parse", "--verify", "--quiet", "HEAD"], directory);
  if (options.push === true && head.exitCode !== 0)
    throw usageError(`${directory} has no commit to push`, "Commit something first, or leave --push out.");
  return { directory, remoteName, objectFormat };
}

/** The request, from the flags and, on a terminal, from questions. */
async function describeRepository(
  context: CommandContext,
  connection: Connection,
  { given, source, options }: { given: string | undefined; source: Source | undefined; options: CreateOptions },
): Promise<{ readonly organization: string | undefined; readonly body: RepositoryCreation }> {
  const isAsking = given === undefined && source === undefined;
  const name = given ?? (source === undefined ? await askName(context) : basename(source.directory));
  const description =
    options.description ??
    (isAsking ? await ask(context, { message: "Description (may be empty)" }, "Give --description.") : "");
  const objectFormat = source?.objectFormat ?? options.objectFormat;
  const place = await placeOf(connection, name);
  const body = {
    name: place.name,
    private: await choosePrivate(context, options),
    ...(description === "" ? {} : { description }),
    ...(objectFormat === undefined ? {} : { object_format: objectFormat }),
  };
  return { organization: place.organization, body };
}

async function askName(context: CommandContext): Promise<string> {
  const check = (answer: string) =>
    parseRepositoryName(answer) === undefined ? "Use letters, digits, dots, hyphens and underscores." : undefined;
  return await ask(context, { message: "Repository name", check }, "Give a name, or --source DIRECTORY.");
}

/** The name without an owner; an owner that is not the person is an organization. */
async function placeOf(
  connection: Connection,
  text: string,
): Promise<{ readonly organization: string | undefined; readonly name: string }> {
  const { owner, name } = parseRepositoryArgument(text);
  if (owner === undefined) return { organization: undefined, name };
  const login = await viewerLogin(connection);
  return { organization: owner.toLowerCase() === login.toLowerCase() ? undefined : owner, name };
}

async function choosePrivate(context: CommandContext, options: CreateOptions): Promise<boolean> {
  if (options.public === true || options.private === true) return options.private === true;
  if (!context.platform.isInteractive)
    throw usageError("it is not said who may read the repository", "Give --public or --private.");
  const prompts = await context.platform.openPrompts();
  const visibility = await prompts.select("Who may read it?", [
    { value: "public", label: "Everybody" },
    { value: "private", label: "You and its collaborators", hint: "operators of nodes can read it, too" },
  ]);
  return visibility === "private";
}

async function addRemote(
  context: CommandContext,
  { host }: Connection,
  { source, repository, options }: { source: Source; repository: Repository; options: CreateOptions },
): Promise<void> {
  const { directory, remoteName } = source;
  const url = cloneUrl(host, repository.full_name);
  await askGitOrThrow(context.platform, ["remote", "add", "--", remoteName, url], directory);
  if (!(await isGitConfigured(context, host))) await configureGit(context, host, directory);
  sayDone(context, `Added remote ${remoteName}: ${url}`);
  if (options.push !== true) return;
  await afterCreation(repository, () =>
    runGit(context.platform, ["push", "--set-upstream", "--", remoteName, "HEAD"], directory),
  );
  sayDone(context, `Pushed to ${repository.full_name}`);
}

async function clone(context: CommandContext, { host }: Connection, repository: Repository): Promise<void> {
  await afterCreation(repository, () => runClone(context, host, ["--", cloneUrl(host, repository.full_name)]));
}

/** Runs a step of git; its failure adds that the repository itself was made. */
async function afterCreation(repository: Repository, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError("git-failed", `${error.message}; ${repository.full_name} itself was created`, {
      exitCode: error.exitCode,
      cause: error,
    });
  }
}
