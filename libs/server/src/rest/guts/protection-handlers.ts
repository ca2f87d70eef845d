import type { ProtectionRule, ProtectionSettings } from "@guts/api";
import { requirementWords, type ProtectionSettings as Settings, type UnmetRequirement } from "@guts/governance";
import { parseRefName, shortRefName, type AccountId } from "@guts/primitives";

import { invalidField, notFound } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { openRepository, type OpenedRepository } from "../../use-cases/open-repository.ts";
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
import { accountsOf } from "../github/present-protection.ts";
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
      return { status: 200, body: [...presentRules(services, opened)] };
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
      const rule =
        found === undefined
          ? undefined
          : presentRules(services, opened).find(({ number }) => number === found.rule.number);
      const unmet = explainRef(state, repository, { ref, account: actor.account.id });
      const { push, forcePush, create, delete: deletion } = unmet;
      const words = { push: tell(push), forcePush: tell(forcePush), create: tell(create), delete: tell(deletion) };
      return { status: 200, body: { ref, rule: rule ?? null, ...words } };
    },
  };
}

async function putRule(services: Services, call: Call<`PUT ${Path}`>) {
  const { state, repository } = openRepository(services.ledger, call.actor, call.path, "manage-protection");
  const { target, pattern, reason = "" } = call.body;
  const name = { target, pattern };
  const settings = settingsOf(state, call.body.settings);
  const height = await setRule(services, call, { repository: repository.id, name, settings, reason });
  const opened = openRepository(services.ledger, call.actor, call.path);
  const number = findRule(opened.state, repository.id, name)?.rule.number;
  const body = presentRules(services, opened).find((rule) => rule.number === number);
  if (body === undefined) throw notFound(); // Somebody has removed it since.
  return { status: 200 as const, body, ...(height !== undefined && { height }) };
}

function tell(unmet: readonly UnmetRequirement[]) {
  return unmet.map((each) => ({ code: each.code, ...requirementWords(each) }));
}

function settingsOf(state: OpenedRepository["state"], settings: ProtectionSettings): Settings {
  const { pullRequest, checks, pushers } = settings;
  return {
    ...settings,
    pullRequest: pullRequest ?? undefined,
    checks: checks === null ? undefined : { ...checks, names: [...new Set(checks.names)] },
    pushers: pushers === null ? undefined : { accounts: accountsOf(state, pushers), teams: [] },
  };
}

function presentRules({ refs }: Services, { state, repository }: OpenedRepository): readonly ProtectionRule[] {
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
  return rules.map((rule) => presentRule(state, rule, governed.get(rule.rule.number) ?? []));
}

function presentRule(
  state: OpenedRepository["state"],
  stated: StatedRule,
  governed: readonly string[],
): ProtectionRule {
  const { rule, settings, setBy, createdTime, updatedTime } = stated;
  const handleOf = (id: AccountId): string | readonly string[] => state.account(id)?.handle ?? [];
  return {
    number: rule.number,
    target: rule.target,
    pattern: rule.pattern,
    settings: {
      ...settings,
      pullRequest: settings.pullRequest ?? null,
      checks: settings.checks === undefined ? null : { ...settings.checks, names: [...settings.checks.names] },
      pushers: settings.pushers === undefined ? null : settings.pushers.accounts.flatMap(handleOf),
    },
    setBy: state.account(setBy)?.handle ?? "",
    createdAt: isoTime(createdTime),
    updatedAt: isoTime(updatedTime),
    governs: { names: governed.slice(0, governedNamesMax), count: governed.length },
  };
}
