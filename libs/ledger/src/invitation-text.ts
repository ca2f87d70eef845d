/** Invitations to the network as the text that administrators hand out, and what a sign-up shows of one. */
import {
  fromBase64,
  fromHex,
  parseDigest,
  parsePrivateSeed,
  publicKeyOf,
  signMessage,
  toBase64,
  type Handle,
  type PrivateSeed,
  type PublicKey,
  type Signature,
} from "@guts/primitives";
import { invitationBytes } from "./kinds/accounts.ts";

const prefix = "guts-invitation-";

/** The text that an administrator gives to whom they invite: the private half of a key that opens accounts. */
export function encodeInvitation(seed: PrivateSeed): string {
  return prefix + toBase64(seed).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The private half in the text of an invitation, or undefined. */
export function parseInvitation(text: string): PrivateSeed | undefined {
  const [, body] = /^guts-invitation-([A-Za-z0-9_-]{43})$/.exec(text.trim()) ?? [];
  if (body === undefined) return undefined;
  const bytes = fromBase64(`${body.replaceAll("-", "+").replaceAll("_", "/")}=`);
  return bytes === undefined ? undefined : parsePrivateSeed(bytes);
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
