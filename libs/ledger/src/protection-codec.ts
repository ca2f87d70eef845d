/** The bytes of protection rules (formats-v1, "Protection"). */
import { protectionLimits, type ProtectionSettings, type ProtectionTarget } from "@guts/governance";
import { accountIdCodec, bool, list, oneOf, option, struct, text, u64, u8, type Codec } from "@guts/primitives";

const { checkNameBytesMax, patternBytesMax, protectionActorsMax, protectionChecksMax } = protectionLimits;

/** What a rule is about. */
export const protectionHeadCodec = struct({
  target: oneOf<ProtectionTarget>({ branch: 1, tag: 2 }),
  pattern: text(patternBytesMax),
});

/** What a rule asks. */
export const protectionSettingsCodec: Codec<ProtectionSettings> = struct({
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
  pushers: option(
    struct({ accounts: list(accountIdCodec, protectionActorsMax), teams: list(u64, protectionActorsMax) }),
  ),
  requiresLinearHistory: bool,
  requiresSignedPush: bool,
  allowsForcePush: bool,
  allowsDeletion: bool,
  allowsCreation: bool,
  isLocked: bool,
  includesAdministrators: bool,
});
