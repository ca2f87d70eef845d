import { GutsError } from "./guts-error.ts";

/** A programmer's error: the state is not what the code proves it to be. The process must stop; never catch it. */
export class InvariantViolation extends GutsError<"invariant-violated", undefined> {
  constructor(message: string) {
    super("invariant-violated", message, undefined);
  }
}

/** Stops the replica when `condition` is false. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantViolation(message);
}

/** Marks a branch that the types prove unreachable, such as the end of a switch over a union. */
export function assertNever(value: never): never {
  throw new InvariantViolation(`unreachable value: ${String(value)}`);
}
