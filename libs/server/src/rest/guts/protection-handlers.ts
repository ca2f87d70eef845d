import type { ProtectionChange, ProtectionRule } from "@guts/api";
import { requirementWords, type ProtectionSettings as Settings, type UnmetRequirement } from "@guts/governance";
import { parseRefName, shortRefName } from "@guts/primitives";

import type { Actor } from "../../auth/actor.ts";

import { invalidField, notFound } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { openRepository, type OpenedRepository } from "../../use-cases/open-repository.ts";
import { actorNames, parseActors, teamSight, type SeesTeam } from "../../use-cases/protection-actors.ts";
import {
  explainRef,
  findRule,
  removeRule,
  ruleFinder,
  ruleOfRef,
  setRule,
  stateRule,
  type StatedRule,
} from "../../use-cases/protection.ts";
import { isoTime } from "../iso-time.ts";

type Path = "/api/guts/repos/{owner}/{repo}/protection";
type Name = `${"GET" | "PUT" | "DELETE"} ${Path}` | `GET ${Path}/explain`;

/** Names of governed refs that a rule is shown with. */
const governedNamesMax = 5;

/** Protection rules by pattern, and what they mean for who asks. */
export function gutsProtectionHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger } = services;
  return {
    "GET /api/guts/repos/{owner}/{repo}/protection": ({ actor, path }) => {
      const opened = openRepository(ledger, actor, path);
      return { status: 200, body: [...presentRules(services, opened, actor)] };
    },
    "PUT /api/guts/repos/{owner}/{repo}/protection": (call) => putRule(services, call),
    "DELETE /api/guts/repos/{owner}/{repo}/protection": async (call) => {
      const { repository } = openRepository(ledger, call.actor, call.path, "manage-protection");
      const { target, pattern, reason = "" } = call.query;
      const height = await removeRule(services, call, { repository: repository.id, name: { target, pattern }, reason });
      return { status: 204, body: undefined, height };
    },
    "GET /api/guts/repos/{owner}/{repo}/protection/explain": ({ actor, path, query }) => {
      const opened = openRepository(ledger, actor, path);
      const { state, repository } = opened;
      const ref = parseRefName(query.ref.startsWith("refs/") ? query.ref : `refs/heads/${query.ref}`);
      if (ref === undefined)
        throw invalidField({ resource: "Protection", field: "ref", message: "is no name of a ref" });
      const found = ruleOfRef(state, repository.id, ref);
      const rule = found === undefined ? null : presentRule(state, found, teamSight(opened, actor));
      const { isExempt, ...unmet } = explainRef(state, repository, { ref, account: actor.account.id });
      const { push, forcePush, create, delete: deletion } = unmet;
      const words = { push: tell(push), forcePush: tell(forcePush), create: tell(create), delete: tell(deletion) };
      return { status: 200, body: { ref, rule, isExempt, ...words } };
    },
  };
}

async function putRule(services: Services, call: Call<`PUT ${Path}`>) {
  const { state, repository } = openRepository(services.ledger, call.actor, call.path, "manage-protection");
  const { target, pattern, reason = "" } = call.body;
  const name = { target, pattern };
  const settings = settingsOf({ state, repository }, call.body.settings);
  const height = await setRule(services, call, { repository: repository.id, name, settings, reason });
  const opened = openRepository(services.ledger, call.actor, call.path);
  const number = findRule(opened.state, repository.id, name)?.rule.number;
  const body = presentRules(services, opened, call.actor).find((rule) => rule.number === number);
  if (body === undefined) throw notFound(); // Somebody has removed it since.
  return { status: 200 as const, body, ...(height !== undefined && { height }) };
}

function tell(unmet: readonly UnmetRequirement[]) {
  return unmet.map((each) => ({ code: each.code, ...requirementWords(each) }));
}

function settingsOf(
  { state, repository }: Pick<OpenedRepository, "state" | "repository">,
  settings: ProtectionChange["settings"],
): Settings {
  const { pullRequest, checks, pushers, bypassers = [], dismissers = null } = settings;
  const parse = (names: readonly string[], field: string) => parseActors(state, repository, { names, field });
  return {
    ...settings,
    pullRequest: pullRequest ?? undefined,
    checks: checks === null ? undefined : { ...checks, names: [...new Set(checks.names)] },
    pushers: pushers === null ? undefined : parse(pushers, "pushers"),
    bypassers: parse(bypassers, "bypassers"),
    dismissers: dismissers === null ? undefined : parse(dismissers, "dismissers"),
  };
}

function presentRules({ refs }: Services, opened: OpenedRepository, actor: Actor): readonly ProtectionRule[] {
  const { state, repository } = opened;
  const seesTeam = teamSight(opened, actor);
  const governed = new Map<number, string[]>();
  const find = ruleFinder(state, repository.id);
  const rules = Array.from(state.protectionRules(repository.id), (rule) => stateRule(state, rule));
  if (rules.length > 0) {
    for (const { name } of refs.list(state, repository)) {
      const rule = find(name);
      if (rule === "exhausted") break;
      if (rule === undefined) continue;
      const names = governed.get(rule.number);
      if (names === undefined) governed.set(rule.number, [shortRefName(name)]);
      else names.push(shortRefName(name));
    }
  }
  return rules.map((rule) => {
    const names = governed.get(rule.rule.number) ?? [];
    const governs = { names: names.slice(0, governedNamesMax), count: names.length };
    return { ...presentRule(state, rule, seesTeam), governs };
  });
}

function presentRule(
  state: OpenedRepository["state"],
  stated: StatedRule,
  seesTeam: SeesTeam,
): Omit<ProtectionRule, "governs"> {
  const { rule, settings, setBy, createdTime, updatedTime } = stated;
  const { pullRequest = null, checks, pushers, bypassers, dismissers } = settings;
  return {
    number: rule.number,
    target: rule.target,
    pattern: rule.pattern,
    settings: {
      ...settings,
      pullRequest,
      checks: checks === undefined ? null : { ...checks, names: [...checks.names] },
      pushers: pushers === undefined ? null : actorNames(state, pushers, seesTeam),
      bypassers: actorNames(state, bypassers, seesTeam),
      dismissers: dismissers === undefined ? null : actorNames(state, dismissers, seesTeam),
    },
    setBy: state.account(setBy)?.handle ?? "",
    createdAt: isoTime(createdTime),
    updatedAt: isoTime(updatedTime),
  };
}
