/** A signature of OpenSSH that is read is written back as one that reads the same, in one form of its bytes. */
import { armourSshSignature, fromUtf8, parseSshSignature, verifySshSignature } from "@guts/primitives";

const line = "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg";

export const dictionary = [
  ...["-----BEGIN SSH SIGNATURE-----\n", "-----END SSH SIGNATURE-----\n", "\n", "\r\n", "=", "=="],
  ...[line, "AAAAA2dpdAAAAAAAAAAGc2hhNTEyAAAAUwAAAAtzc2gtZWQyNTUxOQAAAEA", "c2hhMjU2", "ssh-ed25519", "git"],
];

export function fuzz(bytes: Uint8Array): void {
  const text = fromUtf8(bytes);
  if (text === undefined) return;
  const signature = parseSshSignature(text);
  if (typeof signature === "string") return;
  verifySshSignature(signature, signature.namespace, bytes);
  const armoured = armourSshSignature(signature);
  const base64 = (armour: string): string => armour.replaceAll(/-----[A-Z ]+-----|\s/g, "");
  if (base64(armoured) !== base64(text)) throw new Error("a signature has two forms of bytes");
  if (armourSshSignature(parseSshSignature(armoured) as typeof signature) !== armoured)
    throw new Error("a signature that was written does not read the same");
}
