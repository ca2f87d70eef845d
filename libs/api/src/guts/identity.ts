import { Type, type Static } from "typebox";

import { Nullable, OneOf, Timestamp } from "../schema.ts";
import { TokenRestriction } from "./fine-grained.ts";
import { SignedTransaction } from "./network.ts";
import { PasskeyRegistration } from "./passkeys.ts";

/** The shortest and longest password accepted, in characters. */
export const passwordLengthMin = 10;
export const passwordLengthMax = 1024;

/** Scopes that a token may carry; a session carries them all. */
export const tokenScopes = [
  "repo",
  "public_repo",
  "repo:read",
  "user",
  "delete_repo",
  "admin:credentials",
  "repo:status",
  "repo_deployment",
  "repo:invite",
  "workflow",
  "read:org",
  "write:org",
  "admin:org",
  "read:public_key",
  "write:public_key",
  "admin:public_key",
  "read:user",
  "user:email",
  "user:follow",
  "read:repo_hook",
  "write:repo_hook",
  "admin:repo_hook",
  "admin:org_hook",
  "notifications",
  "gist",
  "read:audit_log",
  "site_admin",
  "read:gpg_key",
  "write:gpg_key",
  "admin:gpg_key",
  "admin:ssh_signing_key",
] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** An account as pages and the CLI need it. */
export const Account = Type.Object(
  {
    id: Type.Integer(),
    handle: Type.String(),
    name: Nullable(Type.String()),
    /** Path of its picture at this node. */
    avatarPath: Type.String(),
    createdAt: Timestamp(),
  },
  { title: "Account" },
);
export type Account = Static<typeof Account>;

const Password = Type.String({ minLength: passwordLengthMin, maxLength: passwordLengthMax });
const SessionKind = OneOf("cookie", "token");
/**
 * 32 random bytes in base64, drawn with the transaction: the first 16 bytes of their digest are its idempotency key. They
 * show that who asks for the session is who signed, since everybody may read the transaction afterwards.
 */
const SessionProof = Type.String({ minLength: 44, maxLength: 44 });

/**
 * A new account: the `account.create` transaction signed by the root key made on the person's device. With a password
 * (kept by this node only, as argon2id) the person can sign in here later without the key.
 */
export const SignUp = Type.Object({
  ...SignedTransaction.properties,
  proof: SessionProof,
  password: Type.Optional(Password),
  /** A passkey made for this account, instead of a password or beside it. */
  passkey: Type.Optional(PasskeyRegistration),
  session: SessionKind,
});
export type SignUp = Static<typeof SignUp>;

/** Sign-in at the account's home node. A wrong password and an unknown login get the same answer. */
export const SignIn = Type.Object({
  login: Type.String({ minLength: 1, maxLength: 39 }),
  password: Type.String({ minLength: 1, maxLength: passwordLengthMax }),
  session: Type.Optional(SessionKind),
});
export type SignIn = Static<typeof SignIn>;

/** Recovery: a `delegation.grant` to this node signed by the root key (from the recovery code), and a new password. */
export const Recovery = Type.Object({
  ...SignedTransaction.properties,
  proof: SessionProof,
  password: Password,
  session: SessionKind,
});
export type Recovery = Static<typeof Recovery>;

/** The account that signed in; `token` (shown once) when the session was asked for as a token. */
export const SignedIn = Type.Object(
  { account: Account, token: Nullable(Type.String()), height: Type.Integer() },
  { title: "SignedIn" },
);
export type SignedIn = Static<typeof SignedIn>;

/** Who the request's credential stands for, and what a page needs to know before anyone signs in. */
export const Session = Type.Object(
  {
    account: Nullable(Account),
    scopes: Type.Array(Type.String()),
    /** Whether it came from a home node's consent: what signs in is then changed at home, not here. */
    isVisit: Type.Boolean(),
    /** Whether the credential may do what administrators of the network do. */
    isAdministrator: Type.Boolean(),
    /** Whether the account has a password at this node. */
    hasPassword: Type.Boolean(),
    /** The e-mail address by which a commit is the account's at every node of the network; null for visitors. */
    commitAddress: Nullable(Type.String()),
    network: Type.Object({
      networkId: Type.String(),
      name: Type.String(),
      registration: OneOf("open", "invite", "closed"),
    }),
  },
  { title: "Session" },
);
export type Session = Static<typeof Session>;

/** A credential as its owner sees it; the secret is never shown again. `id` is hexadecimal. */
export const Token = Type.Object(
  {
    id: Type.String(),
    /** `visit`: a session at a node that is no home of the account. */
    kind: OneOf("session", "token", "visit"),
    label: Type.String(),
    /** Names of the nodes where it is good. */
    nodes: Type.Array(Type.String()),
    /** The name of the home node whose consent a visit came from. */
    vouchedBy: Nullable(Type.String()),
    scopes: Type.Array(Type.String()),
    /** What bounds a fine-grained token, which has no scopes; null for every other. */
    restriction: Nullable(TokenRestriction),
    createdAt: Timestamp(),
    expiresAt: Nullable(Timestamp()),
    /** Kept by this node only, in steps of some minutes; null when not used here. */
    lastUsedAt: Nullable(Timestamp()),
    /** Whether the request itself used this credential. */
    isCurrent: Type.Boolean(),
  },
  { title: "Token" },
);
export type Token = Static<typeof Token>;

/** The body of `POST /tokens`. */
export const TokenCreation = Type.Object({
  label: Type.String({ minLength: 1, maxLength: 100 }),
  scopes: Type.Array(OneOf(...tokenScopes), { minItems: 1, maxItems: tokenScopes.length, uniqueItems: true }),
  /** Days, or a fraction of one for a script that needs minutes. Without it the token lives until it is revoked. */
  expiresInDays: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 366 })),
});
export type TokenCreation = Static<typeof TokenCreation>;

/** A new credential with its secret, shown this once. */
export const CreatedToken = Type.Object({ ...Token.properties, token: Type.String() }, { title: "CreatedToken" });
export type CreatedToken = Static<typeof CreatedToken>;

/** A public key of an account: `publicKey` is 32 bytes of Ed25519 in hexadecimal. */
export const AccountKey = Type.Object(
  {
    publicKey: Type.String(),
    role: OneOf("root", "device"),
    label: Nullable(Type.String()),
    addedAt: Timestamp(),
    addedHeight: Type.Integer(),
  },
  { title: "AccountKey" },
);
export type AccountKey = Static<typeof AccountKey>;

/** An offer to take a repository over. Only who is offered it sees it; a private repository is named to them here. */
export const TransferOffer = Type.Object(
  {
    repositoryId: Type.Integer(),
    /** `OWNER/REPO` as it is called now. */
    fullName: Type.String(),
    /** What it will be called under its new owner. */
    newName: Type.String(),
    from: Type.String(),
    createdAt: Timestamp(),
    expiresAt: Timestamp(),
  },
  { title: "TransferOffer" },
);
export type TransferOffer = Static<typeof TransferOffer>;

/** A node that may create credentials for the account. */
export const Delegation = Type.Object(
  { nodeId: Type.String(), grantedAt: Timestamp(), grantedHeight: Type.Integer() },
  { title: "Delegation" },
);
export type Delegation = Static<typeof Delegation>;
