import { resolve } from "node:path";
import { parseRecoveryCode, rootSeedOf, type PrivateSeed, type RecoveryCode } from "@guts/primitives";
import { CliError, usageError } from "../cli-error.ts";
import { decodeKeyPem, readKeyFile } from "../config/key-file.ts";
import { readPrivateFile } from "../config/private-file.ts";
import type { CommandContext } from "../context.ts";
import { askSecret, readSecretInput } from "./ask.ts";

/** Where the root key comes from: a PEM file, a file with the recovery code (`-` for standard input), or a question. */
export interface RootKeyOptions {
  readonly keyFile?: string;
  readonly recoveryCodeFile?: string;
}

/** The account's root key; it stays in this process. Throws `usage` or `file` for what is none. */
export async function readRootKey(context: CommandContext, options: RootKeyOptions): Promise<PrivateSeed> {
  const { keyFile, recoveryCodeFile } = options;
  if (keyFile !== undefined && recoveryCodeFile !== undefined)
    throw usageError("--key-file and --recovery-code-file exclude each other");
  if (keyFile !== undefined) return await readKeyFile(resolve(context.platform.cwd, keyFile));
  return rootSeedOf(await readRecoveryCode(context, recoveryCodeFile));
}

/** The root key in a file, whether as PKCS#8 PEM or as its recovery code. Throws `file` for what is neither. */
export async function readRootKeyFile({ platform }: CommandContext, file: string): Promise<PrivateSeed> {
  const text = await readPrivateFile(resolve(platform.cwd, file));
  if (text === undefined) throw new CliError("file", `there is no file ${file}`);
  const code = parseRecoveryCode(text);
  const seed = code === undefined ? decodeKeyPem(text) : rootSeedOf(code);
  if (seed === undefined) throw new CliError("file", `${file} holds neither a recovery code nor a private key`);
  return seed;
}

async function readRecoveryCode(context: CommandContext, file: string | undefined): Promise<RecoveryCode> {
  if (file === undefined) {
    const check = (answer: string) => (parseRecoveryCode(answer) === undefined ? PROBLEM : undefined);
    const instead = "Give --recovery-code-file FILE (- for standard input) or --key-file FILE.";
    return parseRecoveryCode(await askSecret(context, { message: "Recovery code", check }, instead))!;
  }
  const text =
    file === "-"
      ? await readSecretInput(context.platform, "a recovery code")
      : await readPrivateFile(resolve(context.platform.cwd, file));
  if (text === undefined) throw new CliError("file", `there is no file ${file}`);
  const code = parseRecoveryCode(text);
  if (code === undefined)
    throw new CliError("file", `${file === "-" ? "standard input" : file} holds no recovery code`, { hint: PROBLEM });
  return code;
}

const PROBLEM = "A recovery code has eight groups of four letters and digits; check each against your note.";
