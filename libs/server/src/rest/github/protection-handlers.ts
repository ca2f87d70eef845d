import type { ProtectionSettings } from "@guts/governance";
import { parseBranchName, type RefName } from "@guts/primitives";

import { invalidField, notFound, Refusal } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { openAtPresentName, type OpenedRepository } from "../../use-cases/open-repository.ts";
import { findRule, removeRule, ruleOfRef, setRule, type StatedRule } from "../../use-cases/protection.ts";
import {
  presentChecks,
  presentEnforcement,
  presentProtection,
  presentReviews,
  presentRules,
  settingsOf,
  type ProtectionPlace,
} from "./present-protection.ts";
import { Urls } from "./urls.ts";

type Repo = "/api/v3/repos/{owner}/{repo}";
type Protection = `${Repo}/branches/{branch}/protection`;
type RuleName = `${"GET" | "PUT" | "DELETE"} ${Protection}` | `GET ${Repo}/rules/branches/{+branch}`;
type PartName =
  `GET ${Protection}/${"required_status_checks" | "required_pull_request_reviews" | "enforce_admins" | "required_signatures"}`;
type SignatureName = `${"POST" | "DELETE"} ${Protection}/required_signatures`;

/** Protection of branches in GitHub's shapes. What governs a branch may be a rule with wildcards; what is set is the branch's own. */
export function protectionHandlers(services: Services): Pick<RouteHandlers, RuleName | PartName | SignatureName> {
  return { ...ruleHandlers(services), ...partHandlers(services), ...signatureHandlers(services) };
}

interface Opened extends OpenedRepository {
  readonly branch: string;
  readonly ref: RefName;
  readonly place: ProtectionPlace;
}

type BranchCall = Pick<Call<`GET ${Protection}`>, "actor" | "path" | "url" | "baseUrl">;

function openBranch({ ledger }: Services, call: BranchCall, action: "read" | "manage-protection" = "read"): Opened {
  const opened = openAtPresentName(ledger, call, action);
  const { branch } = call.path;
  const ref = parseBranchName(branch);
  if (ref === undefined) throw new Refusal("not-found", "Branch not found");
  const urls = new Urls(call.baseUrl);
  const url = `${urls.repository(opened.fullName)}/branches/${encodeURIComponent(branch)}/protection`;
  return { ...opened, branch, ref, place: { state: opened.state, urls, url } };
}

function requireRule({ state, repository, ref }: Opened): StatedRule {
  const rule = ruleOfRef(state, repository.id, ref);
  if (rule === undefined) throw new Refusal("not-found", "Branch not protected");
  return rule;
}

/** The rule of exactly this branch. One that a rule with wildcards governs has none of its own to change. */
function requireOwnRule(opened: Opened): StatedRule {
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
      const settings = settingsOf(call.body, { state, requiresSignedPush });
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
  const part = <Body>(call: BranchCall, present: (settings: ProtectionSettings, url: string) => Body | undefined) => {
    const opened = openBranch(services, call);
    const body = present(requireRule(opened).settings, opened.place.url);
    if (body === undefined) throw notFound();
    return { status: 200 as const, body };
  };
  return {
    "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_status_checks": (call) =>
      part(call, presentChecks),
    "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_pull_request_reviews": (call) =>
      part(call, presentReviews),
    "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/enforce_admins": (call) =>
      part(call, ({ includesAdministrators }, url) =>
        presentEnforcement(`${url}/enforce_admins`, includesAdministrators),
      ),
    "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures": (call) =>
      part(call, ({ requiresSignedPush }, url) => presentEnforcement(`${url}/required_signatures`, requiresSignedPush)),
  };
}

function signatureHandlers(services: Services): Pick<RouteHandlers, SignatureName> {
  const set = async (call: Call<`POST ${Protection}/required_signatures`>, requiresSignedPush: boolean) => {
    const opened = openBranch(services, call, "manage-protection");
    const { rule, settings } = requireOwnRule(opened);
    const change = {
      repository: rule.repository,
      name: rule,
      settings: { ...settings, requiresSignedPush },
      reason: "",
    };
    const height = await setRule(services, call, change);
    return { url: `${opened.place.url}/required_signatures`, extra: height === undefined ? {} : { height } };
  };
  return {
    "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures": async (call) => {
      const { url, extra } = await set(call, true);
      return { status: 200, body: presentEnforcement(url, true), ...extra };
    },
    "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures": async (call) => {
      const { extra } = await set(call, false);
      return { status: 204, body: undefined, ...extra };
    },
  };
}
