/** The bytes of protection rules (formats-v1, "Protection"). */
import {
  noActors,
  protectionLimits,
  type ProtectionActors,
  type ProtectionSettings,
  type ProtectionTarget,
} from "@guts/governance";
import { accountIdCodec, bool, list, oneOf, option, struct, teamIdCodec, text, u8, type Codec } from "@guts/primitives";

const { checkNameBytesMax, patternBytesMax, protectionActorsMax, protectionChecksMax } = protectionLimits;

/** What a rule is about. */
export const protectionHeadCodec = struct({
  target: oneOf<ProtectionTarget>({ branch: 1, tag: 2 }),
  pattern: text(patternBytesMax),
});

/** People and teams whom a rule names. */
export const protectionActorsCodec: Codec<ProtectionActors> = struct({
  accounts: list(accountIdCodec, protectionActorsMax),
  teams: list(teamIdCodec, protectionActorsMax),
});

/** What a rule asks, without whom it exempts from reviews and who may dismiss them. */
export type FirstProtectionSettings = Omit<ProtectionSettings, "bypassers" | "dismissers">;

/** What a rule asks, as rules were first set: a row, and the payload of `protection.set`. */
export const firstProtectionSettingsCodec: Codec<FirstProtectionSettings> = struct({
  pullRequest: option(
    struct({
      approvals: u8,
      dismissesStale: bool,
      codeOwners: bool,
      lastPushApproval: bool,
      resolvedConversations: bool,
    }),
  ),
  checks: option(struct({ isStrict: bool, names: list(text(checkNameBytesMax), protectionChecksMax) })),
  pushers: option(protectionActorsCodec),
  requiresLinearHistory: bool,
  requiresSignedPush: bool,
  allowsForcePush: bool,
  allowsDeletion: bool,
  allowsCreation: bool,
  isLocked: bool,
  includesAdministrators: bool,
});

/** Whom a rule names beside its pushers. */
export const reviewActorsCodec = struct({
  bypassers: protectionActorsCodec,
  dismissers: option(protectionActorsCodec),
});

/** Everything that a rule asks. */
export const protectionSettingsCodec: Codec<ProtectionSettings> = {
  write: (writer, settings) => {
    firstProtectionSettingsCodec.write(writer, settings);
    reviewActorsCodec.write(writer, settings);
  },
  read: (reader) => ({ ...firstProtectionSettingsCodec.read(reader), ...reviewActorsCodec.read(reader) }),
};

/** Settings as rules were first set: they exempt nobody, and leave it to whoever may write to dismiss reviews. */
export function withoutReviewActors(settings: FirstProtectionSettings): ProtectionSettings {
  return { ...settings, bypassers: noActors, dismissers: undefined };
}

/** Whether settings have anything beside what rules had first. */
export function hasReviewActors({ bypassers, dismissers }: ProtectionSettings): boolean {
  return bypassers.accounts.length + bypassers.teams.length > 0 || dismissers !== undefined;
}
