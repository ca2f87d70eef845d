import type { AccountId, Digest, TimeMs } from "@guts/primitives";

/** A passkey as its node knows it. */
export interface StoredPasskey {
  readonly id: Uint8Array;
  readonly account: AccountId;
  /** How the authenticator names the account. */
  readonly userId: Uint8Array;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
  readonly signCount: number;
  readonly name: string;
  readonly isSynced: boolean;
  readonly createdTime: TimeMs;
  readonly usedTime: TimeMs | undefined;
}

/** The e-mail addresses of an account. */
export interface StoredEmails {
  /** The primary one first; empty for an account that gave none. */
  readonly addresses: readonly string[];
  /** Whether the primary one may be shown. */
  readonly isPublic: boolean;
}

/** What only this node knows of its people. Nothing of it is on the ledger; losing it costs passwords, not accounts. */
export interface PrivateStore {
  /** The account's password as a PHC string. */
  passwordHash(account: AccountId): string | undefined;
  /** Replaces the password, durably. */
  setPasswordHash(account: AccountId, phc: string): void;
  passkey(id: Uint8Array): StoredPasskey | undefined;
  /** An account's passkeys, oldest first. */
  passkeys(account: AccountId): readonly StoredPasskey[];
  /** Keeps a passkey, durably; false when there is one of that id. */
  addPasskey(passkey: StoredPasskey): boolean;
  renamePasskey(id: Uint8Array, name: string): void;
  removePasskey(id: Uint8Array): void;
  /** Notes a use with the authenticator's counter. */
  usePasskey(id: Uint8Array, signCount: number, time: TimeMs): void;
  emails(account: AccountId): StoredEmails;
  /** Replaces what is known of an account's addresses, durably. */
  setEmails(account: AccountId, emails: StoredEmails): void;
  /** When a credential was last used here. */
  lastUse(credential: Digest): TimeMs | undefined;
  /** Notes a use; may be batched and lost in a crash. */
  touchCredential(credential: Digest, time: TimeMs): void;
}
