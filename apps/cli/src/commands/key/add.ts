import { randomBytes } from "node:crypto";
import { unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { ApiError } from "@guts/api/client";
import { parsePrivateSeed, publicKeyOf, toHex, type PrivateSeed, type PublicKey } from "@guts/primitives";
import { CliError } from "../../cli-error.ts";
import { encodeKeyPem } from "../../config/key-file.ts";
import { readPrivateFile, writePrivateFile } from "../../config/private-file.ts";
import { connectSignedIn, viewerLogin } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { withProgress } from "../../terminal/progress.ts";
import { findAccount } from "../auth/recover.ts";
import { readRootKey, type RootKeyOptions } from "../root-key.ts";
import { sayDone, sayNote } from "../say.ts";
import { signFor, submitSigned } from "../signing.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { parsePublicKeyText } from "./public-key-text.ts";

interface AddOptions extends RootKeyOptions {
  readonly title?: string;
  readonly role?: "device" | "root";
}

/** `guts key add [file]`. A new private key is on disk before the ledger hears of its public part. */
export async function addKey(context: CommandContext, [file]: readonly string[], options: AddOptions): Promise<void> {
  const { client, token } = connectSignedIn(context);
  const given = file === undefined ? undefined : await readPublicKey(resolve(context.platform.cwd, file));
  const rootSeed = await readRootKey(context, options);
  const login = await viewerLogin({ client, token });
  const account = await findAccount(client, login, toHex(publicKeyOf(rootSeed)));
  const made = given === undefined ? await makeKey(context, login) : undefined;
  const key = given?.key ?? publicKeyOf(made!.seed);
  const label = options.title ?? given?.comment ?? hostname();
  try {
    await withProgress(context.platform.stderr, "Adding the key", async () => {
      const network = await client.call("GET /api/guts/network", {});
      const command = { kind: "key.add", payload: { key, role: options.role ?? "device", label } } as const;
      await submitSigned(client, signFor(network, command, { account, seed: rootSeed }));
    });
  } catch (error) {
    if (made !== undefined && isRefused(error)) await unlink(made.path).catch(() => undefined);
    throw error;
  }
  sayDone(context, `Added ${options.role ?? "device"} key ${label} to ${login}`);
  if (made !== undefined) sayNote(context, `Its private part is in ${made.path}; keep it to yourself.`);
  context.platform.stdout.write(`${fingerprintOf(key)}\n`);
}

async function readPublicKey(path: string): Promise<{ readonly key: PublicKey; readonly comment: string | undefined }> {
  const text = await readPrivateFile(path);
  if (text === undefined) throw new CliError("file", `there is no file ${path}`);
  const parsed = parsePublicKeyText(text);
  if (parsed === undefined)
    throw new CliError("file", `${path} holds no Ed25519 public key`, {
      hint: "It must be a line `ssh-ed25519 AAAA…` or a PEM file that begins with -----BEGIN PUBLIC KEY-----.",
    });
  return parsed;
}

async function makeKey(
  { settings }: CommandContext,
  login: string,
): Promise<{ readonly seed: PrivateSeed; readonly path: string }> {
  const seed = parsePrivateSeed(Uint8Array.from(randomBytes(32)))!;
  const path = join(settings.configDirectory, "keys", `${login}-${toHex(publicKeyOf(seed)).slice(0, 16)}.pem`);
  await writePrivateFile(path, encodeKeyPem(seed), { exclusive: true });
  return { seed, path };
}

/** Whether it is certain that the ledger does not have the key. */
function isRefused(error: unknown): boolean {
  if (error instanceof CliError) return error.code === "refused";
  return error instanceof ApiError && error.status >= 400 && error.status < 500;
}
