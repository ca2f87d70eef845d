import type { OrganizationView } from "@guts/api";
import { refuseOrganizationAction, scopesAllow, type OrganizationAction } from "@guts/governance";
import type { Account, ForgeState } from "@guts/ledger";

import type { Actor, SignedInActor } from "../../auth/actor.ts";
import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { awaitReadModel } from "../../use-cases/lists.ts";
import {
  locateOrganization,
  openInvitationOf,
  openOrganization,
  seesMembers,
  type OpenedOrganization,
} from "../../use-cases/organizations.ts";
import { textReader } from "../../use-cases/texts.ts";
import { isoTime } from "../iso-time.ts";
import { slicePage } from "../paging.ts";
import { personFilter } from "./list-filter.ts";
import {
  handleOf,
  presentMember,
  presentOrganizationCard,
  presentOwnInvitation,
  presentOwnMembership,
  presentPersonCard,
} from "./present-organization-views.ts";
import { knownTeams } from "./team-view-handlers.ts";

type View = "GET /api/guts/view";
type Name = `${View}/organizations` | `${View}/orgs/{org}` | `${View}/orgs/{org}/${"people" | "invitations"}`;

const peoplePerPage = 30;
/** How many faces an organization's own page shows. */
const facesMax = 15;

/** What each page of an organization needs, in one answer. */
export function organizationViewHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger } = services;
  const text = textReader(ledger);
  return {
    "GET /api/guts/view/organizations": async ({ actor, signal }) => {
      const invitations = await liveInvitations(services, actor, signal);
      const state = ledger.state();
      const own = Array.from(state.organizations.organizationsOf(actor.account.id), (id) => state.account(id)!);
      const memberships = own
        .filter((organization) => seesMembers({ state, organization }, actor))
        .flatMap((organization) => presentOwnMembership(state, { organization, ...actor }, text) ?? []);
      const body = {
        memberships,
        invitations: invitations.flatMap((organization) => ownInvitation(services, state, organization, actor) ?? []),
      };
      return { status: 200, body };
    },
    "GET /api/guts/view/orgs/{org}": ({ path, actor }) => {
      const opened = locateOrganization(ledger, path.org);
      return { status: 200, body: frameOf(services, opened, actor) };
    },
    "GET /api/guts/view/orgs/{org}/people": ({ path, query, actor }) => {
      const opened = locateOrganization(ledger, path.org);
      const isFound = personFilter(opened.state, text, query.query);
      const found = membersShown(opened, actor).filter(
        ([id, { role }]) => (query.role === undefined || role === query.role) && isFound(id),
      );
      const page = query.page ?? 1;
      const { items, hasMore } = slicePage(found, { page, perPage: peoplePerPage });
      const people = items.map(([id, row]) => presentMember(opened.state.account(id)!, row, text));
      return { status: 200, body: { people, total: found.length, page, hasMore } };
    },
    "GET /api/guts/view/orgs/{org}/invitations": ({ path, query, actor }) => {
      const { state, organization } = openOrganization(ledger, actor, path.org, "administer");
      const page = query.page ?? 1;
      const rows = [...state.organizations.invitations(organization.id)];
      const { items, hasMore } = slicePage(rows, { page, perPage: peoplePerPage });
      const now = ledger.time();
      const invitations = items.map(([id, row]) => ({
        id: row.number,
        ...presentPersonCard(state.account(id)!, text),
        role: row.role,
        inviter: handleOf(state, row.invitedBy),
        createdAt: isoTime(row.createdTime),
        expiresAt: isoTime(row.expiresTime),
        isExpired: row.expiresTime <= now,
      }));
      return { status: 200, body: { invitations, page, hasMore } };
    },
  };
}

function frameOf(services: Services, opened: OpenedOrganization, actor: Actor): OrganizationView {
  const { ledger } = services;
  const text = textReader(ledger);
  const { state, organization } = opened;
  const people = membersShown(opened, actor);
  const isInside = seesMembers(opened, actor);
  const settings = isInside ? state.organizations.settings(organization.id) : undefined;
  const may = (action: OrganizationAction): boolean => {
    const access = state.organizations.access(organization.id, actor.account?.id, actor.scopes);
    return access !== undefined && refuseOrganizationAction(access, action) === undefined;
  };
  return {
    organization: {
      ...presentOrganizationCard(organization, text),
      location: text(organization.location),
      blog: text(organization.website),
      createdAt: isoTime(organization.createdTime),
    },
    peopleCount: people.length,
    teamCount: isInside && actor.account !== undefined ? knownTeams(opened, actor).length : null,
    people: people.slice(0, facesMax).map(([id]) => presentPersonCard(state.account(id)!, text)),
    viewer: {
      ...viewerOf(services, opened, actor),
      mayAdminister: may("administer"),
      mayCreateTeam: may("create-team"),
    },
    settings:
      settings === undefined
        ? null
        : { basePermission: settings.basePermission, repositoryCreation: settings.repositoryCreation },
  };
}

function viewerOf(services: Services, { state, organization }: OpenedOrganization, actor: Actor) {
  const text = textReader(services.ledger);
  if (actor.account === undefined) return { membership: null, invitation: null };
  return {
    membership:
      presentOwnMembership(state, { organization, account: actor.account, scopes: actor.scopes }, text) ?? null,
    invitation: ownInvitation(services, state, organization, actor) ?? null,
  };
}

/** One's invitation, unless it has lapsed, was answered, or the credential may not tell of organizations. */
function ownInvitation(
  { ledger }: Pick<Services, "ledger">,
  state: ForgeState,
  organization: Account,
  { account, scopes }: SignedInActor,
) {
  const row = openInvitationOf(ledger, { state, organization }, account.id);
  if (row === undefined || !scopesAllow(scopes, "read-organizations")) return undefined;
  return presentOwnInvitation(state, { organization, row }, textReader(ledger));
}

/** Organizations that wait for one's answer, by the read model. */
async function liveInvitations(services: Services, { account }: SignedInActor, signal: AbortSignal) {
  await awaitReadModel(services, signal);
  const { ledger, readModel } = services;
  const rows = await readModel.organizationInvitations(account.id, ledger.time(), signal);
  return rows.flatMap(({ organization: { id } }) => ledger.state().account(id) ?? []);
}

/** Members by account number: all of them for members, for others those who show it. */
function membersShown(opened: OpenedOrganization, actor: Actor) {
  const isInside = seesMembers(opened, actor);
  const members = Array.from(opened.state.organizations.members(opened.organization.id));
  return isInside ? members : members.filter(([, { visibility }]) => visibility === "public");
}
