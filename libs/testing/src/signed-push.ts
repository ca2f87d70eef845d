/** Pushes as git signs them: the certificate's text, and its signature as ssh-keygen makes it. */
import {
  publicKeyOf,
  signMessage,
  sshSignedBytes,
  utf8,
  type Digest,
  type Height,
  type PrivateSeed,
  type RepositoryId,
} from "@guts/primitives";
import { formatPushNonce, gitNamespace, type CertifiedUpdate, type PushCertificate } from "@guts/ledger";
import type { SimulatedLedger } from "./simulated-ledger.ts";

/** What differs from a push that git signs here and now. */
export interface CertificateChanges {
  readonly network?: Digest;
  readonly block?: { readonly height: Height; readonly hash: Digest };
  readonly nonce?: string;
  readonly pushee?: string;
  /** Of the pusher's clock, in milliseconds. */
  readonly time?: number;
  readonly pushOptions?: readonly string[];
  readonly commands?: readonly string[];
}

/** The text that git signs for a push to a repository of the ledger. */
export function certificateText(
  { networkId, tip, forge }: Pick<SimulatedLedger, "networkId" | "tip" | "forge">,
  repository: RepositoryId,
  updates: readonly CertifiedUpdate[],
  changes: CertificateChanges = {},
): string {
  const { owner, name } = forge.repository(repository)!;
  const { network = networkId, block = tip, time = tip.time, pushOptions = [] } = changes;
  const {
    nonce = formatPushNonce(network, repository, block),
    pushee = `https://node.example/${forge.account(owner)!.handle}/${name}.git/`,
    commands = updates.map(({ oldId, newId, name: ref }) => `${oldId} ${newId} ${ref}`),
  } = changes;
  const header = [
    "certificate version 0.1",
    `pusher SHA256:key ${Math.floor(time / 1_000)} +0100`,
    `pushee ${pushee}`,
    `nonce ${nonce}`,
    ...pushOptions.map((option) => `push-option ${option}`),
  ];
  return `${header.join("\n")}\n\n${commands.map((command) => `${command}\n`).join("")}`;
}

/** The text signed as ssh-keygen does. */
export function signCertificate(
  text: string,
  seed: PrivateSeed,
  hash: PushCertificate["hash"] = "sha512",
): PushCertificate {
  const signature = signMessage(seed, sshSignedBytes(gitNamespace, utf8(text), hash));
  return { text, publicKey: publicKeyOf(seed), hash, signature };
}
