/** Why a transaction was not applied. The number is part of the result that headers commit to; never reuse one. */
import { mapped, u16, type Codec } from "@guts/primitives";

/** The number of each code. */
export const rejectionNumbers = {
  "not-found": 1,
  forbidden: 2,
  "scope-missing": 3,
  "personal-signature-needed": 4,
  "delegation-needed": 5,
  "account-unknown": 6,
  "account-owns-repositories": 7,
  "handle-taken": 8,
  "handle-limit": 9,
  "registration-closed": 10,
  "invitation-needed": 11,
  "invitation-exists": 12,
  "key-unsound": 13,
  "key-taken": 14,
  "key-limit": 15,
  "last-root-key": 16,
  "credential-taken": 17,
  "credential-limit": 18,
  "credential-scope-exceeded": 19,
  "audience-invalid": 20,
  "audience-not-delegated": 21,
  "delegation-limit": 22,
  "node-unknown": 23,
  "repository-name-taken": 24,
  "repository-archived": 25,
  "default-branch-missing": 26,
  "collaborator-limit": 27,
  "collaborator-is-owner": 28,
  "transfer-to-self": 29,
  "transfer-not-offered": 30,
  "ref-stale": 31,
  "ref-hidden": 32,
  "ref-is-default-branch": 33,
  "ref-conflict": 34,
  "ref-limit": 35,
  "ref-not-a-commit": 36,
  "ref-unchanged": 37,
  "ref-repeated": 38,
  "object-format-mismatch": 39,
  "receipt-insufficient": 40,
  "receipt-expired": 41,
  "content-unknown": 42,
  "content-redacted": 43,
  "content-taken": 44,
  "already-so": 45,
  "nothing-to-do": 46,
  "expiry-invalid": 47,
  "node-limit": 48,
  "node-is-validator": 49,
  "key-unproven": 50,
  "ref-protected": 90,
  "ref-facts-missing": 91,
  "protection-limit": 92,
  "protection-invalid": 93,
  "protection-work-spent": 94,
  "ssh-key-malformed": 100,
  "ssh-key-weak": 101,
  "ssh-key-unsupported": 102,
  "ssh-key-taken": 103,
  "ssh-key-limit": 104,
  "restriction-invalid": 105,
} as const;

/** A closed set: callers switch over it to the end. */
export type RejectionCode = keyof typeof rejectionNumbers;

const byNumber = new Map(
  Object.entries(rejectionNumbers).map(([code, number]) => [number as number, code as RejectionCode]),
);

/** Two bytes. */
export const rejectionCodec: Codec<RejectionCode> = mapped(
  u16,
  (number) => byNumber.get(number),
  (code) => rejectionNumbers[code],
);
