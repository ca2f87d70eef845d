/** Holds the lists of organizations, teams and people against what the state and governance say of each. */
import { permits, resolvePermission, type Permission, type RepositoryRole } from "@guts/governance";
import { scanRows, tables, type ForgeState, type Repository, type Team } from "@guts/ledger";
import type { AccountId } from "@guts/primitives";
import type { RandomUsers, SimulatedLedger } from "@guts/testing";
import { expect } from "vitest";
import type { OrganizationLists } from "../src/organization-lists.ts";

const page = { page: 1, perPage: 100 };
const signal = new AbortController().signal;

/** Every list of every organization, team and repository of the ledger. */
export async function expectListsOfState(
  ledger: SimulatedLedger,
  users: RandomUsers,
  lists: OrganizationLists,
): Promise<void> {
  const { forge } = ledger;
  for (const organization of users.organizations) await expectOrganization(ledger, organization, lists);
  for (const account of users.accounts) {
    const teams = [...forge.organizations.organizationsOf(account)].flatMap((organization) =>
      Array.from(forge.organizations.teamsOf(organization, account), ({ id }) => id),
    );
    expect((await lists.teamsOf(account, page, signal)).items).toEqual(teams.toSorted(ascending));
  }
  for (const [id, row] of scanRows(ledger.state, tables.repositoryTable))
    await expectPeople(forge, { id, ...row }, users.accounts, lists);
}

async function expectOrganization(
  ledger: SimulatedLedger,
  organization: AccountId,
  lists: OrganizationLists,
): Promise<void> {
  const { organizations } = ledger.forge;
  const members = [...organizations.members(organization)];
  for (const isPublic of [true, false]) {
    for (const role of [undefined, "owner", "member"] as const) {
      const wanted = members.filter(
        ([, row]) => (!isPublic || row.visibility === "public") && (role === undefined || row.role === role),
      );
      const listed = await lists.members({ ...page, organization, role, isPublic }, signal);
      expect(listed.items).toEqual(wanted.map(([id]) => id));
    }
  }
  const now = ledger.tip.time;
  const open = [...organizations.invitations(organization)].filter(([, { expiresTime }]) => expiresTime > now);
  const invited = open.toSorted(([, left], [, right]) => left.number - right.number).map(([id]) => id);
  expect((await lists.invitations({ ...page, organization, now }, signal)).items).toEqual(invited);
  for (const [id, { number }] of open) expect(await lists.invitation(organization, number, signal)).toBe(id);
  const teams = [...organizations.teams(organization)];
  for (const viewer of [undefined, ...members.slice(0, 3).map(([id]) => id)]) {
    const seen = teams.filter(
      ({ id, privacy }) =>
        viewer === undefined || privacy === "visible" || organizations.teamRole(id, viewer) !== undefined,
    );
    const listed = await lists.teams({ ...page, organization, viewer }, signal);
    expect(listed.items).toEqual(seen.map(({ id }) => id));
  }
  for (const team of teams) await expectTeam(ledger.forge, team, lists);
}

async function expectTeam(forge: ForgeState, team: Team, lists: OrganizationLists): Promise<void> {
  const { organizations } = forge;
  const children = [...organizations.childTeams(team.id)];
  const own = new Map(organizations.teamMembers(team.id));
  const all = new Set(
    [team.id, ...children].flatMap((id) => Array.from(organizations.teamMembers(id), ([who]) => who)),
  );
  const membersOf = async (role: "maintainer" | "member" | undefined) =>
    (await lists.teamMembers({ ...page, team: team.id, children, role }, signal)).items;
  const sorted = [...all].toSorted(ascending);
  expect(await membersOf(undefined)).toEqual(sorted);
  expect(await membersOf("maintainer")).toEqual(sorted.filter((id) => own.get(id) === "maintainer"));
  expect(await membersOf("member")).toEqual(sorted.filter((id) => own.get(id) !== "maintainer"));
  const sources = team.parent === undefined ? [team.id] : [team.id, team.parent];
  const owned = new Set(
    sources
      .flatMap((id) => [...organizations.teamRepositories(id)])
      .filter((id) => forge.repository(id)?.owner === team.organization),
  );
  const owner = [...organizations.members(team.organization)].find(([, { role }]) => role === "owner")![0];
  const query = { ...page, owner: team.organization, teams: sources, viewer: owner };
  expect((await lists.teamRepositories(query, signal)).items).toEqual([...owned].toSorted(ascending));
  const counts = await lists.teamCounts([team.id], signal);
  expect(counts.get(team.id)).toEqual({ members: all.size, repositories: owned.size });
}

async function expectPeople(
  forge: ForgeState,
  repository: Repository,
  accounts: readonly AccountId[],
  lists: OrganizationLists,
): Promise<void> {
  const { id, owner } = repository;
  const held = new Map(accounts.map((account) => [account, withoutPublic(forge, repository, account)]));
  const isDirect = (account: AccountId) => account === owner || forge.collaboratorRole(id, account) !== undefined;
  const isInside = (account: AccountId) =>
    account === owner || forge.organizations.member(owner, account) !== undefined;
  const listed = async (affiliation: "all" | "direct" | "outside", permission?: RepositoryRole) =>
    (await lists.people({ ...page, repository: id, owner, affiliation, permission }, signal)).items;
  const whoever = (permission: RepositoryRole) =>
    accounts.filter((account) => permits(held.get(account)!, permission)).toSorted(ascending);
  expect(await listed("all")).toEqual(whoever("read"));
  expect(await listed("all", "write")).toEqual(whoever("write"));
  expect(await listed("direct", "maintain")).toEqual(whoever("maintain").filter(isDirect));
  expect(await listed("outside")).toEqual(whoever("read").filter((each) => isDirect(each) && !isInside(each)));
}

function withoutPublic(forge: ForgeState, repository: Repository, account: AccountId): Permission {
  const grants = forge.grants(repository, account).filter(({ source }) => source !== "public");
  return resolvePermission(grants).permission;
}

function ascending(left: number, right: number): number {
  return left - right;
}
