import { passwordLengthMax, passwordLengthMin } from "../limits.ts";
import { CliError, usageError } from "../cli-error.ts";
import { parseHost, type HostUrl } from "../config/host-name.ts";
import type { CommandContext } from "../context.ts";
import { secretInputBytesMax } from "../limits.ts";
import type { Platform } from "../platform.ts";
import type { Question } from "../terminal/prompts.ts";

/** The text of standard input without the line end. Throws `usage` past {@link secretInputBytesMax} or when it is empty. */
export async function readSecretInput(platform: Pick<Platform, "stdin">, what: string): Promise<string> {
  let text = "";
  for await (const chunk of platform.stdin.setEncoding("utf8")) {
    text += chunk as string;
    if (text.length > secretInputBytesMax) throw usageError(`standard input is too long to be ${what}`);
  }
  const trimmed = text.replace(/\r?\n$/, "");
  if (trimmed.trim() === "") throw usageError(`standard input holds no ${what.replace(/^an? /, "")}`);
  return trimmed;
}

/** Asks the person, or throws `usage` with what to give instead where nobody can be asked. */
export async function ask(context: CommandContext, question: Question, instead: string): Promise<string> {
  if (!context.platform.isInteractive) throw usageError(`${lowerFirst(question.message)} is needed`, instead);
  const prompts = await context.platform.openPrompts();
  return await prompts.text(question);
}

/** Asks for something that is not shown, or throws `usage` with what to give instead where nobody can be asked. */
export async function askSecret(context: CommandContext, question: Question, instead: string): Promise<string> {
  if (!context.platform.isInteractive) throw usageError(`${lowerFirst(question.message)} is needed`, instead);
  const prompts = await context.platform.openPrompts();
  return await prompts.secret(question);
}

/**
 * Makes sure that the person means it: asks, unless `isSure`. Throws `cancelled` on no, and `usage` where nobody can be
 * asked.
 */
export async function confirm(context: CommandContext, message: string, isSure: boolean | undefined): Promise<void> {
  if (isSure === true) return;
  if (!context.platform.isInteractive)
    throw usageError("this needs a confirmation, and there is no terminal to ask at", "Give --yes if you are sure.");
  const prompts = await context.platform.openPrompts();
  if (!(await prompts.confirm(message, false))) throw new CliError("cancelled", "cancelled; nothing was changed");
}

/** The same for what cannot be undone: the person types the name of what goes. */
export async function confirmByName(
  context: CommandContext,
  name: string,
  { consequence, isSure }: { readonly consequence: string; readonly isSure: boolean | undefined },
): Promise<void> {
  if (isSure === true) return;
  if (!context.platform.isInteractive)
    throw usageError("this needs a confirmation, and there is no terminal to ask at", "Give --yes if you are sure.");
  const prompts = await context.platform.openPrompts();
  await prompts.text({
    message: `${consequence}. Type its name to go on`,
    check: (answer) => (answer === name ? undefined : `Type ${name}, or press Ctrl-C.`),
  });
}

/** The node that the person names: by `--host` or GUTS_HOST, by answering, or else the default one. */
export async function askHost(context: CommandContext): Promise<HostUrl> {
  if (context.askedHost !== undefined) return context.askedHost;
  const { defaultHost } = context.hosts;
  if (!context.platform.isInteractive) {
    if (defaultHost !== undefined) return defaultHost;
    throw usageError("no node is given", "Give --host HOST or set GUTS_HOST.");
  }
  const question = {
    message: "Which node?",
    initialValue: defaultHost ?? LOCAL_NODE,
    check: (answer: string) => (isHost(answer) ? undefined : "Give host, host:port or a URL."),
  };
  return parseHost(await (await context.platform.openPrompts()).text(question));
}

/** Where `npm start` and `guts devnet` serve their first node. */
const LOCAL_NODE = "http://localhost:3000";

/** A new password from standard input, by asking twice, or none. */
export async function askNewPassword(
  context: CommandContext,
  options: { readonly passwordStdin?: true; readonly password?: boolean },
  isOptional: boolean,
): Promise<string | undefined> {
  if (options.password === false) return undefined;
  if (options.passwordStdin === true) return checkedPassword(await readSecretInput(context.platform, "a password"));
  const instead = isOptional ? "Give --password-stdin or --no-password." : "Give --password-stdin.";
  const check = (answer: string) => (isOptional && answer === "" ? undefined : passwordProblem(answer));
  const message = isOptional ? "Password for this node (empty for none)" : "New password for this node";
  const password = await askSecret(context, { message, check }, instead);
  if (password === "") return undefined;
  await askSecret(
    context,
    { message: "The same again", check: (again) => (again === password ? undefined : "That was another password.") },
    instead,
  );
  return password;
}

function checkedPassword(password: string): string {
  const problem = passwordProblem(password);
  if (problem !== undefined) throw usageError(problem);
  return password;
}

function passwordProblem(password: string): string | undefined {
  if (password.length < passwordLengthMin) return `A password has at least ${passwordLengthMin} characters.`;
  return password.length > passwordLengthMax ? `A password has at most ${passwordLengthMax} characters.` : undefined;
}

function isHost(text: string): boolean {
  try {
    parseHost(text);
    return true;
  } catch {
    return false;
  }
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
