import type { CommitSignature } from "@guts/api";

/** A badge beside a commit that somebody signed. */
export interface SignatureBadgeWords {
  readonly label: string;
  readonly tone: "success" | "attention" | undefined;
  readonly text: string;
}

/** What the signature of a commit by `email` comes to, for people. */
export function signatureWords({ reason, signer }: CommitSignature, email: string): SignatureBadgeWords {
  const verified = reason === "valid" && signer !== null;
  if (verified) {
    const text = `It was signed with a key of ${signer}, and ${email} is an address of ${signer}.`;
    return { label: "Verified", tone: "success", text };
  }
  if (reason === "no_user" && signer !== null) {
    const text = `It was signed with a key of ${signer}. Whose the address ${email} is, this node does not know.`;
    return { label: "Signed", tone: undefined, text };
  }
  return { label: "Unverified", tone: "attention", text: whyNot(reason, signer, email) };
}

function whyNot(reason: string, signer: string | null, email: string): string {
  switch (reason) {
    case "bad_email":
      return `It was signed with a key of ${signer ?? "another account"}, but ${email} is another account’s address.`;
    case "no_user":
      return `It is signed, but whose the address ${email} is, this node does not know.`;
    case "unknown_key":
      return `It is signed, but with none of the keys that the account of ${email} has here.`;
    case "invalid":
      return "It is signed, but the signature does not hold: the commit was changed, or the key is another.";
    case "expired_key":
      return "It is signed with a key that had ended, or that its owner has revoked.";
    case "not_signing_key":
      return "It is signed with a key that was not made to sign.";
    case "malformed_signature":
      return "It holds something that looks like a signature and is none.";
    case "gpgverify_error":
      return "It is signed, but too large to be checked here.";
    default:
      return "It is signed in a way that is not checked here, such as S/MIME.";
  }
}
