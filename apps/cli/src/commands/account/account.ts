import { proveInvitation } from "@guts/ledger";
import { parseHandle, parseNodeId, publicKeyOf } from "@guts/primitives";
import { usageError } from "../../cli-error.ts";
import { connectSignedIn } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { withProgress } from "../../terminal/progress.ts";
import { confirm } from "../ask.ts";
import { checkRecoveryCodeCanBeGiven, makeRootKey, type NewRootKeyOptions } from "../new-root-key.ts";
import { sayDone } from "../say.ts";
import { signFor } from "../signing.ts";
import { offerInvitation } from "./invitations.ts";

/** `guts account create`: opens an account for somebody else; its recovery code is theirs, and shown once. */
export async function createAccount(
  context: CommandContext,
  [text = ""]: readonly string[],
  { reason, ...options }: NewRootKeyOptions & { readonly reason?: string },
): Promise<void> {
  const handle = parseHandle(text);
  if (handle === undefined) throw usageError(`"${text}" is no handle`, "Up to 39 letters, digits and single hyphens.");
  checkRecoveryCodeCanBeGiven(context, options);
  const { client, host } = connectSignedIn(context);
  const network = await client.call("GET /api/guts/network", {});
  const invitation = await offerInvitation(client, { isForClosed: true, reason: reason ?? `an account for ${handle}` });
  const { seed } = await makeRootKey(context, options);
  const rootKey = publicKeyOf(seed);
  await withProgress(context.platform.stderr, "Opening the account", async () => {
    const shown = proveInvitation(invitation, { networkId: network.networkId, handle, rootKey });
    const homeNode = parseNodeId(network.nodeId);
    const payload = { handle, rootKey, deviceKey: undefined, homeNode, invitation: shown };
    const envelope = signFor(network, { kind: "account.create", payload }, { account: 0, seed });
    await client.call("POST /api/v3/admin/users", { body: { login: handle, envelope } });
  });
  sayDone(context, `Opened the account ${handle}. Give the recovery code to whom it is for; they begin with:`);
  context.platform.stdout.write(`guts auth recover --host ${host}\n`);
}

/** `guts account suspend`: stops an account until it is let go. */
export async function suspendAccount(
  context: CommandContext,
  [username = ""]: readonly string[],
  { reason, yes }: { readonly reason?: string; readonly yes?: true },
): Promise<void> {
  const { client } = connectSignedIn(context);
  await confirm(context, `Suspend ${username}? Its keys, tokens and sessions do nothing until it is let go.`, yes);
  const body = reason === undefined ? {} : { reason };
  await client.call("PUT /api/v3/users/{username}/suspended", { path: { username }, body });
  sayDone(context, `Suspended ${username}`);
}

/** `guts account unsuspend`. */
export async function unsuspendAccount(
  context: CommandContext,
  [username = ""]: readonly string[],
  { reason }: { readonly reason?: string },
): Promise<void> {
  const { client } = connectSignedIn(context);
  const body = reason === undefined ? {} : { reason };
  await client.call("DELETE /api/v3/users/{username}/suspended", { path: { username }, body });
  sayDone(context, `Let ${username} act again`);
}

/** `guts account registration`: shows who may open accounts, or changes it. */
export async function setRegistration(
  context: CommandContext,
  [rule]: readonly string[],
  { reason }: { readonly reason?: string },
): Promise<void> {
  const { client } = connectSignedIn(context);
  if (rule === undefined) {
    const { registration } = await client.call("GET /api/guts/network", {});
    context.platform.stdout.write(`${registration}\n`);
    return;
  }
  if (rule !== "open" && rule !== "invite" && rule !== "closed")
    throw usageError(`registration is open, invite or closed, not "${rule}"`);
  const body = { registration: rule, ...(reason !== undefined && { reason }) } as const;
  await client.call("PUT /api/guts/registration", { body });
  sayDone(context, `Registration is now ${rule}`);
}
