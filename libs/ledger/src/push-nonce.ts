/**
 * What a node asks git to sign with a push (formats-v1, "Push certificates"): which repository of which network, and how
 * recently. Any node takes what another asked.
 */
import { parseHeight, parseRepositoryId, toHex, type Digest, type Height, type RepositoryId } from "@guts/primitives";

/** A nonce taken apart. */
export interface PushNonce {
  /** The network's id in hexadecimal. */
  readonly network: string;
  readonly repository: RepositoryId;
  /** A block that was final when the nonce was given. */
  readonly height: Height;
  /** The first half of that block's hash, in hexadecimal. */
  readonly blockPrefix: string;
}

/** The letters that git lets a nonce have: of these, hexadecimal digits, decimal numbers and dots. */
const NONCE = /^v1\.([0-9a-f]{64})\.([1-9][0-9]{0,15})\.([1-9][0-9]{0,15})\.([0-9a-f]{32})$/;

/** The nonce for a push to a repository, given after this block. */
export function formatPushNonce(
  network: Digest,
  repository: RepositoryId,
  block: { readonly height: Height; readonly hash: Digest },
): string {
  return `v1.${toHex(network)}.${repository}.${block.height}.${blockPrefixOf(block.hash)}`;
}

/** Takes a nonce apart; undefined when no node of this version gave it. */
export function parsePushNonce(text: string): PushNonce | undefined {
  const [, network, repositoryText, heightText, blockPrefix] = NONCE.exec(text) ?? [];
  const repository = parseRepositoryId(Number(repositoryText));
  const height = parseHeight(Number(heightText));
  if (network === undefined || blockPrefix === undefined || repository === undefined || height === undefined)
    return undefined;
  return { network, repository, height, blockPrefix };
}

/** Whether the nonce names this block. */
export function isNonceOf({ blockPrefix }: PushNonce, hash: Digest): boolean {
  return blockPrefixOf(hash) === blockPrefix;
}

function blockPrefixOf(hash: Digest): string {
  return toHex(hash).slice(0, 32);
}
