/**
 * Who signed a commit or tag, from the keys that accounts have now: a key that was removed proves nothing any more.
 *
 * The committer's address says whose key to look for, as on GitHub; a key that an account signed for itself is found without it.
 * Whether a signature holds never changes, so it is kept by object and key; whose the key is, is asked every time. A verdict costs at
 * most one verification of at most a mebibyte, well below a millisecond for nearly all, so it is given at once.
 */
import type { ForgeState, Account, SigningKey } from "@guts/ledger";
import { parseCommitAddress, sshKeyIdOf } from "@guts/ledger";
import { parseAnySshSignature, parseSshPublicKey, toHex, type AnySshSignature, type ObjectId } from "@guts/primitives";
import { LRUCache } from "lru-cache";

import { signatureLimits } from "../limits.ts";
import { issuerIn, isMadeBy, readDetachedSignature, refusePart } from "../openpgp/detached-signature.ts";
import { openPgpLimits } from "../openpgp/limits.ts";
import {
  readPublicKey,
  type OpenPgpKeyPart,
  type OpenPgpPublicKey,
  type OpenPgpRefusal,
} from "../openpgp/public-key.ts";
import type { Signature } from "../openpgp/signature.ts";
import type { Clock, GitSignature, Ledger } from "../ports/index.ts";
import { fingerprintOf } from "../ssh/host-key.ts";
import { isSshSignatureOf, sshArmour } from "./ssh.ts";
import type { SignatureFormat, Verdict, VerdictReason } from "./verdict.ts";

/** What is looked at: an object, its signature, and the address of its committer or tagger. */
export interface SignedObject {
  readonly id: ObjectId;
  readonly signature: GitSignature | undefined;
  readonly address: string;
}

interface CommitSignaturesNeeds {
  readonly ledger: Pick<Ledger, "networkId">;
  readonly clock: Clock;
}

/** Gives verdicts, and keeps what does not change of them. */
export class CommitSignatures {
  readonly #needs: CommitSignaturesNeeds;
  readonly #holding = new LRUCache<string, boolean>({ max: signatureLimits.keptVerdictsMax });
  readonly #keys = new LRUCache<string, OpenPgpPublicKey | OpenPgpRefusal>({ max: openPgpLimits.parsedKeysMax });

  constructor(needs: CommitSignaturesNeeds) {
    this.#needs = needs;
  }

  /** The account that a commit's address names, as far as this node knows. */
  ownerOf(state: ForgeState, address: string): Account | undefined {
    const id = parseCommitAddress(this.#needs.ledger.networkId, address);
    const account = id === undefined ? undefined : state.account(id);
    return account?.status === "active" && !account.isOrganization ? account : undefined;
  }

  /** What an OpenPGP key says of itself; a word when only a lying node can have recorded it. */
  openPgpKey({ id, key }: Pick<SigningKey, "id" | "key">): OpenPgpPublicKey | OpenPgpRefusal {
    const name = toHex(id);
    const read = this.#keys.get(name) ?? readPublicKey(key);
    this.#keys.set(name, read);
    return read;
  }

  verdictOn(state: ForgeState, object: SignedObject): Verdict {
    const { signature } = object;
    if (signature === undefined) return verdict("unsigned", "unknown");
    const { text, payload } = signature;
    const format = formatOf(text);
    if (format === "unknown") return verdict("unknown_signature_type", format);
    if (payload === undefined) return verdict("gpgverify_error", format);
    return format === "ssh"
      ? this.#ssh(state, object, { text, payload })
      : this.#openPgp(state, object, { text, payload });
  }

  #ssh(state: ForgeState, { id, address }: SignedObject, { text, payload }: Read): Verdict {
    const signature = parseAnySshSignature(text);
    if (signature === "malformed") return verdict("malformed_signature", "ssh");
    if (signature === "unsupported") return verdict("unknown_signature_type", "ssh");
    const key = fingerprintOf(signature.keyBlob);
    const owner = this.ownerOf(state, address);
    const signer = owner !== undefined && hasSshKey(state, owner, signature) ? owner : holderOf(state, signature);
    if (signer === undefined) return verdict(owner === undefined ? "no_user" : "unknown_key", "ssh", key);
    if (!this.#holds(`${id}:${key}`, () => isSshSignatureOf(signature, payload))) return verdict("invalid", "ssh", key);
    return { ...verdict(reasonFor(owner, signer), "ssh", key), signer };
  }

  #openPgp(state: ForgeState, { id, address }: SignedObject, { text, payload }: Read): Verdict {
    const signature = readDetachedSignature(text);
    if (signature === "malformed") return verdict("malformed_signature", "openpgp");
    if (signature === "unsupported") return verdict("unknown_signature_type", "openpgp");
    const key = signature.issuer;
    const owner = this.ownerOf(state, address);
    if (owner === undefined) return verdict("no_user", "openpgp", key);
    const found = this.#findOpenPgp(state, owner, signature);
    if (found === undefined) return verdict("unknown_key", "openpgp", key);
    const name = `${id}:${toHex(found.row.id)}:${found.part.keyId}`;
    if (!this.#holds(name, () => isMadeBy(found.part, signature, payload))) return verdict("invalid", "openpgp", key);
    const refusal = refusePart(found.key, found.part, signature, this.#needs.clock.nowMs());
    if (refusal !== undefined)
      return verdict(`${refusal === "expired" ? "expired" : "not_signing"}_key`, "openpgp", key);
    return { ...verdict("valid", "openpgp", key), signer: owner };
  }

  #findOpenPgp(state: ForgeState, owner: Account, signature: Signature): FoundPart | undefined {
    for (const row of state.signingKeys(owner.id, "gpg")) {
      const key = this.openPgpKey(row);
      const part = typeof key === "string" ? undefined : issuerIn(key, signature);
      if (typeof key !== "string" && part !== undefined) return { row, key, part };
    }
    return undefined;
  }

  #holds(name: string, check: () => boolean): boolean {
    const holds = this.#holding.get(name) ?? check();
    this.#holding.set(name, holds);
    return holds;
  }
}

type Read = { readonly text: string; readonly payload: Uint8Array };

interface FoundPart {
  readonly row: SigningKey;
  readonly key: OpenPgpPublicKey;
  readonly part: OpenPgpKeyPart;
}

function verdict(reason: VerdictReason, format: SignatureFormat, key?: string): Verdict {
  return { reason, format, key, signer: undefined };
}

function reasonFor(owner: Account | undefined, signer: Account): VerdictReason {
  if (owner === undefined) return "no_user";
  return owner.id === signer.id ? "valid" : "bad_email";
}

function formatOf(text: string): SignatureFormat {
  if (text.startsWith(sshArmour)) return "ssh";
  return text.startsWith("-----BEGIN PGP SIGNATURE-----") ? "openpgp" : "unknown";
}

/** Whether a key is among those that an account added to sign with, or among its own. */
function hasSshKey(state: ForgeState, account: Account, signature: AnySshSignature): boolean {
  return (
    state.hasSshSigningKey(account.id, sshKeyIdOf(signature.keyBlob)) || holderOf(state, signature)?.id === account.id
  );
}

/** The account that signed for the key itself: its root or device key, or an SSH key that such a key registered. */
function holderOf(state: ForgeState, { keyBlob }: AnySshSignature): Account | undefined {
  const key = parseSshPublicKey(keyBlob);
  const owner = typeof key === "string" || key.type !== "ssh-ed25519" ? undefined : state.keyOwner(key.key);
  if (owner !== undefined && owner.key.revokedHeight === undefined) return activeAccount(state, owner.account);
  const credential = state.sshKey(sshKeyIdOf(keyBlob));
  const isOwn = credential?.kind === "ssh-key" && credential.vouchedBy === undefined;
  return isOwn ? activeAccount(state, credential.account) : undefined;
}

function activeAccount(state: ForgeState, id: Account["id"]): Account | undefined {
  const account = state.account(id);
  return account?.status === "active" ? account : undefined;
}
