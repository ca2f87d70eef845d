import { encodeRecoveryCode, parseRecoveryCode, recoveryEntropyLength, type RecoveryCode } from "@guts/primitives";

/** A new root key, as the code that people write down. It is made here and leaves this device only by their hand. */
export function createRecoveryCode(): RecoveryCode {
  return encodeRecoveryCode(crypto.getRandomValues(new Uint8Array(recoveryEntropyLength)));
}

/** The groups of characters that a code is shown in. */
export function groupsOf(code: RecoveryCode): readonly string[] {
  return code.split("-");
}

/** A group to ask for, counted from 1, unpredictable enough that one cannot prepare only for it. */
export function chooseGroup(code: RecoveryCode): number {
  const [random = 0] = crypto.getRandomValues(new Uint8Array(1));
  return 1 + (random % groupsOf(code).length);
}

/** Whether `answer` is the group at `position` (from 1), read as forgivingly as a whole code is. */
export function isGroup(code: RecoveryCode, position: number, answer: string): boolean {
  const expected = groupsOf(code)[position - 1];
  const plain = answer.toUpperCase().replace(/[\s-]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
  return expected !== undefined && plain === expected;
}

/** The text of the file that keeps a code: what it is, whose, and what to do with it. */
export function recoveryFile(handle: string, networkName: string, code: RecoveryCode): string {
  return [
    "Guts recovery code",
    "",
    `Account: ${handle}`,
    `Network: ${networkName}`,
    `Code:    ${code}`,
    "",
    "This code is the account's root key. Whoever has it owns the account, at any node.",
    "Nobody can give you another one. Keep it where you keep things you cannot lose.",
    "To use it: open /recover at any node of the network, or run: guts auth recover",
    "",
  ].join("\n");
}

export { parseRecoveryCode, type RecoveryCode };
