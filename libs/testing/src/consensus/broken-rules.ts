import { votingRules, type VotingRules } from "@guts/consensus";

/** A rule that is broken, as a statement about who breaks it. */
export type BrokenRule =
  | "notarizes twice in a view"
  | "finalizes what it nullified"
  | "nullifies what it finalized"
  | "votes without the nullifications of the views between"
  | "votes without the parent's notarization"
  | "takes two of four for a quorum";

/** Every way to break a voting rule that lets the chain fork by votes alone, whatever journal and network do. */
export const brokenRules: Readonly<Record<BrokenRule, VotingRules>> = {
  "notarizes twice in a view": { ...votingRules, mayNotarize: () => true },
  "finalizes what it nullified": {
    ...votingRules,
    mayFinalize: (own, block) => own.finalized === undefined || own.finalized === block,
  },
  "nullifies what it finalized": { ...votingRules, mayNullify: () => true },
  "votes without the nullifications of the views between": {
    ...votingRules,
    extendsCertified: (view, parent, certified) =>
      parent.view < view && (parent.view === certified.floor.view || certified.notarizedIn(parent.view) === parent.id),
  },
  "votes without the parent's notarization": {
    ...votingRules,
    extendsCertified: (view, parent, certified) => {
      for (let skipped = parent.view + 1; skipped < view; skipped++) if (!certified.isNullified(skipped)) return false;
      return parent.view < view;
    },
  },
  "takes two of four for a quorum": {
    ...votingRules,
    isQuorum: (votes, validatorCount) => votes >= Math.floor(validatorCount / 2),
  },
};
