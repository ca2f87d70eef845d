/** What somebody reads whose signed push is not taken: one line beside each ref, with what to do. */
import type { MandateRefusal } from "@guts/ledger";

const setUp = "set it up with: guts auth setup-signing";

/** The signature is not one of Ed25519 by OpenSSH. */
export const keyTypeWords = `a push is signed with an Ed25519 key of OpenSSH here (gpg.format ssh); ${setUp}`;

/** The signature is not that of the key that it names. */
export const signatureWords = "the signature of this push does not hold; push again";

/** More refs than a transaction can hold together with what was signed. */
export const tooLongWords = "too many refs for one signed push; push fewer at once";

/** The block that the nonce names is not of this node's chain. */
export const nonceWords =
  "this push was signed for a block that this node does not have; push again, in a moment if the node has just started";

/** A certificate that is none of ours, or was made for another push. */
export function certificateWords(code: MandateRefusal | "push-certificate-malformed"): string {
  switch (code) {
    case "push-certificate-malformed":
      return "the push certificate names no time, place or nonce of this network; push again with git 2.34 or newer";
    case "push-certificate-elsewhere":
      return "this push was signed for another place: use the URL that this repository has at this node";
    case "push-certificate-mismatch":
      return "the push certificate is not for these refs and options; push again";
    default:
      return code satisfies never;
  }
}

/** It was signed too long ago, or in the future. */
export function lifeWords(code: "expired" | "lives-too-long"): string {
  return code === "expired"
    ? "this push was signed too long ago, or your clock is behind; push again"
    : "this push was signed in the future: set your clock, then push again";
}

/** The key is nobody's, or somebody else's. */
export function strangerWords(fingerprint: string, handle: string): string {
  return `this push is signed by ${fingerprint}, which signs for nobody or for another account than ${handle}; ${setUp}`;
}

/** Who came with a root or device key over SSH: it proves who they are to this node, and to no other. */
export function unsignedWords(handle: string): string {
  return `this key is ${handle}'s own, so sign the push with it: git push --signed; or register it: guts ssh-key add FILE`;
}

/** Behind what a rule lacks, when it asks for a signature and the one there is does not count. */
export const vouchedWords =
  "; it is signed, but by a key that only a node says is yours: sign for the key yourself with guts auth setup-signing";
