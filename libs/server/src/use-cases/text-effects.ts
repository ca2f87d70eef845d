import { textEffectsOf, type IssueReference, type Mention } from "@guts/collaboration";
import { refuseRepositoryAction, refuseTeamAction } from "@guts/governance";
import type { Effects, IssueKey } from "@guts/ledger";
import type { AccountId, IssueNumber, TeamId } from "@guts/primitives";

import { refuseActor, type SignedInActor } from "../auth/actor.ts";
import { findAccount, locateRepository } from "./find-repository.ts";
import type { OpenedRepository } from "./open-repository.ts";

/** No effects. */
export const noEffects: Effects = { mentions: [], teams: [], references: [], closes: [] };

/**
 * What a text in a repository causes: what it names that is there and that its author may name. Who may not read the repository is not
 * told of it.
 */
export function effectsOf(opened: OpenedRepository, actor: SignedInActor, text: string | null | undefined): Effects {
  if (text === null || text === undefined) return noEffects;
  const { mentions, references, closes } = textEffectsOf(text);
  const issues = (found: readonly IssueReference[]) => found.flatMap((each) => issueIn(opened, actor, each) ?? []);
  return {
    mentions: mentions.flatMap((mention) => personIn(opened, mention) ?? []),
    teams: mentions.flatMap((mention) => teamIn(opened, actor, mention) ?? []),
    references: issues(references),
    closes: issues(closes),
  };
}

function personIn({ state, repository }: OpenedRepository, mention: Mention): AccountId | undefined {
  if (mention.type !== "account") return undefined;
  const id = findAccount(state, mention.handle)?.account.id;
  if (id === undefined || !state.isActivePerson(id)) return undefined;
  const refusal = refuseRepositoryAction(state.repositoryAccess(repository, id, undefined), "read");
  return refusal === undefined ? id : undefined;
}

function teamIn({ state, owner }: OpenedRepository, { account }: SignedInActor, mention: Mention): TeamId | undefined {
  if (mention.type !== "team" || findAccount(state, mention.organization)?.account.id !== owner.id) return undefined;
  const team = state.organizations.findTeam(owner.id, mention.team);
  if (team === undefined) return undefined;
  const refusal = refuseTeamAction(state.organizations.teamAccess(team, account.id, undefined), "read");
  return refusal === undefined ? team.id : undefined;
}

function issueIn(
  { state, repository }: OpenedRepository,
  actor: SignedInActor,
  { repository: elsewhere, number }: IssueReference,
): IssueKey | undefined {
  const place = elsewhere ? locateRepository(state, elsewhere.owner, elsewhere.name)?.repository : repository;
  if (place === undefined || refuseActor(state, actor, place, "read") !== undefined) return undefined;
  const key = { repository: place.id, number: number as IssueNumber };
  return state.issues.issue(key) === undefined ? undefined : key;
}
