import { GutsError } from "@guts/primitives";

/** One validator cannot finalize for a network that has more. */
export class QuorumNeeded extends GutsError<"quorum-needed", { readonly validatorCount: number }> {
  constructor(validatorCount: number) {
    super("quorum-needed", `a network of ${validatorCount} validators needs their quorum to finalize`, {
      validatorCount,
    });
  }
}
