import { GutsError, InvariantViolation } from "@guts/primitives";

/**
 * What a file in `targets/` exports.
 *
 * `fuzz` gives hostile bytes to one parser. It returns, or throws a `GutsError`; anything else that comes out of it, an
 * `InvariantViolation` included, is a bug. It says so too when something that must hold does not: `throw new Error`.
 */
export interface FuzzTarget {
  readonly fuzz: (bytes: Uint8Array) => void | Promise<void>;
  /** Words that the format knows, one character a byte. */
  readonly dictionary?: readonly string[];
}

/** What the target did with one input: it coped, or it has a bug. */
export type Verdict = { readonly outcome: "ok" } | Crash;

/** A bug. `signature` is equal for inputs that show the same bug. */
export interface Crash {
  readonly outcome: "crash";
  readonly signature: string;
  readonly text: string;
}

/** Gives `bytes` to the target. */
export async function execute(target: FuzzTarget, bytes: Uint8Array): Promise<Verdict> {
  try {
    await target.fuzz(bytes);
    return { outcome: "ok" };
  } catch (error) {
    if (error instanceof GutsError && !(error instanceof InvariantViolation)) return { outcome: "ok" };
    return describeCrash(error);
  }
}

function describeCrash(error: unknown): Crash {
  if (!(error instanceof Error)) return { outcome: "crash", signature: typeof error, text: `threw ${typeof error}` };
  const frame = error.stack?.split("\n").find((line) => line.trimStart().startsWith("at ")) ?? "";
  return { outcome: "crash", signature: `${error.name} ${frame.trim()}`, text: error.stack ?? String(error) };
}
