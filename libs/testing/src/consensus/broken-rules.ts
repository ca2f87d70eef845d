import { votingRules, type VotingRules } from "@guts/consensus";

/** The voting rules with one of them broken. */
export interface BrokenRules {
  readonly name: string;
  readonly rules: VotingRules;
}

/** Every way to break a voting rule that lets the chain fork by votes alone, whatever the journal does. */
export const brokenRules: readonly BrokenRules[] = [
  { name: "notarizes twice in a view", rules: { ...votingRules, mayNotarize: () => true } },
  {
    name: "finalizes what it nullified",
    rules: { ...votingRules, mayFinalize: (own, block) => own.finalized === undefined || own.finalized === block },
  },
  { name: "nullifies what it finalized", rules: { ...votingRules, mayNullify: () => true } },
  {
    name: "votes without the nullifications of the views between",
    rules: {
      ...votingRules,
      extendsCertified: (view, parent, certified) =>
        parent.view < view && (parent.view === 0 || certified.notarizedIn(parent.view) === parent.id),
    },
  },
  {
    name: "votes without the parent's notarization",
    rules: {
      ...votingRules,
      extendsCertified: (view, parent, certified) => {
        for (let skipped = parent.view + 1; skipped < view; skipped++)
          if (!certified.isNullified(skipped)) return false;
        return parent.view < view;
      },
    },
  },
  {
    name: "takes two of four for a quorum",
    rules: { ...votingRules, isQuorum: (votes, validatorCount) => votes >= Math.floor(validatorCount / 2) },
  },
];
