/** `--validator` and `--peer`: a node's public file, or the same in one word. */
import { existsSync, readFileSync, statSync } from "node:fs";

import type { Validator } from "@guts/verifier";

import { peerAddressOf } from "../keys/peer-id.ts";
import { parsePublicNode, publicFileBytesMax, validatorOf, type PublicNode } from "../keys/node-public-file.ts";
import { NodeError } from "../node-error.ts";

type Problem = { readonly problem: string };

/** The validator that `text` names: the path of a public file, or `NAME=NODEID:CONSENSUSKEY`. */
export function readValidator(text: string): Validator | Problem {
  const [, name, node, consensus] = /^([^=/]+)=([^:]+):([^:]+)$/.exec(text) ?? [];
  if (name === undefined) return readPublicNode(text);
  return (
    validatorOf(name, node!, consensus!) ?? { problem: "is not NAME=NODEID:CONSENSUSKEY, as guts node init says it" }
  );
}

/** The addresses that `text` names: a multiaddr with a peer id, or those of the node whose public file it is. */
export function readPeer(text: string): readonly string[] {
  if (/^\/[a-z0-9]+\/[^/]+\/tcp\/\d+\/p2p\/[^/]+$/.test(text)) return [text];
  const node = readPublicNode(text);
  const problem =
    "problem" in node ? node.problem : node.addresses.length === 0 ? "says no address to connect to" : undefined;
  if (problem !== undefined) throw new NodeError("usage", `--peer ${text}: ${problem}.`);
  const { addresses, nodeId } = node as PublicNode;
  return addresses.map((address) => peerAddressOf(nodeId, address));
}

function readPublicNode(path: string): PublicNode | Problem {
  if (!existsSync(path)) return { problem: "is neither a public file of a node nor what it would say in one word" };
  const { size } = statSync(path);
  if (size > publicFileBytesMax) return { problem: "is too large for a public file of a node" };
  return parsePublicNode(readFileSync(path, "utf8"));
}
