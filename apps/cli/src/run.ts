import { ApiError } from "@guts/api/client";
import { CommanderError } from "commander";
import { CliError } from "./cli-error.ts";
import { parseHost } from "./config/host-name.ts";
import { readHosts } from "./config/hosts-file.ts";
import type { CommandContext } from "./context.ts";
import { exitCodes, type ExitCode } from "./exit-code.ts";
import { failureOfApi } from "./http/failure.ts";
import type { Platform } from "./platform.ts";
import { readSettings } from "./settings.ts";
import { safeText } from "./terminal/safe-text.ts";
import { styleFor } from "./terminal/style.ts";
import type { GutsCommand } from "./tree/guts-command.ts";
import { createProgram } from "./tree/program.ts";
import { version } from "./version.ts";

/** Runs one command line and returns the exit code. Every failure ends here, as one or two lines on standard error. */
export async function run(argv: readonly string[], platform: Platform): Promise<ExitCode> {
  const program = createProgram(version, async () => await openContext(program, platform));
  writeTo(program, platform);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCodes.ok;
  } catch (error) {
    if (platform.signal.aborted) return exitCodes.interrupted;
    const failure = asCliError(error, platform);
    if (failure === undefined) return exitCodes.ok;
    if (failure.code !== "reported") report(failure, platform);
    return failure.exitCode;
  }
}

async function openContext(program: GutsCommand, platform: Platform): Promise<CommandContext> {
  const settings = readSettings(platform);
  const asked = program.opts<{ host?: string }>().host ?? settings.host;
  return {
    platform,
    settings,
    hosts: await readHosts(settings.configDirectory),
    askedHost: asked === undefined ? undefined : parseHost(asked),
    style: styleFor(settings.useColor),
    errorStyle: styleFor(readSettings({ ...platform, stdout: platform.stderr }).useColor),
  };
}

/** Sends help to our outputs and keeps commander's own error lines back: {@link report} writes ours. */
function writeTo(command: GutsCommand, platform: Platform): void {
  command.configureOutput({
    writeOut: (text) => platform.stdout.write(text),
    writeErr: (text) => platform.stderr.write(text),
    outputError: () => undefined,
  });
  for (const child of command.children) writeTo(child, platform);
}

/** The failure that `error` stands for; undefined when commander only ended after help or the version. */
function asCliError(error: unknown, { environment }: Platform): CliError | undefined {
  if (error instanceof CliError) return error;
  if (error instanceof ApiError) {
    const failure = failureOfApi(error);
    // Signing in would not help where the variable wins over what is stored.
    const hint = error.status === 401 && environment["GUTS_TOKEN"] ? TOKEN_VARIABLE_HINT : failure.data.hint;
    return new CliError(failure.code, failure.message, { ...failure.data, hint });
  }
  // Commands turn a wrong command line into a CliError; what commander still throws is the end of help or the version.
  if (error instanceof CommanderError && error.exitCode === 0) return undefined;
  if (environment["GUTS_DEBUG"]) throw error;
  const message = error instanceof Error ? error.message : String(error);
  return new CliError("unexpected", `something went wrong: ${message}`, {
    hint: "Set GUTS_DEBUG=1 to see where, and please report it.",
    cause: error,
  });
}

const TOKEN_VARIABLE_HINT = "The token is that of GUTS_TOKEN: correct or unset it.";

function report(failure: CliError, platform: Platform): void {
  const style = styleFor(readSettings({ ...platform, stdout: platform.stderr }).useColor);
  platform.stderr.write(`${style.bad("guts:")} ${safeText(failure.message)}\n`);
  if (failure.data.hint !== undefined) platform.stderr.write(`${safeText(failure.data.hint)}\n`);
}
