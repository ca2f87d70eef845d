import type { ProtectionRule, ProtectionSettings } from "@guts/api";
import { exemptsAdministrators, plainProtection } from "@guts/api/protection";
import { usageError } from "../../cli-error.ts";
import type { CommandContext } from "../../context.ts";
import { selectRepository } from "../../git/select-repository.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { safeLine } from "../../terminal/safe-text.ts";
import { printTable } from "../../terminal/table.ts";
import { protectionFields } from "../../tree/fields.ts";
import { sayDone } from "../say.ts";

interface RuleOption {
  readonly repo?: string;
  readonly tag?: boolean;
  readonly reason?: string;
}

/** What `guts repo protect set` takes; what is not given is not asked for. */
export interface ProtectOptions extends RuleOption {
  readonly approvals?: string;
  readonly codeOwners?: boolean;
  readonly dismissStale?: boolean;
  readonly lastPushApproval?: boolean;
  readonly check?: readonly string[];
  readonly strict?: boolean;
  readonly push?: readonly string[];
  readonly bypass?: readonly string[];
  readonly dismiss?: readonly string[];
  readonly linear?: boolean;
  readonly signed?: boolean;
  readonly lock?: boolean;
  readonly includeAdmins?: boolean;
  readonly allowForcePush?: boolean;
  readonly allowDeletion?: boolean;
  readonly forbidCreation?: boolean;
}

/** `guts repo protect list`. */
export async function listRules(
  context: CommandContext,
  _args: readonly string[],
  options: { readonly repo?: string; readonly json?: JsonOption },
): Promise<void> {
  const { platform, style } = context;
  const { connection, owner, name } = await selectRepository(context, options.repo);
  const rules = await withProgress(platform.stderr, "Listing rules", () =>
    connection.client.call("GET /api/guts/repos/{owner}/{repo}/protection", { path: { owner, repo: name } }),
  );
  if (options.json !== undefined) return printJson(platform.stdout, options.json, protectionFields, rules);
  await printTable(
    platform.stdout,
    style,
    [
      { title: "Pattern", text: ({ pattern }) => pattern, style: style.strong },
      { title: "Of", text: ({ target }) => target },
      { title: "Governs", text: ({ governs }) => String(governs.count) },
      { title: "Asks for", text: ({ settings }) => summaryOf(settings), isFlexible: true },
    ],
    rules,
  );
}

/** `guts repo protect set`. */
export async function setRule(
  context: CommandContext,
  [pattern]: readonly string[],
  options: ProtectOptions,
): Promise<void> {
  const settings = settingsOf(options);
  const { connection, owner, name } = await selectRepository(context, options.repo);
  const target = options.tag === true ? ("tag" as const) : ("branch" as const);
  const body = { target, pattern: pattern!, settings, reason: options.reason ?? "" };
  const rule = await withProgress(context.platform.stderr, "Protecting", () =>
    connection.client.call("PUT /api/guts/repos/{owner}/{repo}/protection", { path: { owner, repo: name }, body }),
  );
  sayDone(context, `${nounOf(rule)} ${rule.pattern} of ${owner}/${name}: ${summaryOf(rule.settings)}`);
}

/** `guts repo protect remove`. */
export async function removeRule(
  context: CommandContext,
  [pattern]: readonly string[],
  options: RuleOption,
): Promise<void> {
  const { connection, owner, name } = await selectRepository(context, options.repo);
  const target = options.tag === true ? ("tag" as const) : ("branch" as const);
  const reason = options.reason === undefined ? {} : { reason: options.reason };
  await withProgress(context.platform.stderr, "Removing", () =>
    connection.client.call("DELETE /api/guts/repos/{owner}/{repo}/protection", {
      path: { owner, repo: name },
      query: { target, pattern: pattern!, ...reason },
    }),
  );
  sayDone(context, `Removed the rule for ${target} ${pattern} of ${owner}/${name}`);
}

/** `guts repo protect explain`. */
export async function explainRef(
  context: CommandContext,
  [ref]: readonly string[],
  options: RuleOption,
): Promise<void> {
  const { platform, style } = context;
  const { connection, owner, name } = await selectRepository(context, options.repo);
  const full = options.tag === true && !ref!.startsWith("refs/") ? `refs/tags/${ref}` : ref!;
  const told = await withProgress(platform.stderr, "Asking", () =>
    connection.client.call("GET /api/guts/repos/{owner}/{repo}/protection/explain", {
      path: { owner, repo: name },
      query: { ref: full },
    }),
  );
  const print = (text: string): void => {
    platform.stdout.write(`${safeLine(text)}\n`);
  };
  const { rule, isExempt } = told;
  print(rule === null ? `${told.ref}: no rule` : `${told.ref}: rule ${rule.pattern}, set by ${rule.setBy}`);
  if (isExempt) print("You administer the repository, and the rule does not include administrators.");
  for (const [deed, unmet] of Object.entries({
    push: told.push,
    "force-push": told.forcePush,
    create: told.create,
    delete: told.delete,
  })) {
    if (unmet.length === 0) print(`${deed}: ${style.good("yes")}`);
    else print(`${deed}: no`);
    for (const { what, who } of unmet) print(`- ${what} (${who})`);
  }
}

function settingsOf(options: ProtectOptions): ProtectionSettings {
  const { approvals, codeOwners, dismissStale, lastPushApproval, check, strict, push, bypass, dismiss } = options;
  const reviews = [approvals, codeOwners, dismissStale, lastPushApproval, bypass, dismiss];
  const isReviewed = reviews.some((value) => value !== undefined);
  return {
    ...plainProtection,
    pullRequest: isReviewed
      ? {
          approvals: approvalsOf(approvals ?? "1"),
          dismissesStale: dismissStale === true,
          codeOwners: codeOwners === true,
          lastPushApproval: lastPushApproval === true,
          resolvedConversations: false,
        }
      : null,
    checks: check === undefined ? null : { isStrict: strict === true, names: [...check] },
    pushers: push === undefined ? null : [...push],
    bypassers: [...(bypass ?? [])],
    dismissers: dismiss === undefined ? null : [...dismiss],
    requiresLinearHistory: options.linear === true,
    requiresSignedPush: options.signed === true,
    allowsForcePush: options.allowForcePush === true,
    allowsDeletion: options.allowDeletion === true,
    allowsCreation: options.forbidCreation !== true,
    isLocked: options.lock === true,
    includesAdministrators: options.includeAdmins === true,
  };
}

function approvalsOf(text: string): number {
  if (/^[0-6]$/.test(text)) return Number(text);
  throw usageError(`"${text}" is no number of approvals`, "Give a number from 0 to 6.");
}

function nounOf({ target }: ProtectionRule): string {
  return target === "tag" ? "Protected the tags" : "Protected the branches";
}

/** What a rule asks for, in a line. */
function summaryOf(settings: ProtectionSettings): string {
  const { pullRequest, checks, pushers, bypassers, dismissers } = settings;
  const asks = [
    settings.isLocked && "locked",
    pullRequest !== null &&
      `pull request (${pullRequest.approvals} approvals${pullRequest.codeOwners ? ", code owners" : ""})`,
    checks !== null && `checks ${checks.names.join(", ")}`,
    pushers !== null && `pushes by ${pushers.length === 0 ? "nobody" : pushers.join(", ")}`,
    bypassers.length > 0 && `no pull request from ${bypassers.join(", ")}`,
    dismissers !== null && `reviews dismissed by ${dismissers.length === 0 ? "nobody" : dismissers.join(", ")}`,
    settings.requiresLinearHistory && "linear history",
    settings.requiresSignedPush && "signed pushes",
    !settings.allowsCreation && "no creation",
    !settings.allowsForcePush && "no force-push",
    !settings.allowsDeletion && "no deletion",
    settings.includesAdministrators && "administrators too",
    exemptsAdministrators(settings) && "administrators exempt",
  ];
  return asks.filter((each) => each !== false).join("; ") || "nothing";
}
