import type { Network } from "@guts/api";

/** The colour that says how the network is: nothing for well, `late` when no more may fail, `down` when nothing can be written. */
export function quorumState({ quorum }: Pick<Network, "quorum">): "" | "late" | "down" {
  const { validatorCount, upCount, neededCount } = quorum;
  if (upCount < neededCount) return "down";
  return upCount < validatorCount ? "late" : "";
}
