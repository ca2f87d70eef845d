/** Bounds of reading OpenPGP keys: what a person's own key has, many times over. */
export const openPgpLimits = {
  /** Characters of an armored key. */
  armorLengthMax: 64 * 1024,
  packetsMax: 500,
  userIdsMax: 50,
  subkeysMax: 50,
  /** Signatures that are checked; each takes a fraction of a millisecond. */
  signaturesMax: 300,
  /** Keys that stay parsed, so that a list does not check their signatures again. */
  parsedKeysMax: 500,
} as const;
