import { parseNodeId } from "@guts/primitives";
import { usageError } from "../../cli-error.ts";
import { connectSignedIn } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { confirm } from "../ask.ts";
import type { RootKeyOptions } from "../root-key.ts";
import { sayDone } from "../say.ts";
import { detachText } from "../signing.ts";
import { submitAsRoot } from "../submit-as-root.ts";
import { findNode } from "./find-node.ts";

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
  [name]: readonly string[],
  { yes, reason, ...options }: RootKeyOptions & { readonly yes?: true; readonly reason?: string },
): Promise<void> {
  const { client } = connectSignedIn(context);
  const found = findNode(await client.call("GET /api/guts/network", {}), name ?? "");
  await confirm(context, `Remove ${found.name} and void every token and session that it could use?`, yes);
  const text = reason === undefined ? undefined : detachText(reason);
  const command = { kind: "node.dismiss", payload: { node: found.node, reason: text?.ref } } as const;
  await submitAsRoot(context, options, command, text === undefined ? [] : [text.content]);
  sayDone(context, `Removed ${found.name}`);
}
