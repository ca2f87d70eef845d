/** Recovery codes, handles and repository names that are accepted are accepted again in their standard form. */
import {
  foldName,
  fromUtf8,
  parseFoldedName,
  parseHandle,
  parseRecoveryCode,
  parseRepositoryName,
  rootSeedOf,
} from "@guts/primitives";

export const dictionary = ["003G-W58W-4CN3-2E1Z-8S6N-8PV2-D5R7-EZJW", "-", " ", "I", "l", "O", ".git", ".", "ada"];

export function fuzz(bytes: Uint8Array): void {
  const text = fromUtf8(bytes);
  if (text === undefined) return;
  const code = parseRecoveryCode(text);
  if (code !== undefined && (parseRecoveryCode(code) !== code || rootSeedOf(code).length !== 32))
    throw new Error("a recovery code does not stand for itself");
  const handle = parseHandle(text);
  if (handle !== undefined && parseHandle(handle.toLowerCase()) === undefined)
    throw new Error("a handle depends on case");
  for (const name of [handle, parseRepositoryName(text)]) {
    if (name === undefined) continue;
    if (name !== text || !/^[\x21-\x7e]+$/.test(name)) throw new Error("a name is changed or not visible ASCII");
    if (parseFoldedName(foldName(name)) !== foldName(name)) throw new Error("a folded name is none");
  }
}
