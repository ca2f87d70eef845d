import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import {
  encodeRecoveryCode,
  recoveryEntropyLength,
  rootSeedOf,
  type PrivateSeed,
  type RecoveryCode,
} from "@guts/primitives";
import { usageError } from "../cli-error.ts";
import { encodeKeyPem } from "../config/key-file.ts";
import { writePrivateFile } from "../config/private-file.ts";
import type { CommandContext } from "../context.ts";

/** Where a new root key's recovery code goes instead of the screen, and whether the key itself is wanted, too. */
export interface NewRootKeyOptions {
  readonly recoveryCodeFile?: string;
  readonly keyFile?: string;
}

/** A new root key, and the files that it was written to. */
export interface NewRootKey {
  readonly seed: PrivateSeed;
  readonly files: readonly string[];
}

/** Throws `usage` where the recovery code could neither be shown nor written. */
export function checkRecoveryCodeCanBeGiven({ platform }: CommandContext, options: NewRootKeyOptions): void {
  if (!platform.isInteractive && options.recoveryCodeFile === undefined)
    throw usageError("there is no terminal to show the recovery code on", "Give --recovery-code-file FILE.");
}

/** Makes a root key and returns it when the person has its recovery code: in a file, or seen and typed back in part. */
export async function makeRootKey(context: CommandContext, options: NewRootKeyOptions): Promise<NewRootKey> {
  const code = encodeRecoveryCode(Uint8Array.from(randomBytes(recoveryEntropyLength)));
  const seed = rootSeedOf(code);
  const wanted = [
    ...(options.recoveryCodeFile === undefined ? [] : [{ name: options.recoveryCodeFile, text: `${code}\n` }]),
    ...(options.keyFile === undefined ? [] : [{ name: options.keyFile, text: encodeKeyPem(seed) }]),
  ];
  const files: string[] = [];
  for (const { name, text } of wanted) {
    const path = resolve(context.platform.cwd, name);
    await writePrivateFile(path, text, { exclusive: true });
    files.push(path);
  }
  if (options.recoveryCodeFile === undefined) await showCode(context, code);
  return { seed, files };
}

/** Shows the code and goes on when its last group has been typed from the person's copy. */
async function showCode({ platform, errorStyle }: CommandContext, code: RecoveryCode): Promise<void> {
  platform.stderr.write(
    `\nYour recovery code, shown only now:\n\n  ${errorStyle.strong(code)}\n\n` +
      `Write it down or keep it in a password manager. Whoever has it owns the account;\n` +
      `without it, nobody can give you back an account whose password is lost.\n\n`,
  );
  const groups = code.split("-");
  const check = (answer: string) =>
    answer.trim().toUpperCase() === groups.at(-1) ? undefined : "That is not the last group of your recovery code.";
  const prompts = await platform.openPrompts();
  await prompts.text({ message: "Type its last group of four from your copy", check });
}
