/**
 * `guts auth signup`, in this order: the root key is made here; the person has its recovery code, and has shown so, before
 * anything is sent; then the account is made; then the token is stored. So there is never an account whose code nobody has.
 */
import { unlink } from "node:fs/promises";
import { resolve } from "node:path";
import { ApiError, type ApiOutput } from "@guts/api/client";
import { parseInvitation, proveInvitation } from "@guts/ledger";
import { parseHandle, parseNodeId, publicKeyOf, type Handle, type PrivateSeed } from "@guts/primitives";
import { CliError, usageError } from "../../cli-error.ts";
import { hostLabel, type HostUrl } from "../../config/host-name.ts";
import { readPrivateFile } from "../../config/private-file.ts";
import { clientOf } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { withProgress } from "../../terminal/progress.ts";
import { ask, askHost, askNewPassword, askSecret, readSecretInput } from "../ask.ts";
import { sayDone } from "../say.ts";
import { signForSession, type SessionStatement } from "../signing.ts";
import { tokenOf } from "./login.ts";
import { checkRecoveryCodeCanBeGiven, makeRootKey, type NewRootKeyOptions } from "../new-root-key.ts";
import { readRootKeyFile } from "../root-key.ts";
import { offerGitSetup, rememberToken } from "./remember.ts";

type Network = ApiOutput<"GET /api/guts/network">;

interface SignUpOptions extends NewRootKeyOptions {
  readonly passwordStdin?: true;
  readonly password?: boolean;
  readonly rootKey?: string;
  readonly invitationFile?: string;
  readonly setupGit?: boolean;
}

/** `guts auth signup [handle]`. */
export async function signUp(
  context: CommandContext,
  [given]: readonly string[],
  options: SignUpOptions,
): Promise<void> {
  checkFlags(context, options);
  const host = await askHost(context);
  const network = await withProgress(context.platform.stderr, "Asking the node", () =>
    clientOf(context, host).call("GET /api/guts/network", {}),
  );
  const handle = await chooseHandle(context, host, given);
  const invitation = await readInvitation(context, network, options.invitationFile);
  const password = await askNewPassword(context, options, true);
  const { seed, files } =
    options.rootKey === undefined
      ? await makeRootKey(context, options)
      : { seed: await readRootKeyFile(context, options.rootKey), files: [] };
  const signedIn = await removingOnRefusal(files, () =>
    withProgress(context.platform.stderr, "Making the account", () =>
      clientOf(context, host).call("POST /api/guts/signup", {
        body: {
          ...accountStatement(network, { handle, seed, invitation }),
          session: "token",
          ...(password === undefined ? {} : { password }),
        },
      }),
    ),
  );
  sayDone(context, `Made the account ${signedIn.account.handle} in ${network.name}`);
  await rememberToken(context, host, { login: signedIn.account.handle, token: tokenOf(signedIn.token, host) });
  if (options.setupGit !== false) await offerGitSetup(context, host);
}

function checkFlags(context: CommandContext, { rootKey, ...options }: SignUpOptions): void {
  if (rootKey === undefined) checkRecoveryCodeCanBeGiven(context, options);
  else if (options.recoveryCodeFile !== undefined || options.keyFile !== undefined)
    throw usageError("--root-key excludes --recovery-code-file and --key-file");
}

/** A handle in the right form that nobody has; that it is still free is decided by the ledger. */
async function chooseHandle(context: CommandContext, host: HostUrl, given: string | undefined): Promise<Handle> {
  const check = (answer: string) => (parseHandle(answer) === undefined ? HANDLE_PROBLEM : undefined);
  const text =
    given ?? (await ask(context, { message: "Choose a handle", check }, "Give it: guts auth signup HANDLE."));
  const handle = parseHandle(text);
  if (handle === undefined) throw usageError(`"${text}" is no handle`, HANDLE_PROBLEM);
  if (await isTaken(context, host, handle))
    throw new CliError("refused", `the handle ${handle} is taken at ${hostLabel(host)}`, {
      hint: "Choose another one.",
    });
  return handle;
}

const HANDLE_PROBLEM =
  "Up to 39 letters, digits and single hyphens between them, and no word that the web interface uses.";

async function isTaken(context: CommandContext, host: HostUrl, handle: Handle): Promise<boolean> {
  try {
    await clientOf(context, host).call("GET /api/v3/users/{username}", { path: { username: handle } });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false;
    throw error;
  }
}

/** The invitation in the file or, where the network wants one and a person can be asked, from an answer. */
async function readInvitation(
  context: CommandContext,
  network: Network,
  file: string | undefined,
): Promise<PrivateSeed | undefined> {
  const problem = "An invitation begins with guts-invitation-.";
  if (file === undefined) {
    if (network.registration !== "invite" || !context.platform.isInteractive) return undefined;
    const message = `Invitation to ${network.name}`;
    const check = (answer: string) => (parseInvitation(answer) === undefined ? problem : undefined);
    return parseInvitation(await askSecret(context, { message, check }, "Give --invitation-file FILE."));
  }
  const text =
    file === "-"
      ? await readSecretInput(context.platform, "an invitation")
      : await readPrivateFile(resolve(context.platform.cwd, file));
  if (text === undefined) throw new CliError("file", `there is no file ${file}`);
  const seed = parseInvitation(text);
  if (seed === undefined) throw new CliError("file", `${file} holds no invitation`, { hint: problem });
  return seed;
}

function accountStatement(
  network: Network,
  { handle, seed, invitation }: { handle: Handle; seed: PrivateSeed; invitation: PrivateSeed | undefined },
): SessionStatement {
  const rootKey = publicKeyOf(seed);
  const { networkId } = network;
  const command = {
    kind: "account.create",
    payload: {
      handle,
      rootKey,
      deviceKey: undefined,
      homeNode: parseNodeId(network.nodeId),
      invitation: invitation === undefined ? undefined : proveInvitation(invitation, { networkId, handle, rootKey }),
    },
  } as const;
  return signForSession(network, command, { account: 0, seed });
}

/** Runs `work`; when the node refuses for certain, the files that stand for no account are removed again. */
async function removingOnRefusal<Result>(files: readonly string[], work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const isRefused = error instanceof ApiError && error.status >= 400 && error.status < 500;
    if (isRefused) for (const file of files) await unlink(file).catch(() => undefined);
    throw error;
  }
}
