import { Type, type Static } from "typebox";

import { Nullable, OneOf, Timestamp } from "../schema.ts";

/** Bytes in base64url without padding, as WebAuthn's JSON has them. */
const Base64Url = (charactersMax: number) =>
  Type.String({ minLength: 1, maxLength: charactersMax, pattern: "^[A-Za-z0-9_-]+$" });

const idCharactersMax = 1364;
const clientDataCharactersMax = 4096;
const nameLengthMax = 100;

/** What a passkey is asked to sign. */
export const PasskeyRequest = Type.Object({ purpose: OneOf("register", "add", "sign-in") });
export type PasskeyRequest = Static<typeof PasskeyRequest>;

/** A challenge and what goes with it; good once, for five minutes. */
export const PasskeyChallenge = Type.Object(
  {
    challenge: Type.String(),
    /** Origins whose pages may use passkeys of this node; empty when it has only a numeric address. */
    origins: Type.Array(Type.String()),
    networkName: Type.String(),
    /** Names the account inside the authenticator; says nothing about it. */
    userId: Type.String(),
    /** Passkeys that the account has already. */
    existingIds: Type.Array(Type.String()),
  },
  { title: "PasskeyChallenge" },
);
export type PasskeyChallenge = Static<typeof PasskeyChallenge>;

/** A new passkey, as `navigator.credentials.create` gave it, in base64url. */
export const PasskeyRegistration = Type.Object({
  id: Base64Url(idCharactersMax),
  name: Type.String({ minLength: 1, maxLength: nameLengthMax }),
  userId: Base64Url(100),
  clientData: Base64Url(clientDataCharactersMax),
  authenticatorData: Base64Url(4096),
  /** SubjectPublicKeyInfo. */
  publicKey: Base64Url(2048),
});
export type PasskeyRegistration = Static<typeof PasskeyRegistration>;

/** A passkey's signature, as `navigator.credentials.get` gave it. */
export const PasskeySignIn = Type.Object({
  id: Base64Url(idCharactersMax),
  clientData: Base64Url(clientDataCharactersMax),
  authenticatorData: Base64Url(4096),
  signature: Base64Url(2048),
  userId: Nullable(Base64Url(100)),
  session: Type.Optional(OneOf("cookie", "token")),
});
export type PasskeySignIn = Static<typeof PasskeySignIn>;

/** The body of `PATCH /passkeys/{id}`. */
export const PasskeyUpdate = Type.Object({ name: Type.String({ minLength: 1, maxLength: nameLengthMax }) });
export type PasskeyUpdate = Static<typeof PasskeyUpdate>;

/** A passkey of one's own, known to this node alone. */
export const Passkey = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    createdAt: Timestamp(),
    lastUsedAt: Nullable(Timestamp()),
    /** Whether a password manager keeps copies of it. */
    isSynced: Type.Boolean(),
  },
  { title: "Passkey" },
);
export type Passkey = Static<typeof Passkey>;
