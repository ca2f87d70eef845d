/** Why a transaction was not applied. The number is part of the result that headers commit to; never reuse one. */
import { mapped, u16, type Codec } from "@guts/primitives";

const NUMBERS = {
  "not-found": 1,
  forbidden: 2,
  "scope-missing": 3,
  "personal-signature-needed": 4,
  "account-closed": 5,
  "account-owns-repositories": 6,
  "handle-taken": 7,
  "handle-limit": 8,
  "registration-closed": 9,
  "invitation-needed": 10,
  "invitation-exists": 11,
  "key-unsound": 12,
  "key-taken": 13,
  "key-limit": 14,
  "last-root-key": 15,
  "credential-taken": 16,
  "credential-limit": 17,
  "credential-scope-exceeded": 18,
  "credential-expired": 19,
  "audience-unknown": 20,
  "audience-not-delegated": 21,
  "delegation-limit": 22,
  "node-unknown": 23,
  "repository-name-taken": 24,
  "repository-archived": 25,
  "repository-state-unchanged": 26,
  "collaborator-limit": 27,
  "collaborator-is-owner": 28,
  "transfer-to-self": 29,
  "transfer-not-offered": 30,
  "default-branch-missing": 31,
  "ref-stale": 32,
  "ref-hidden": 33,
  "ref-is-default-branch": 34,
  "ref-conflict": 35,
  "ref-limit": 36,
  "ref-not-a-commit": 37,
  "ref-atomic": 38,
  "ref-unchanged": 39,
  "object-format-mismatch": 40,
  "receipt-insufficient": 41,
  "receipt-expired": 42,
  "content-unknown": 43,
  "content-redacted": 44,
  "already-so": 45,
  "nothing-to-do": 46,
  "content-taken": 47,
  "account-unknown": 48,
  "expiry-invalid": 49,
} as const;

/** A closed set: callers switch over it to the end. */
export type RejectionCode = keyof typeof NUMBERS;

const byNumber = new Map(Object.entries(NUMBERS).map(([code, number]) => [number as number, code as RejectionCode]));

/** Two bytes. */
export const rejectionCodec: Codec<RejectionCode> = mapped(
  u16,
  (number) => byNumber.get(number),
  (code) => NUMBERS[code],
);
