/**
 * Push certificates on the wire, from gitprotocol-pack(5) "Push Certificate": the text that `@guts/primitives` reads, and
 * behind it the signature with its armour. The commands of the certificate are the commands of the push. Who may push by a
 * certificate, and whether its signature holds, is not decided here.
 */
import { parsePushCertificate as parseText, type ObjectFormat, type PushCertificateText } from "@guts/primitives";
import { GitWireError } from "../errors.ts";
import { excerptOf, toByteString, type ByteString } from "./byte-string.ts";
import { parseCommandLine, type CommandLine } from "./push-command.ts";

/** A certificate taken apart. The header's values are byte strings. */
export interface PushCertificate extends Omit<PushCertificateText<ByteString>, "commands"> {
  /** Every byte between `push-cert` and `push-cert-end`, as the client sent it. */
  readonly text: Uint8Array;
  /** The part of `text` that the signature covers. */
  readonly signedText: Uint8Array;
  /** The part of `text` behind it, with its armour. */
  readonly signature: Uint8Array;
}

/** A certificate and the commands it signs. */
export interface CertifiedCommands {
  readonly certificate: PushCertificate;
  readonly lines: readonly CommandLine[];
}

/** Where a signature begins: OpenPGP, X.509 and SSH, as in git's gpg-interface. */
const SIGNATURE = /^-----BEGIN (PGP SIGNATURE|PGP MESSAGE|SIGNED MESSAGE|SSH SIGNATURE)-----$/m;

/** Takes a certificate apart. Throws `line-malformed`, `object-id-invalid`. */
export function parsePushCertificate(text: Uint8Array, format: ObjectFormat): CertifiedCommands {
  const all = toByteString(text);
  const signatureStart = SIGNATURE.exec(all)?.index;
  const parsed = signatureStart === undefined ? undefined : parseText(all.slice(0, signatureStart) as ByteString);
  if (signatureStart === undefined || parsed === undefined)
    throw new GitWireError("line-malformed", { expected: "push certificate and signature", excerpt: excerptOf(all) });
  const { commands, ...header } = parsed;
  const parts = { text, signedText: text.subarray(0, signatureStart), signature: text.subarray(signatureStart) };
  return {
    certificate: { ...parts, ...header },
    lines: commands.map((line) => parseCommandLine(line, format)),
  };
}
