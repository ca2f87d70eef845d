/** OpenSSH's line of a public key's blob, without a comment: `ssh-ed25519 AAAA...`. */
export function publicKeyLine(blob: Uint8Array): string {
  const nameLength = new DataView(blob.buffer, blob.byteOffset).getUint32(0);
  const name = Buffer.from(blob.subarray(4, 4 + nameLength)).toString("latin1");
  return `${name} ${Buffer.from(blob).toString("base64")}`;
}
