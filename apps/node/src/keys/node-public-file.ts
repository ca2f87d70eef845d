/**
 * The public half of a node, in a file that its operator gives to the others: `node.pub`.
 *
 * Lines of a word and a value, in this order; `p2p` may stand there several times or not at all. The last line is a checksum of
 * the bytes before it, so that a file that lost a character in a message is refused, not founded upon:
 *
 *     guts-node  1
 *     name       git.example.org
 *     node       <node id>
 *     consensus  <consensus key>
 *     p2p        /dns/git.example.org/tcp/3003
 *     checksum   <first 16 hexadecimal digits of SHA-256>
 */
import { createHash } from "node:crypto";

import { fromHex, isSoundPublicKey, parseNodeId, parsePublicKey, toHex, type PublicKey } from "@guts/primitives";
import type { Validator } from "@guts/verifier";

/** A node as the others need to know it. */
export interface PublicNode extends Validator {
  /** Multiaddrs without a peer id. */
  readonly addresses: readonly string[];
}

/** Longest public file that is read, in bytes. */
export const publicFileBytesMax = 4_096;
/** What a node may be called, in its configuration and in a genesis document. */
export const nodeNamePattern = /^[A-Za-z0-9._-]{1,64}$/;

const addressPattern = /^\/[\x21-\x7e]{1,299}$/;

/** The text of a node's public file. */
export function formatPublicNode({ name, nodeId, consensusKey, addresses }: PublicNode): string {
  const fields = [
    ["guts-node", "1"],
    ["name", name],
    ["node", nodeId],
    ["consensus", toHex(consensusKey)],
    ...addresses.map((address) => ["p2p", address]),
  ];
  const body = fields.map(([word, value]) => lineOf(word!, value!)).join("");
  return body + lineOf("checksum", checksumOf(body));
}

/** The node that a public file names, or what is wrong with the file. */
export function parsePublicNode(text: string): PublicNode | { readonly problem: string } {
  const lines = text.replaceAll("\r\n", "\n").trimEnd().split("\n");
  const fields = lines.map((line) => /^([a-z0-9-]+) +(\S+)$/.exec(line));
  const words = fields.map((field) => field?.[1]);
  const isInOrder = /^guts-node name node consensus( p2p){0,8} checksum$/.test(words.join(" "));
  if (!isInOrder) return { problem: "is no public file of a node, as guts node init writes it" };
  const values = fields.map((field) => field![2]!);
  if (values[0] !== "1") return { problem: `has version ${values[0]} of the format; this release knows version 1` };
  const body = fields.slice(0, -1).map((field) => lineOf(field![1]!, field![2]!));
  if (values.at(-1) !== checksumOf(body.join("")))
    return { problem: "does not match its checksum: it was changed on its way. Ask its operator for it again" };
  const validator = validatorOf(values[1]!, values[2]!, values[3]!);
  const addresses = values.slice(4, -1);
  if (validator === undefined || !addresses.every((address) => addressPattern.test(address)))
    return { problem: "holds a name, a key or an address that cannot be one" };
  return { ...validator, addresses };
}

/** A validator from its name and two keys in hexadecimal; undefined when any of them cannot be one. */
export function validatorOf(name: string, node: string, consensus: string): Validator | undefined {
  const nodeId = parseNodeId(node.toLowerCase());
  const consensusKey = parseSoundKey(consensus);
  if (!nodeNamePattern.test(name) || nodeId === undefined || consensusKey === undefined) return undefined;
  return parseSoundKey(nodeId) === undefined ? undefined : { name, nodeId, consensusKey };
}

/** A public key in hexadecimal that is safe to trust; undefined otherwise. */
export function parseSoundKey(text: string): PublicKey | undefined {
  const key = parsePublicKey(fromHex(text.toLowerCase()) ?? new Uint8Array());
  return key !== undefined && isSoundPublicKey(key) ? key : undefined;
}

function lineOf(word: string, value: string): string {
  return `${word.padEnd(9)}  ${value}\n`;
}

function checksumOf(body: string): string {
  return createHash("sha256").update(body, "utf8").digest("hex").slice(0, 16);
}
