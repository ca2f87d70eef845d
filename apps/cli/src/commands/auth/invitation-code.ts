import { invitationBytes } from "@guts/ledger";
import {
  fromHex,
  parseDigest,
  parsePrivateSeed,
  publicKeyOf,
  signMessage,
  type Handle,
  type PrivateSeed,
  type PublicKey,
  type Signature,
} from "@guts/primitives";

const PREFIX = "guts-invitation-";

/** The text that an administrator gives to whom they invite: the private half of a key that is good for one account. */
export function encodeInvitation(seed: PrivateSeed): string {
  return PREFIX + Buffer.from(seed).toString("base64url");
}

/** The private half in the text of an invitation, or undefined. */
export function parseInvitation(text: string): PrivateSeed | undefined {
  const trimmed = text.trim();
  if (!/^guts-invitation-[A-Za-z0-9_-]{43}$/.test(trimmed)) return undefined;
  return parsePrivateSeed(Uint8Array.from(Buffer.from(trimmed.slice(PREFIX.length), "base64url")));
}

/** What a sign-up carries to show that it is invited: a signature for this network, handle and root key alone. */
export function proveInvitation(
  seed: PrivateSeed,
  { networkId, handle, rootKey }: { readonly networkId: string; readonly handle: Handle; readonly rootKey: PublicKey },
): { readonly key: PublicKey; readonly signature: Signature } | undefined {
  const network = parseDigest(fromHex(networkId) ?? new Uint8Array());
  if (network === undefined) return undefined;
  return { key: publicKeyOf(seed), signature: signMessage(seed, invitationBytes(network, handle, rootKey)) };
}
