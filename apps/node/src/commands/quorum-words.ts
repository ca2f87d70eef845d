import { quorumOf } from "@guts/verifier";

/** What a number of validators means for a network's operators, in plain words: who must agree, and what it rides out. */
export function quorumLines(validatorCount: number): readonly string[] {
  const quorum = quorumOf(validatorCount);
  const spare = validatorCount - quorum;
  return [
    `validators ${validatorCount}, of whom ${quorum} must agree on every block`,
    `down       ${spare === 0 ? "none may be down, or nothing is written until it is back; reads go on" : `${upTo(spare)} may be down, and pushes go on`}`,
    `lying      ${spare === 0 ? "none may lie" : `${upTo(spare)} may lie or be taken over, and nothing that was acknowledged changes`}`,
    ...adviceFor(validatorCount),
  ];
}

function upTo(count: number): string {
  return count === 1 ? "one" : `up to ${count}`;
}

function adviceFor(validatorCount: number): readonly string[] {
  if (validatorCount === 2)
    return [
      "warning    two validators stop as soon as either is down, which is twice as often as one alone; use 1, or 4 and more",
    ];
  if (validatorCount === 3)
    return [
      "note       three validators never contradict each other, but four is the smallest network that rides out a fault",
    ];
  const asGood = 3 * Math.floor((validatorCount - 1) / 3) + 1;
  return validatorCount > 4 && asGood !== validatorCount
    ? [`note       ${asGood} validators would ride out as many faults, and agree sooner`]
    : [];
}
