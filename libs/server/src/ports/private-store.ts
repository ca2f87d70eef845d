import type { AccountId, Digest, TimeMs } from "@guts/primitives";

/** What only this node knows of its people. Nothing of it is on the ledger; losing it costs passwords, not accounts. */
export interface PrivateStore {
  /** The account's password as a PHC string. */
  passwordHash(account: AccountId): string | undefined;
  /** Replaces the password, durably. */
  setPasswordHash(account: AccountId, phc: string): void;
  /** When a credential was last used here. */
  lastUse(credential: Digest): TimeMs | undefined;
  /** Notes a use; may be batched and lost in a crash. */
  touchCredential(credential: Digest, time: TimeMs): void;
}
