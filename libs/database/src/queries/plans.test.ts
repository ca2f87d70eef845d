/** No list reads a whole table: the plan of every statement, on a database with ten thousand of everything. */
import { drizzle } from "drizzle-orm/postgres-js";
import { getTableName, is, sql } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serverDatabases, embeddedDatabases, type DatabaseKind } from "../../test/databases.ts";
import * as make from "../../test/entries.ts";
import type { CommentId, IssueNumber, LabelId, MilestoneNumber } from "@guts/primitives";
import type { Executor } from "../connection/connection.ts";
import { sessionOptions } from "../connection/connection.ts";
import { openReadModel } from "../open-read-model.ts";
import type { IssueFilter } from "../issue-lists.ts";
import type { ReadModel } from "../read-model.ts";
import * as schema from "../schema/tables.ts";
import * as accounts from "./accounts.ts";
import * as audit from "./audit.ts";
import * as collaboration from "./collaboration.ts";
import * as follows from "./follows.ts";
import * as history from "./history.ts";
import * as entries from "./issue-entries.ts";
import * as issues from "./issues.ts";
import * as organizations from "./organizations.ts";
import * as people from "./people.ts";
import type { ObjectId } from "@guts/primitives";
import * as standings from "./standings.ts";
import * as statusHistory from "./status-history.ts";
import * as reactions from "./reactions.ts";
import * as repositories from "./repositories.ts";

/** Few rows by nature: a network has tens of nodes, and a sound ledger nothing quarantined. */
const smallTables = new Set(["nodes", "projection", "quarantined_entries"]);
const bigTables: readonly string[] = Object.values(schema)
  .filter((value) => is(value, PgTable))
  .map((table) => getTableName(table))
  .filter((name) => !smallTables.has(name));

/** Ten thousand rows: accounts own one repository each, one in ten is private, account 1 owns and joins many. */
const seeds = [
  `insert into contents select decode(lpad(to_hex(n), 64, '0'), 'hex'), n, null, 'text ' || n, null, null, null
     from generate_series(1, 20000) n`,
  `insert into accounts select n, 'User' || n, 'user' || n, false, false, n, n, n,
     decode(lpad(to_hex(n), 64, '0'), 'hex'), null, null, null from generate_series(1, 10000) n`,
  `insert into repositories select n, case when n % 100 = 0 then 1 else n end, 'Repo' || n, 'repo' || n,
     case when n % 10 = 0 then 'private' else 'public' end, 'sha1', 'refs/heads/main', false, n, n, n * 7 % 10007, null,
     n * 11 % 10009, 0, decode(lpad(to_hex(10000 + n), 64, '0'), 'hex'), null from generate_series(1, 10000) n`,
  `insert into collaborators select n, (n + 1) % 10000 + 1, 'write', n, n from generate_series(1, 10000) n`,
  `insert into collaborators select n * 70, 1, 'read', n, n from generate_series(1, 100) n on conflict do nothing`,
  `insert into repository_invitations select n, (n + 7) % 10000 + 1, n, 'write', n, n, n + 1000
     from generate_series(1, 10000) n`,
  `insert into organizations select n, 'none' from generate_series(1, 10000) n`,
  `insert into organization_members (organization_id, account_id, role, visibility)
     select n, (n + 3) % 10000 + 1, 'member', 'public' from generate_series(1, 10000) n`,
  `insert into organization_invitations (organization_id, account_id, number, role, expires_time)
     select n, (n + 4) % 10000 + 1, n, 'member', 1000 from generate_series(1, 10000) n`,
  `insert into teams (id, organization_id, slug, privacy, parent_id)
     select n, n, 'team-' || n, 'visible', case when n % 2 = 0 then n - 1 end from generate_series(1, 10000) n`,
  `insert into team_members select n, (n + 3) % 10000 + 1, 'member' from generate_series(1, 10000) n`,
  `insert into repository_teams select n, n, 'read' from generate_series(1, 10000) n`,
  `insert into follows select n % 5000 + 1, (n * 7) % 10000 + 1, n from generate_series(1, 10000) n on conflict do nothing`,
  `insert into forks select n, n % 5000 + 1, n from generate_series(1, 10000) n`,
  `insert into stars select n, n % 5000 + 1, n from generate_series(1, 10000) n`,
  `insert into subscriptions select n, n % 5000 + 1, 'subscribed', n from generate_series(1, 10000) n`,
  `insert into transfer_offers select n, n, (n + 9) % 10000 + 1, null, n, n + 1000 from generate_series(1, 10000) n`,
  `insert into account_keys select n % 5000 + 1, decode(lpad(to_hex(n), 64, '0'), 'hex'), 'device', '', n, n, null
     from generate_series(1, 10000) n`,
  `insert into credentials select decode(lpad(to_hex(n), 64, '0'), 'hex'), n % 5000 + 1, n, 'token', 1, '', n, n, null,
     '' from generate_series(1, 10000) n`,
  `insert into delegations select n, lpad(to_hex(n % 3), 64, '0'), n, n from generate_series(1, 10000) n`,
  `insert into blocks select n, decode(lpad(to_hex(n), 64, '0'), 'hex'), n, 1 from generate_series(1, 10000) n`,
  `insert into events select n, n, 0, decode(lpad(to_hex(n), 64, '0'), 'hex'), n, n % 5000 + 1, 'refs.update',
     case when n % 3 = 0 then 'account' else 'repository' end, n, '', '' from generate_series(1, 10000) n`,
  `insert into audit_logs select 'account', n % 5000 + 1, n, 'org.add_member', n % 5000 + 1 from generate_series(1, 10000) n`,
  `insert into audit_logs select 'repository', n % 100, n, 'repo.rename', n % 5000 + 1 from generate_series(1, 10000) n`,
  `insert into repository_owners select n, n, null from generate_series(1, 10000) n`,
  `insert into issues select n % 10 + 1, n / 10 + 1, case when n % 7 = 0 then 'pull' else 'issue' end, n % 500 + 1, n % 3 = 0,
     case when n % 50 = 0 then n % 20 + 1 end, null, n % 40, n, decode(lpad(to_hex(n), 64, '0'), 'hex')
     from generate_series(1, 10000) n`,
  `insert into issue_labels select n % 10 + 1, n / 10 + 1, n % 30 + 1 from generate_series(1, 10000) n`,
  `insert into issue_assignees select n % 10 + 1, n / 10 + 1, n % 500 + 1 from generate_series(1, 10000) n`,
  `insert into issue_mentions select n % 10 + 1, n / 10 + 1, n % 500 + 1 from generate_series(1, 10000) n`,
  `insert into milestones select n % 500 + 1, n / 500 + 1, n % 2 = 0, n, decode(lpad(to_hex(n), 64, '0'), 'hex')
     from generate_series(1, 10000) n`,
  `insert into comments select n, n % 10 + 1, n / 20 + 1, n % 500 + 1, n from generate_series(1, 10000) n`,
  `insert into reactions select 5, n, 'heart', 1, n, n from generate_series(1, 10000) n`,
  `insert into issue_entries select n % 10 + 1, n / 20 + 1, n, 0, case when n % 2 = 0 then 'labeled' else 'commented' end, 1, n, 1,
     null, null, n, null, null, null, case when n % 5 = 0 then n end, null from generate_series(1, 10000) n`,
  `insert into label_names select n, 'label ' || n, 'ffffff' from generate_series(1, 10000) n`,
  `insert into milestone_titles select n % 500 + 1, n / 500 + 1, decode(lpad(to_hex(n), 64, '0'), 'hex')
     from generate_series(1, 10000) n`,
  "vacuum analyze",
];

const one = make.account(1);
const page = { page: 1, perPage: 30 };

const issueHere = { repository: make.repository(5), number: 3 as IssueNumber };
const issueFilters: Readonly<Record<string, Omit<IssueFilter, "repository">>> = {
  all: {},
  open: { isClosed: false },
  "open issues": { kind: "issue", isClosed: false },
  labelled: { isClosed: false, labels: [4 as LabelId], withoutLabels: [5 as LabelId] },
  "somebody's": { author: make.account(5) },
  assigned: { assignee: make.account(5), mentioned: make.account(6) },
  unassigned: { isClosed: false, assignee: "none", milestone: "none" },
  "in a milestone": { milestone: 3 as MilestoneNumber },
  commented: { commenter: make.account(5), since: make.time(5) },
  searched: { words: ["text"] },
};

/** Every query, with arguments that find something. */
const queries: Readonly<Record<string, (executor: Executor) => Promise<unknown>>> = {
  ...Object.fromEntries(
    (["owner", "collaborator", "organization-member", "personal", "any"] as const).flatMap((affiliation) =>
      (["created", "updated", "pushed", "full_name"] as const).flatMap((sort) =>
        [undefined, one, make.account(77)].map((viewer) => {
          const query = { ...page, account: one, affiliation, viewer, sort, direction: "desc" } as const;
          const name = `repositories, ${affiliation}, by ${sort}, seen by ${viewer}`;
          return [name, async (executor: Executor) => repositories.listRepositories(executor, query)] as const;
        }),
      ),
    ),
  ),
  ...Object.fromEntries(
    (["created", "updated", "pushed"] as const).map((sort) => {
      const query = { page: 3, perPage: 30, sort, direction: "desc" } as const;
      return [
        `public repositories by ${sort}`,
        async (executor: Executor) => repositories.listPublicRepositories(executor, query),
      ];
    }),
  ),
  "public repositories since": async (executor) => repositories.publicRepositoriesSince(executor, 500, 30),
  "search, visitor": async (executor) =>
    repositories.findRepositories(executor, { prefix: "repo12", viewer: undefined, limit: 10 }),
  "search, viewer": async (executor) =>
    repositories.findRepositories(executor, { prefix: "repo1", viewer: one, limit: 10 }),
  "search, owner": async (executor) =>
    repositories.findRepositories(executor, { prefix: "user77/rep", viewer: one, limit: 10 }),
  account: async (executor) => accounts.findAccount(executor, one),
  "accounts since": async (executor) => accounts.accountsSince(executor, 500, 30),
  "accounts by prefix": async (executor) => accounts.findAccounts(executor, "user12", 10),
  following: async (executor) => follows.listFollows(executor, { ...page, account: one, list: "following" }),
  followers: async (executor) => follows.listFollows(executor, { ...page, account: one, list: "followers" }),
  ...Object.fromEntries(
    (["starred", "watched"] as const).map((list) => [
      list,
      async (executor: Executor) =>
        standings.listStandings(executor, { ...page, account: one, viewer: make.account(77), list, direction: "desc" }),
    ]),
  ),
  ...Object.fromEntries(
    (["stargazers", "subscribers"] as const).map((list) => [
      list,
      async (executor: Executor) => standings.listAudience(executor, { ...page, repository: make.repository(7), list }),
    ]),
  ),
  forks: async (executor) =>
    standings.listForks(executor, {
      ...page,
      parent: make.repository(7),
      viewer: make.account(77),
      direction: "desc",
    }),
  statuses: async (executor) =>
    statusHistory.listStatusHistory(executor, {
      ...page,
      repository: make.repository(7),
      commit: "a".repeat(40) as ObjectId,
    }),
  counts: async (executor) => accounts.accountCounts(executor, one, make.time(5)),
  keys: async (executor) => accounts.listKeys(executor, one),
  credentials: async (executor) => accounts.listCredentials(executor, one),
  delegations: async (executor) => accounts.listDelegations(executor, one),
  ...Object.fromEntries(
    (["all", "direct", "outside"] as const).map((affiliation) => {
      const query = { ...page, repository: make.repository(5), owner: make.account(5), affiliation };
      return [`people, ${affiliation}`, async (executor: Executor) => people.listPeople(executor, query)];
    }),
  ),
  "members of an organization": async (executor) =>
    organizations.listMembers(executor, { ...page, organization: one, role: "member", isPublic: true }),
  "invitations of an organization": async (executor) =>
    organizations.listInvited(executor, { ...page, organization: one, role: undefined, now: make.time(5) }),
  "invitation to an organization": async (executor) => organizations.findInvited(executor, one, 1),
  "teams of an organization": async (executor) =>
    organizations.listTeams(executor, { ...page, organization: one, viewer: make.account(5) }),
  "teams of an account": async (executor) => organizations.listTeamsOf(executor, one, page),
  "members of a team": async (executor) =>
    organizations.listTeamMembers(executor, { ...page, team: make.team(1), children: [make.team(2)], role: "member" }),
  "repositories of a team": async (executor) =>
    organizations.listTeamRepositories(executor, { ...page, owner: one, teams: [make.team(1)], viewer: one }),
  "counts of teams": async (executor) => people.countTeams(executor, [make.team(1), make.team(2)]),
  "invitations of a repository": async (executor) =>
    collaboration.listRepositoryInvitations(executor, { repository: make.repository(5) }, page),
  "invitations of an account": async (executor) =>
    collaboration.listRepositoryInvitations(executor, { invitee: one }, page),
  invitation: async (executor) => collaboration.findRepositoryInvitation(executor, 5),
  "invitations to organizations": async (executor) =>
    collaboration.listOrganizationInvitations(executor, one, make.time(5)),
  offers: async (executor) => collaboration.listTransferOffers(executor, make.account(20), page),
  "all events": async (executor) => history.listEvents(executor, { viewer: undefined, limit: 30 }),
  "earlier events": async (executor) => history.listEvents(executor, { viewer: one, before: 500, limit: 30 }),
  "events of a repository": async (executor) =>
    history.listEvents(executor, { scope: { type: "repository", id: 5 }, viewer: one, limit: 30 }),
  "events of an actor": async (executor) => history.listEvents(executor, { actor: one, viewer: one, limit: 30 }),
  "events of a block": async (executor) => history.listEventsOfBlock(executor, make.height(5), one),
  "event of a transaction": async (executor) => history.findEventOfTransaction(executor, make.digest(0), one),
  "audit log of an account": async (executor) =>
    audit.listAudit(executor, { log: { type: "account", id: 1 }, before: 9_000, limit: 30 }),
  "audit log of a repository, filtered": async (executor) =>
    audit.listAudit(executor, {
      log: { type: "repository", id: 5 },
      within: { type: "account", id: 6 },
      actions: ["repo.rename", "repo.access"],
      actor: make.account(6),
      from: make.time(5),
      until: make.time(9_000),
      limit: 30,
    }),
  act: async (executor) => audit.findAct(executor, make.digest(0)),
  "history of a credential": async (executor) => history.findCredentialHistory(executor, make.digest(0)),
  blocks: async (executor) => history.listBlocks(executor, undefined, 30),
  "earlier blocks": async (executor) => history.listBlocks(executor, make.height(500), 30),
  block: async (executor) => history.findBlock(executor, make.height(5)),
  ...Object.fromEntries(
    Object.entries(issueFilters).flatMap(([name, filter]) =>
      (["created", "updated", "comments"] as const).map((sort) => {
        const query = { ...page, ...filter, repository: make.repository(5), sort, direction: "desc" } as const;
        return [
          `issues, ${name}, by ${sort}`,
          async (executor: Executor) => issues.listIssues(executor, query),
        ] as const;
      }),
    ),
  ),
  "counts of issues": async (executor) =>
    issues.countIssues(executor, { repository: make.repository(5), labels: [4 as LabelId] }),
  "pinned issues": async (executor) => issues.listPinned(executor, make.repository(5)),
  "comments of an issue": async (executor) =>
    issues.listComments(executor, { ...page, ...issueHere, sort: "created", direction: "asc" }),
  "comments of a repository": async (executor) =>
    issues.listComments(executor, {
      ...page,
      repository: make.repository(5),
      since: make.time(5),
      sort: "updated",
      direction: "desc",
    }),
  participants: async (executor) => issues.listParticipants(executor, issueHere),
  ...Object.fromEntries(
    (["due_on", "completeness"] as const).map((sort) => {
      const query = { ...page, repository: make.repository(5), isClosed: false, sort, direction: "asc" } as const;
      return [`milestones by ${sort}`, async (executor: Executor) => issues.listMilestones(executor, query)];
    }),
  ),
  "milestone by title": async (executor) => issues.findMilestone(executor, make.repository(5), "text 5"),
  "counts of milestones": async (executor) =>
    issues.countMilestones(executor, make.repository(5), [1 as MilestoneNumber, 2 as MilestoneNumber]),
  reactions: async (executor) =>
    reactions.listReactions(executor, { ...page, subject: { type: "issue", ...issueHere }, content: "heart" }),
  "counts of reactions": async (executor) =>
    reactions.countReactions(executor, [
      { type: "issue", ...issueHere },
      { type: "comment", comment: 5 as CommentId },
    ]),
  ...Object.fromEntries(
    (["all", "events"] as const).map((list) => {
      const query = { ...page, ...issueHere, list, viewer: one, direction: "asc" } as const;
      return [`timeline, ${list}`, async (executor: Executor) => entries.listEntries(executor, query)];
    }),
  ),
  "events of all issues": async (executor) =>
    entries.listEntries(executor, {
      ...page,
      repository: make.repository(5),
      list: "events",
      viewer: one,
      direction: "desc",
    }),
  texts: async (executor) => history.findTexts(executor, [make.digest(0), make.digest(1)]),
};

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

describe.each([
  ["PGlite", async () => embeddedDatabases()],
  ["PostgreSQL", serverDatabases],
] as const)("on %s", (_name, start) => {
  let kind: DatabaseKind;
  let model: ReadModel;
  let session: Sql;
  const seen: Statement[] = [];

  beforeAll(async () => {
    kind = await start();
    const location = await kind.fresh();
    model = await openReadModel({ location, networkId: make.networkId, onQuarantine: () => {} });
    const options = { ...sessionOptions, max: 1 };
    session =
      location.type === "server"
        ? postgres(location.url, options)
        : postgres({ ...options, path: `${location.directory}/.s.PGSQL.5432`, username: "postgres" });
    for (const seed of seeds) await session.unsafe(seed);
  }, 180_000);

  afterAll(async () => {
    await session.end();
    await model.close();
    await kind[Symbol.asyncDispose]();
  }, 120_000);

  test.each(["on", "off"])(
    "reads by an index in every list, sequential scans %s",
    async (isAllowed) => {
      const logger = { logQuery: (text: string, values: unknown[]) => seen.push({ text, values }) };
      const executor = drizzle(session, { logger });
      await executor.execute(sql.raw(`set enable_seqscan = ${isAllowed}`));
      const offending: string[] = [];
      for (const [name, query] of Object.entries(queries)) {
        seen.length = 0;
        await query(executor);
        expect(seen.length).toBeGreaterThan(0);
        for (const { text, values } of [...seen]) {
          const rows = await session.unsafe(`explain (format json) ${text}`, [...values] as never[]);
          const plan = JSON.stringify(rows);
          for (const table of sequentiallyScanned(plan)) offending.push(`${name}: ${table}`);
        }
      }
      expect(offending).toEqual([]);
    },
    120_000,
  );

  test("finds the scan of a statement without an index", async () => {
    const rows = await session.unsafe("explain (format json) select * from accounts where created_time = 5");
    expect(sequentiallyScanned(JSON.stringify(rows))).toEqual(["accounts"]);
  });
});

/** Big tables that a plan reads from end to end. */
function sequentiallyScanned(plan: string): readonly string[] {
  const scans = plan.replaceAll("\\", "").matchAll(/"Node Type": ?"Seq Scan"[^{}]*?"Relation Name": ?"(\w+)"/g);
  return [...scans].map(([, table]) => table!).filter((table) => bigTables.includes(table));
}
