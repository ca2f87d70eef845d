import type {
  MemberCard,
  OrganizationCard,
  OwnMembership,
  OwnOrganizationInvitation,
  PersonCard,
  TeamCard,
} from "@guts/api";
import { creationOf, refuseOrganizationAction, type CredentialPowers } from "@guts/governance";
import type { Account, ForgeState, Team, tables } from "@guts/ledger";
import { teamSlugOf } from "@guts/primitives";

import type { ReadText } from "../github/present-user.ts";
import { isoTime } from "../iso-time.ts";

/** An organization in a list. */
export function presentOrganizationCard(organization: Account, text: ReadText): OrganizationCard {
  return { ...presentPersonCard(organization, text), description: text(organization.bio) };
}

/** Somebody in a list. */
export function presentPersonCard(account: Account, text: ReadText): PersonCard {
  return { handle: account.handle, name: text(account.displayName) };
}

/** A member in the list of people. */
export function presentMember(account: Account, row: tables.OrganizationMemberRow, text: ReadText): MemberCard {
  const { role, visibility, sinceTime } = row;
  return {
    ...presentPersonCard(account, text),
    role,
    isPublic: visibility === "public",
    sinceTime: isoTime(sinceTime),
  };
}

/** Somebody's membership of an organization with what it lets this credential of theirs do; undefined for who is no member. */
export function presentOwnMembership(
  state: ForgeState,
  { organization, account, scopes }: OwnMembershipOf,
  text: ReadText,
): OwnMembership | undefined {
  const { organizations } = state;
  const member = organizations.member(organization.id, account.id);
  const access = organizations.access(organization.id, account.id, scopes);
  if (member === undefined || access === undefined) return undefined;
  const mayCreate = (visibility: "public" | "private"): boolean =>
    refuseOrganizationAction(access, creationOf(visibility)) === undefined;
  return {
    organization: presentOrganizationCard(organization, text),
    role: member.role,
    isPublic: member.visibility === "public",
    isLastOwner: member.role === "owner" && organizations.ownerCount(organization.id) <= 1,
    mayCreatePublic: mayCreate("public"),
    mayCreatePrivate: mayCreate("private"),
  };
}

/** Whose membership of what, and by which credential they ask. */
export interface OwnMembershipOf {
  readonly organization: Account;
  readonly account: Account;
  readonly scopes: CredentialPowers | undefined;
}

/** An invitation as who is invited sees it. */
export function presentOwnInvitation(
  state: ForgeState,
  { organization, row }: { readonly organization: Account; readonly row: tables.OrganizationInvitationRow },
  text: ReadText,
): OwnOrganizationInvitation {
  return {
    organization: presentOrganizationCard(organization, text),
    role: row.role,
    inviter: handleOf(state, row.invitedBy),
    expiresAt: isoTime(row.expiresTime),
  };
}

/** A team in a list. */
export function presentTeamCard(
  { organizations }: ForgeState,
  team: Team,
  { viewer, text }: { readonly viewer: Account; readonly text: ReadText },
): TeamCard {
  return {
    id: team.id,
    slug: teamSlugOf(team.name),
    name: team.name,
    description: text(team.description),
    isSecret: team.privacy === "secret",
    memberCount: organizations.teamMemberCount(team.id),
    viewerRole: organizations.teamRole(team.id, viewer.id) ?? null,
  };
}

/** The handle of an account, or what stands for one that is not there any more. */
export function handleOf(state: ForgeState, id: Account["id"]): string {
  return state.account(id)?.handle ?? "ghost";
}
