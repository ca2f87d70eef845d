import type { Network } from "@guts/api";
import type { ApiClient } from "@guts/api/client";
import type { LedgerCommand } from "@guts/ledger";
import { parseNodeId, publicKeyOf, toHex, type NodeId } from "@guts/primitives";
import { CliError, usageError } from "../../cli-error.ts";
import { connectSignedIn, viewerLogin } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { withProgress } from "../../terminal/progress.ts";
import { confirm } from "../ask.ts";
import { findAccount } from "../auth/recover.ts";
import { readRootKey, type RootKeyOptions } from "../root-key.ts";
import { sayDone } from "../say.ts";
import { signFor, submitSigned } from "../signing.ts";

/** `guts network admit`: an administrator lets a node receive blocks and packs. */
export async function admitNode(
  context: CommandContext,
  [id]: readonly string[],
  { name, ...options }: RootKeyOptions & { readonly name: string },
): Promise<void> {
  const node = parseNodeId((id ?? "").toLowerCase());
  if (node === undefined) throw usageError("a node id has 64 hexadecimal characters", "guts node join prints it.");
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(name))
    throw usageError("a node's name has 1 to 64 letters, digits, '.', '_' and '-'");
  await submitAsRoot(context, options, { kind: "node.admit", payload: { node, name } });
  sayDone(context, `Admitted ${name}; it starts to follow the network within seconds`);
}

/** `guts network remove`: an administrator takes a node out. */
export async function removeNode(
  context: CommandContext,
  [text]: readonly string[],
  { yes, ...options }: RootKeyOptions & { readonly yes?: true },
): Promise<void> {
  const { client } = connectSignedIn(context);
  const { node, name } = findNode(await client.call("GET /api/guts/network", {}), text ?? "");
  await confirm(context, `Remove ${name} and void every token and session that it could use?`, yes);
  await submitAsRoot(context, options, { kind: "node.remove", payload: { node } });
  sayDone(context, `Removed ${name}`);
}

function findNode(network: Network, text: string): { readonly node: NodeId; readonly name: string } {
  const found = network.nodes.filter(({ nodeId, name }) => nodeId === text.toLowerCase() || name === text);
  const [only] = found;
  if (only === undefined) throw new CliError("not-found", `the network has no node ${text}`);
  if (found.length > 1) throw usageError(`several nodes are called ${text}`, "Give the node's id.");
  return { node: parseNodeId(only.nodeId)!, name: only.name ?? only.nodeId };
}

async function submitAsRoot(context: CommandContext, options: RootKeyOptions, command: LedgerCommand): Promise<void> {
  const { client, token } = connectSignedIn(context);
  const seed = await readRootKey(context, options);
  const account = await findAccount(client, await viewerLogin({ client, token }), toHex(publicKeyOf(seed)));
  await withProgress(context.platform.stderr, "Asking the network", () => submit(client, command, { account, seed }));
}

async function submit(client: ApiClient, command: LedgerCommand, signer: Parameters<typeof signFor>[2]): Promise<void> {
  const network = await client.call("GET /api/guts/network", {});
  await submitSigned(client, signFor(network, command, signer));
}
