import { randomBytes } from "node:crypto";
import { unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { ApiError } from "@guts/api/client";
import { possessionBytes, provePossession, type Possession } from "@guts/ledger";
import {
  fromHex,
  parseDigest,
  parsePrivateSeed,
  publicKeyOf,
  toHex,
  type AccountId,
  type PrivateSeed,
  type PublicKey,
} from "@guts/primitives";
import { CliError } from "../../cli-error.ts";
import { decodeKeyPem, encodeKeyPem } from "../../config/key-file.ts";
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
import { signWithSsh } from "./ssh-keygen.ts";

interface AddOptions extends RootKeyOptions {
  readonly title?: string;
  readonly role?: "device" | "root";
}

/**
 * `guts key add [file]`. The new key signs that it is to serve the account, so its private half is needed, here or in an
 * agent. One that is made here is on disk before the ledger hears of its public part.
 */
export async function addKey(context: CommandContext, [file]: readonly string[], options: AddOptions): Promise<void> {
  const { client, token } = connectSignedIn(context);
  const given = file === undefined ? undefined : await readGivenKey(resolve(context.platform.cwd, file));
  const rootSeed = await readRootKey(context, options);
  const login = await viewerLogin({ client, token });
  const account = await findAccount(client, login, toHex(publicKeyOf(rootSeed)));
  const network = await client.call("GET /api/guts/network", {});
  const made = given === undefined ? await makeKey(context, login) : undefined;
  const { key, possession } = await prove(context, given ?? made!, { networkId: network.networkId, account });
  const role = options.role ?? "device";
  const label = options.title ?? given?.comment ?? hostname();
  try {
    await withProgress(context.platform.stderr, "Adding the key", async () => {
      const command = { kind: "key.add", payload: { key, role, label, possession } } as const;
      await submitSigned(client, signFor(network, command, { account, seed: rootSeed }));
    });
  } catch (error) {
    if (made !== undefined && isRefused(error)) await unlink(made.path).catch(() => undefined);
    throw error;
  }
  sayDone(context, `Added ${role} key ${label} to ${login}`);
  if (made !== undefined) sayNote(context, `Its private part is in ${made.path}; keep it to yourself.`);
  context.platform.stdout.write(`${fingerprintOf(key)}\n`);
}

/** A key whose private half is here, or one that ssh-keygen reaches. */
type GivenKey = { readonly comment: string | undefined } & (
  | { readonly seed: PrivateSeed }
  | { readonly sshPath: string }
);

async function readGivenKey(path: string): Promise<GivenKey> {
  const text = await readPrivateFile(path);
  if (text === undefined) throw new CliError("file", `there is no file ${path}`);
  const seed = decodeKeyPem(text);
  if (seed !== undefined) return { seed, comment: undefined };
  const comment = parsePublicKeyText(text)?.comment;
  if (/^ssh-ed25519 |^-----BEGIN OPENSSH PRIVATE KEY-----/.test(text)) return { sshPath: path, comment };
  throw new CliError("file", `${path} holds no Ed25519 key that could sign`, {
    hint: "It must be a key of OpenSSH (id_ed25519 or id_ed25519.pub) or a PEM file that begins with -----BEGIN PRIVATE KEY-----.",
  });
}

/** The new key's word that it is to serve this account of this network. */
async function prove(
  { platform }: CommandContext,
  key: { readonly seed: PrivateSeed } | { readonly sshPath: string },
  at: { readonly networkId: string; readonly account: number },
): Promise<{ readonly key: PublicKey; readonly possession: Possession }> {
  const networkId = parseDigest(fromHex(at.networkId)!)!;
  const holder = { type: "account", account: at.account as AccountId } as const;
  if ("seed" in key) return { key: publicKeyOf(key.seed), possession: provePossession(key.seed, networkId, holder) };
  const signed = await signWithSsh(platform, key.sshPath, possessionBytes(networkId, holder));
  return { key: signed.key, possession: { type: "ssh", signature: signed.signature } };
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
