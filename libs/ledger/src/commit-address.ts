/**
 * An e-mail address by which a commit says whose it is, to every node of a network: `7+ada@0f1e2d3c4b5a6978.guts.invalid`.
 *
 * The number is the account's, the digits are the network's. The handle is for people and not looked at, so that the address holds
 * when the account is renamed. No mail is ever delivered there (RFC 2606 keeps `.invalid` free), and it tells nothing about anybody.
 */
import { toHex, type AccountId, type Digest } from "@guts/primitives";

/** The address of an account on a network. */
export function commitAddressOf(
  networkId: Digest,
  { id, handle }: { readonly id: AccountId; readonly handle: string },
): string {
  return `${id}+${handle}@${domainOf(networkId)}`;
}

/** The account that an address names; undefined for every other address. Letters count the same in either case. */
export function parseCommitAddress(networkId: Digest, address: string): AccountId | undefined {
  const [, id, domain] = /^([1-9][0-9]{0,14})\+[^@]*@([^@]+)$/.exec(address.toLowerCase()) ?? [];
  return domain === domainOf(networkId) ? (Number(id) as AccountId) : undefined;
}

function domainOf(networkId: Digest): string {
  return `${toHex(networkId.subarray(0, 8))}.guts.invalid`;
}
