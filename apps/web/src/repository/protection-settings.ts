import type { ProtectionRule, ProtectionSettings } from "@guts/api";
import { exemptsAdministrators } from "@guts/api/protection";

/** Reviews that a rule asks for when nobody has said which. */
export const plainReview: NonNullable<ProtectionSettings["pullRequest"]> = {
  approvals: 1,
  dismissesStale: false,
  codeOwners: false,
  lastPushApproval: false,
  resolvedConversations: false,
};

/** A setting that is on or off, as the editor shows it. `is` tells whether it is on; `set` turns it. */
export interface Switch {
  readonly label: string;
  readonly hint: string;
  readonly is: (settings: ProtectionSettings) => boolean;
  readonly set: (settings: ProtectionSettings, isOn: boolean) => ProtectionSettings;
  /** Branches alone have it. */
  readonly isForBranches?: true;
}

/** Who and what a rule binds. */
export const switches: readonly Switch[] = [
  {
    label: "Require linear history",
    hint: "Merge commits may not come in.",
    is: ({ requiresLinearHistory }) => requiresLinearHistory,
    set: (settings, requiresLinearHistory) => ({ ...settings, requiresLinearHistory }),
    isForBranches: true,
  },
  {
    label: "Require signed pushes",
    hint: "The pusher’s own key must sign each push; a token does not do.",
    is: ({ requiresSignedPush }) => requiresSignedPush,
    set: (settings, requiresSignedPush) => ({ ...settings, requiresSignedPush }),
  },
  {
    label: "Lock",
    hint: "Nobody may push.",
    is: ({ isLocked }) => isLocked,
    set: (settings, isLocked) => ({ ...settings, isLocked }),
  },
  {
    label: "Forbid creation",
    hint: "Nobody may make a ref of such a name.",
    is: ({ allowsCreation }) => !allowsCreation,
    set: (settings, isForbidden) => ({ ...settings, allowsCreation: !isForbidden }),
  },
  {
    label: "Include administrators",
    hint: "All of the above binds administrators of the repository too; otherwise they are exempt.",
    is: ({ includesAdministrators }) => includesAdministrators,
    set: (settings, includesAdministrators) => ({ ...settings, includesAdministrators }),
  },
];

/** What a rule forbids everybody, administrators too, unless it is allowed. */
export const allowances: readonly Switch[] = [
  {
    label: "Allow force-pushes",
    hint: "History may be rewritten; a tag may be moved.",
    is: ({ allowsForcePush }) => allowsForcePush,
    set: (settings, allowsForcePush) => ({ ...settings, allowsForcePush }),
  },
  {
    label: "Allow deletions",
    hint: "Whoever may push may delete.",
    is: ({ allowsDeletion }) => allowsDeletion,
    set: (settings, allowsDeletion) => ({ ...settings, allowsDeletion }),
  },
];

/** What a rule asks for, in short phrases. */
export function summarize({ settings, target }: Pick<ProtectionRule, "settings" | "target">): readonly string[] {
  const { pullRequest, checks, pushers, bypassers, dismissers } = settings;
  const phrases: (string | false)[] = [
    settings.isLocked && "Locked",
    pullRequest !== null && `Pull request, ${pullRequest.approvals} approval${pullRequest.approvals === 1 ? "" : "s"}`,
    pullRequest?.codeOwners === true && "Code owners",
    checks !== null && `Checks: ${checks.names.join(", ")}`,
    pushers !== null && (pushers.length === 0 ? "Nobody may push" : `Pushes by ${pushers.join(", ")}`),
    bypassers.length > 0 && `No pull request from ${bypassers.join(", ")}`,
    dismissers !== null && `Reviews dismissed by ${dismissers.length === 0 ? "nobody" : dismissers.join(", ")}`,
    settings.requiresLinearHistory && "Linear history",
    settings.requiresSignedPush && "Signed pushes",
    !settings.allowsCreation && "No creation",
    !settings.allowsForcePush && (target === "tag" ? "Cannot be moved" : "No force-pushes"),
    !settings.allowsDeletion && "No deletions",
    settings.includesAdministrators && "Administrators included",
    exemptsAdministrators(settings) && "Administrators exempt",
  ];
  return phrases.filter((phrase) => phrase !== false);
}

/** Settings that a rule of this target can have: reviews, checks and history are branches' alone. */
export function settingsFor(target: ProtectionRule["target"], settings: ProtectionSettings): ProtectionSettings {
  const fitting =
    target === "branch" ? settings : { ...settings, pullRequest: null, checks: null, requiresLinearHistory: false };
  return fitting.pullRequest === null ? { ...fitting, bypassers: [], dismissers: null } : fitting;
}

/** The words of a list that a person types: separated by commas, spaces or lines. */
export function parseList(text: string, separator: RegExp): readonly string[] {
  return [...new Set(text.split(separator).map((part) => part.trim()))].filter((part) => part !== "");
}
