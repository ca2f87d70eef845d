import { join, resolve } from "node:path";
import { ApiError } from "@guts/api/client";
import { ledgerLimits, sshKeyIdOf, type LedgerCommand } from "@guts/ledger";
import { publicKeyOf, sshBlobOf, toHex, type NodeId, type PublicKey } from "@guts/primitives";
import { CliError } from "../../cli-error.ts";
import { readPrivateFile } from "../../config/private-file.ts";
import { connectSignedIn, viewerLogin } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { askGit, askGitOrThrow } from "../../git/run-git.ts";
import { withProgress } from "../../terminal/progress.ts";
import { confirm } from "../ask.ts";
import { fingerprintOf } from "../key/fingerprint.ts";
import { parsePublicKeyText, type PublicKeyText } from "../key/public-key-text.ts";
import { readRootKey, type RootKeyOptions } from "../root-key.ts";
import { sayDone, sayNote } from "../say.ts";
import { signFor, submitSigned } from "../signing.ts";
import { findAccount } from "./recover.ts";

interface SetupSigningOptions extends RootKeyOptions {
  readonly gitOnly?: true;
  readonly local?: true;
  readonly yes?: true;
}

/**
 * `guts auth setup-signing [file]`: makes git sign pushes with an SSH key, and the account sign for that key. The order: the key
 * is the account's own on the ledger before git signs anything with it.
 */
export async function setUpSigning(
  context: CommandContext,
  [file]: readonly string[],
  options: SetupSigningOptions,
): Promise<void> {
  const { platform } = context;
  const path = resolve(platform.cwd, file ?? join(platform.home, ".ssh", "id_ed25519.pub")).replace(
    /(\.pub)?$/,
    ".pub",
  );
  const key = await readSigningKey(path);
  await confirmReplacing(context, path, options);
  if (options.gitOnly !== true) await signForKey(context, key, options);
  for (const [name, value] of settings(path))
    await askGitOrThrow(platform, ["config", scopeOf(options), name, value], platform.cwd);
  sayDone(context, `git signs pushes with ${path}, wherever it is asked to`);
  sayNote(context, "Push as ever. git push --signed insists on a signature; a node then says how the push was signed.");
}

async function readSigningKey(path: string): Promise<PublicKeyText> {
  const text = await readPrivateFile(path);
  const hint = "Make one with: ssh-keygen -t ed25519";
  if (text === undefined) throw new CliError("file", `there is no file ${path}`, { hint });
  const key = parsePublicKeyText(text);
  if (key === undefined) throw new CliError("file", `${path} holds no Ed25519 key of OpenSSH`, { hint });
  return key;
}

/** What git is told: with a key of OpenSSH, and to sign when the other side asks for it, as every node does. */
function settings(path: string): readonly (readonly [string, string])[] {
  return [
    ["gpg.format", "ssh"],
    ["user.signingKey", path],
    ["push.gpgSign", "if-asked"],
  ];
}

/** git signs commits with the same key, so another one is not replaced unasked. */
async function confirmReplacing(context: CommandContext, path: string, options: SetupSigningOptions): Promise<void> {
  const argv = ["config", scopeOf(options), "--get", "user.signingKey"];
  const { stdout } = await askGit(context.platform, argv, context.platform.cwd);
  const present = stdout.trim();
  if (present === "" || present === path) return;
  await confirm(context, `git signs with ${present}, commits too. Sign with ${path} instead?`, options.yes);
}

function scopeOf({ local }: SetupSigningOptions): string {
  return local === true ? "--local" : "--global";
}

/** Registers the key under the account's root key: what only a node says is the account's does not count as its own. */
async function signForKey(context: CommandContext, text: PublicKeyText, options: SetupSigningOptions): Promise<void> {
  const { client, token } = connectSignedIn(context);
  const seed = await readRootKey(context, options);
  const login = await viewerLogin({ client, token });
  const account = await findAccount(client, login, toHex(publicKeyOf(seed)));
  await withProgress(context.platform.stderr, "Signing for the key", async () => {
    const network = await client.call("GET /api/guts/network", {});
    const submit = (command: LedgerCommand) => submitSigned(client, signFor(network, command, { account, seed }));
    await removeIfThere(submit, text.key);
    const nodes = new Set([network.nodeId, ...network.nodes.map(({ nodeId }) => nodeId)]) as Set<NodeId>;
    const audience = [...nodes].slice(0, ledgerLimits.audienceMax);
    const title = text.comment ?? "signing";
    const payload = { blob: sshBlobOf(text.key), title, audience, expiresTime: undefined };
    await submit({ kind: "ssh-key.add", payload });
  });
  sayDone(context, `${login} signs for ${fingerprintOf(text.key)}; git may fetch and push by it too`);
}

/** A key that a node registered is taken back first; one that was not there is no error. */
async function removeIfThere(submit: (command: LedgerCommand) => Promise<void>, key: PublicKey): Promise<void> {
  try {
    await submit({ kind: "ssh-key.remove", payload: { id: sshKeyIdOf(sshBlobOf(key)) } });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
}
