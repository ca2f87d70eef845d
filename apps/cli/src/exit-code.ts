/** What the process answers to its shell; the same numbers as `gh`, and 130 for an interrupt as shells have it. */
export const exitCodes = { ok: 0, failure: 1, usage: 2, authenticationNeeded: 4, interrupted: 130 } as const;

/** One of {@link exitCodes}, or the exit code of a git that this command stood in for. */
export type ExitCode = number;
