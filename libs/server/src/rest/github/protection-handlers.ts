import { noActors, type ProtectionSettings } from "@guts/governance";
import { parseBranchName, type RefName } from "@guts/primitives";

import { invalidField, notFound, Refusal } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import type { ChangeRequest } from "../../use-cases/change-repositories.ts";
import { openAtPresentName, type OpenedRepository } from "../../use-cases/open-repository.ts";
import { teamSight, withoutGone } from "../../use-cases/protection-actors.ts";
import { findRule, removeRule, ruleOfRef, setRule, type StatedRule } from "../../use-cases/protection.ts";
import { textReader } from "../../use-cases/texts.ts";
import {
  checksOf,
  presentChecks,
  presentEnforcement,
  presentProtection,
  presentReviews,
  presentRules,
  settingsOf,
  withReviews,
  type ProtectionPlace,
} from "./present-protection.ts";
import { Urls } from "./urls.ts";

type Repo = "/api/v3/repos/{owner}/{repo}";
type Protection = `${Repo}/branches/{branch}/protection`;
type RuleName = `${"GET" | "PUT" | "DELETE"} ${Protection}` | `GET ${Repo}/rules/branches/{+branch}`;
type PartName =
  `GET ${Protection}/${"required_status_checks" | "required_pull_request_reviews" | "enforce_admins" | "required_signatures"}`;
type SwitchName = `${"POST" | "DELETE"} ${Protection}/${"required_signatures" | "enforce_admins"}`;
type PartChangeName =
  `${"PATCH" | "DELETE"} ${Protection}/${"required_status_checks" | "required_pull_request_reviews"}`;

/** Protection of branches in GitHub's shapes. What governs a branch may be a rule with wildcards; what is set is the branch's own. */
export function protectionHandlers(
  services: Services,
): Pick<RouteHandlers, RuleName | PartName | SwitchName | PartChangeName> {
  return {
    ...ruleHandlers(services),
    ...partHandlers(services),
    ...switchHandlers(services),
    ...partChangeHandlers(services),
  };
}

/** A branch whose protection is asked for. */
export interface OpenedBranch extends OpenedRepository {
  readonly branch: string;
  readonly ref: RefName;
  readonly place: ProtectionPlace;
}

/** Who asks about a branch, and where. */
export type BranchCall = Pick<Call<`GET ${Protection}`>, "actor" | "path" | "url" | "baseUrl">;

/** The branch of the path, which need not be there. Throws `Refusal`. */
export function openBranch(
  { ledger }: Services,
  call: BranchCall,
  action: "read" | "manage-protection" = "read",
): OpenedBranch {
  const opened = openAtPresentName(ledger, call, action);
  const { branch } = call.path;
  const ref = parseBranchName(branch);
  if (ref === undefined) throw new Refusal("not-found", "Branch not found");
  const urls = new Urls(call.baseUrl);
  const url = `${urls.repository(opened.fullName)}/branches/${encodeURIComponent(branch)}/protection`;
  const place = { state: opened.state, urls, url, text: textReader(ledger), seesTeam: teamSight(opened, call.actor) };
  return { ...opened, branch, ref, place };
}

/** The rule that governs the branch. Throws `Refusal` where there is none. */
export function requireRule({ state, repository, ref }: OpenedBranch): StatedRule {
  const rule = ruleOfRef(state, repository.id, ref);
  if (rule === undefined) throw new Refusal("not-found", "Branch not protected");
  return rule;
}

/** The rule of exactly this branch. One that a rule with wildcards governs has none of its own to change. */
function requireOwnRule(opened: OpenedBranch): StatedRule {
  const { state, repository, branch } = opened;
  const own = findRule(state, repository.id, { target: "branch", pattern: branch });
  if (own !== undefined) return own;
  const { pattern } = requireRule(opened).rule;
  const message = `is protected by the rule for ${pattern}; change that one at /api/guts/repos/${opened.fullName}/protection`;
  throw invalidField({ resource: "Protection", field: "branch", message });
}

function ruleHandlers(services: Services): Pick<RouteHandlers, RuleName> {
  const { ledger } = services;
  return {
    "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection": (call) => {
      const opened = openBranch(services, call);
      return { status: 200, body: presentProtection(requireRule(opened).settings, opened.place) };
    },
    "PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection": async (call) => {
      const { state, repository, branch, place } = openBranch(services, call, "manage-protection");
      const name = { target: "branch", pattern: branch } as const;
      const requiresSignedPush = findRule(state, repository.id, name)?.settings.requiresSignedPush ?? false;
      const settings = settingsOf(call.body, { state, repository, requiresSignedPush });
      const height = await setRule(services, call, { repository: repository.id, name, settings, reason: "" });
      const body = presentProtection(settings, { ...place, state: ledger.state() });
      return { status: 200, body, ...(height !== undefined && { height }) };
    },
    "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection": async (call) => {
      const opened = openBranch(services, call, "manage-protection");
      const { rule } = requireOwnRule(opened);
      const height = await removeRule(services, call, { repository: rule.repository, name: rule, reason: "" });
      return { status: 204, body: undefined, height };
    },
    "GET /api/v3/repos/{owner}/{repo}/rules/branches/{+branch}": (call) => {
      const { state, repository, ref } = openBranch(services, call);
      return { status: 200, body: [...presentRules(ruleOfRef(state, repository.id, ref)?.settings)] };
    },
  };
}

function partHandlers(services: Services): Pick<RouteHandlers, PartName> {
  const part = <Body>(
    call: BranchCall,
    present: (settings: ProtectionSettings, place: ProtectionPlace) => Body | undefined,
  ) => {
    const opened = openBranch(services, call);
    const body = present(requireRule(opened).settings, opened.place);
    if (body === undefined) throw notFound();
    return { status: 200 as const, body };
  };
  return {
    "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_status_checks": (call) =>
      part(call, (settings, { url }) => presentChecks(settings, url)),
    "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_pull_request_reviews": (call) =>
      part(call, presentReviews),
    "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/enforce_admins": (call) =>
      part(call, ({ includesAdministrators }, { url }) =>
        presentEnforcement(`${url}/enforce_admins`, includesAdministrators),
      ),
    "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures": (call) =>
      part(call, ({ requiresSignedPush }, { url }) =>
        presentEnforcement(`${url}/required_signatures`, requiresSignedPush),
      ),
  };
}

/** Changes what the branch's own rule asks. Settings that it has already are no error. Throws `Refusal`. */
export async function changeOwnRule(
  services: Services,
  call: BranchCall & ChangeRequest,
  change: (settings: ProtectionSettings, opened: OpenedBranch) => ProtectionSettings,
) {
  const opened = openBranch(services, call, "manage-protection");
  const { rule, settings: before } = requireOwnRule(opened);
  const settings = change(withoutGone(opened.state, opened.repository, before), opened);
  const height = await setRule(services, call, { repository: rule.repository, name: rule, settings, reason: "" });
  const place = { ...opened.place, state: services.ledger.state() };
  return { settings, place, extra: height === undefined ? {} : { height } };
}

function switchHandlers(services: Services): Pick<RouteHandlers, SwitchName> {
  const turn = async (
    call: BranchCall & ChangeRequest,
    part: "required_signatures" | "enforce_admins",
    isOn: boolean,
  ) => {
    const change = part === "enforce_admins" ? { includesAdministrators: isOn } : { requiresSignedPush: isOn };
    const { place, extra } = await changeOwnRule(services, call, (settings) => ({ ...settings, ...change }));
    return { body: presentEnforcement(`${place.url}/${part}`, isOn), extra };
  };
  const on = async (call: BranchCall & ChangeRequest, part: Parameters<typeof turn>[1]) => {
    const { body, extra } = await turn(call, part, true);
    return { status: 200 as const, body, ...extra };
  };
  const off = async (call: BranchCall & ChangeRequest, part: Parameters<typeof turn>[1]) => {
    const { extra } = await turn(call, part, false);
    return { status: 204 as const, body: undefined, ...extra };
  };
  return {
    "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures": (call) =>
      on(call, "required_signatures"),
    "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures": (call) =>
      off(call, "required_signatures"),
    "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/enforce_admins": (call) =>
      on(call, "enforce_admins"),
    "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/enforce_admins": (call) =>
      off(call, "enforce_admins"),
  };
}

function partChangeHandlers(services: Services): Pick<RouteHandlers, PartChangeName> {
  return {
    "PATCH /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_status_checks": async (call) => {
      const { settings, place, extra } = await changeOwnRule(services, call, (before) => {
        if (before.checks === undefined) throw new Refusal("not-found", "Required status checks not enabled");
        return { ...before, checks: checksOf(before.checks, call.body) };
      });
      return { status: 200, body: presentChecks(settings, place.url)!, ...extra };
    },
    "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_status_checks": async (call) => {
      const { extra } = await changeOwnRule(services, call, (before) => ({ ...before, checks: undefined }));
      return { status: 204, body: undefined, ...extra };
    },
    "PATCH /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_pull_request_reviews": async (call) => {
      const { settings, place, extra } = await changeOwnRule(services, call, (before, opened) =>
        withReviews(before, call.body, opened),
      );
      return { status: 200, body: presentReviews(settings, place)!, ...extra };
    },
    "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_pull_request_reviews": async (call) => {
      const { extra } = await changeOwnRule(services, call, (before) => ({
        ...before,
        pullRequest: undefined,
        bypassers: noActors,
        dismissers: undefined,
      }));
      return { status: 204, body: undefined, ...extra };
    },
  };
}
