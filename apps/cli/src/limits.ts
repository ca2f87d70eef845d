/** Longest that one request to a node may take before the command gives up, in milliseconds. */
export const requestTimeoutMs = 60_000;

/** How long a command remembers the greatest height that one before it saw of a network, in milliseconds. */
export const seenHeightLifeMs = 10 * 60_000;

/** Longest that `guts api` waits for an answer and all of its body, in milliseconds. */
export const apiTimeoutMs = 10 * 60_000;

/** Most bytes of an answer that are read into memory; `guts api` streams and is not bound by it. */
export const responseBytesMax = 32 * 1024 * 1024;

/** Work that takes longer than this on a terminal shows that it is going on, in milliseconds. */
export const progressDelayMs = 300;

/** Most bytes that are read from standard input where a short text (a token, a password, a code) is expected. */
export const secretInputBytesMax = 8 * 1024;

/** Most bytes of a request of git's credential protocol. */
export const credentialRequestBytesMax = 64 * 1024;

/** Most bytes of the hosts file or of a key file. */
export const configFileBytesMax = 1024 * 1024;

/** Most items that a list command prints unless `--limit` says otherwise. */
export const listLimitDefault = 30;

/** Most items that `--limit` may ask for. */
export const listLimitMax = 10_000;

/** Most items of one page of the API; GitHub's limit. */
export const pageSizeMax = 100;

/** Most bytes of what a git command that is asked a question may answer. */
export const gitAnswerBytesMax = 1024 * 1024;

/** Longest that git may take to answer a local question, in milliseconds. */
export const gitAnswerTimeoutMs = 10_000;

/** Fewest and most characters of a password; the node's own limits, known here so that a prompt can say so at once. */
export const passwordLengthMin = 10;
export const passwordLengthMax = 1024;

/** Days that a new token lives unless `--expires` says otherwise, and most days that it may live. */
export const tokenDaysDefault = 90;
export const tokenDaysMax = 366;

/** How long before its end a token's expiry is pointed out, in milliseconds. */
export const expirySoonMs = 7 * 24 * 3600 * 1000;

/** Days that an invitation to the network lives unless `--expires` says otherwise, and most days that it may live. */
export const invitationDaysDefault = 7;
export const invitationDaysMax = 90;
/** Most accounts that one invitation opens, and most that a budget may be set to. */
export const invitationUsesMax = 1_000;
export const budgetAmountMax = 1_000_000;

/** Most bytes of a genesis document, or of a proof: an envelope, a result, headers and a certificate. */
export const proofBytesMax = 1024 * 1024;

/** Characters that are read of what ssh-keygen says; a signature has some 300. */
export const sshSignatureBytesMax = 8_192;
/** Most events of a log that is read whole: some hundred megabytes at the utmost. */
export const eventLogEventsMax = 100_000;
