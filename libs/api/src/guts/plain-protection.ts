/** What clients know of protection rules without any schema: the web page and the command load this alone. */
import type { ProtectionSettings } from "./protection.ts";

/** What a rule asks of which nobody says more: that refs are neither rewritten nor deleted. */
export const plainProtection: ProtectionSettings = {
  pullRequest: null,
  checks: null,
  pushers: null,
  bypassers: [],
  dismissers: null,
  requiresLinearHistory: false,
  requiresSignedPush: false,
  allowsForcePush: false,
  allowsDeletion: false,
  allowsCreation: true,
  isLocked: false,
  includesAdministrators: false,
};

/** Whether a rule asks something of others that it does not ask of who administers the repository. */
export function exemptsAdministrators(settings: ProtectionSettings): boolean {
  const { pullRequest, checks, pushers, requiresLinearHistory, requiresSignedPush, allowsCreation, isLocked } =
    settings;
  if (settings.includesAdministrators) return false;
  const isSelective = pullRequest !== null || checks !== null || pushers !== null;
  return isSelective || requiresLinearHistory || requiresSignedPush || !allowsCreation || isLocked;
}
