/** What a browser and its authenticator do with a passkey (W3C Web Authentication, level 2), in software. */
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

import type { PasskeyChallenge } from "@guts/api";

const sha256 = (bytes: Uint8Array | string): Buffer => createHash("sha256").update(bytes).digest();

/** An authenticator of software, with one passkey for the site at `origin`. */
export function createAuthenticator(origin: string) {
  const id = randomBytes(16);
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  let count = 0;
  const client = (type: string, challenge: string): Buffer => Buffer.from(JSON.stringify({ type, challenge, origin }));
  const data = (flags: number, rest: Uint8Array): Buffer => {
    const tail = Buffer.alloc(5);
    tail.writeUInt8(flags);
    tail.writeUInt32BE(++count, 1);
    return Buffer.concat([sha256(new URL(origin).hostname), tail, rest]);
  };
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
  return {
    register({ challenge, userId }: PasskeyChallenge, name = "key") {
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, Buffer.from([0xa0])]);
      const publicKeyBytes = publicKey.export({ format: "der", type: "spki" });
      return {
        id: text(id),
        name,
        userId,
        clientData: text(client("webauthn.create", challenge)),
        authenticatorData: text(data(0x45, attested)),
        publicKey: text(publicKeyBytes),
      };
    },
    assert({ challenge }: PasskeyChallenge, userId: string | null) {
      const clientData = client("webauthn.get", challenge);
      const authenticatorData = data(0x05, new Uint8Array());
      const signature = sign("sha256", Buffer.concat([authenticatorData, sha256(clientData)]), privateKey);
      const parts = { clientData: text(clientData), authenticatorData: text(authenticatorData) };
      return { id: text(id), ...parts, signature: text(signature), userId, session: "token" as const };
    },
  };
}
