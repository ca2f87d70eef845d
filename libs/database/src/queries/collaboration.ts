import { and, eq, gt } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { AccountId, RepositoryId, TimeMs } from "@guts/primitives";
import type { Executor } from "../connection/connection.ts";
import type {
  OrganizationInvitationListing,
  Page,
  PageRequest,
  RepositoryInvitationListing,
  TransferOfferListing,
} from "../listings.ts";
import {
  accounts,
  organizationInvitations,
  repositories,
  repositoryInvitations,
  transferOffers,
} from "../schema/tables.ts";
import { perPageMax } from "../limits.ts";
import { pageOf, rowsOf } from "./paging.ts";
import { repositoryColumns, repositoryJoins, repositoryOf } from "./repositories.ts";

const invitee = alias(accounts, "invitee");
const inviter = alias(accounts, "inviter");
const from = alias(accounts, "offering");
const to = alias(accounts, "offered");

/** Open invitations of a repository or of an account, oldest first. */
export async function listRepositoryInvitations(
  executor: Executor,
  of: { readonly repository: RepositoryId } | { readonly invitee: AccountId },
  page: PageRequest,
): Promise<Page<RepositoryInvitationListing>> {
  const { limit, offset } = rowsOf(page);
  const condition =
    "repository" in of
      ? eq(repositoryInvitations.repositoryId, of.repository)
      : eq(repositoryInvitations.accountId, of.invitee);
  const rows = await selectInvitations(executor)
    .where(condition)
    .orderBy(repositoryInvitations.number)
    .limit(limit)
    .offset(offset);
  return pageOf(rows.map(invitationOf), page);
}

/** One invitation by its number. */
export async function findRepositoryInvitation(
  executor: Executor,
  number: number,
): Promise<RepositoryInvitationListing | undefined> {
  const [row] = await selectInvitations(executor).where(eq(repositoryInvitations.number, number)).limit(1);
  return row === undefined ? undefined : invitationOf(row);
}

function selectInvitations(executor: Executor) {
  return executor
    .select({
      number: repositoryInvitations.number,
      role: repositoryInvitations.role,
      createdTime: repositoryInvitations.createdTime,
      expiresTime: repositoryInvitations.expiresTime,
      inviteeId: repositoryInvitations.accountId,
      inviteeHandle: invitee.handle,
      inviterId: repositoryInvitations.invitedBy,
      inviterHandle: inviter.handle,
      repository: repositoryColumns,
    })
    .from(repositoryInvitations)
    .innerJoin(repositories, eq(repositories.id, repositoryInvitations.repositoryId))
    .innerJoin(...repositoryJoins.owner)
    .leftJoin(...repositoryJoins.description)
    .leftJoin(...repositoryJoins.homepage)
    .innerJoin(invitee, eq(invitee.id, repositoryInvitations.accountId))
    .innerJoin(inviter, eq(inviter.id, repositoryInvitations.invitedBy))
    .$dynamic();
}

type InvitationRow = Awaited<ReturnType<typeof selectInvitations>>[number];

function invitationOf(row: InvitationRow): RepositoryInvitationListing {
  const { inviteeId, inviteeHandle, inviterId, inviterHandle, repository, ...rest } = row;
  return {
    ...rest,
    repository: repositoryOf(repository),
    invitee: { id: inviteeId, handle: inviteeHandle },
    inviter: { id: inviterId, handle: inviterHandle },
  };
}

/** The invitations to organizations that an account can still accept. */
export async function listOrganizationInvitations(
  executor: Executor,
  invitee: AccountId,
  now: TimeMs,
): Promise<readonly OrganizationInvitationListing[]> {
  const rows = await executor
    .select({ number: organizationInvitations.number, id: accounts.id, handle: accounts.handle })
    .from(organizationInvitations)
    .innerJoin(accounts, eq(accounts.id, organizationInvitations.organizationId))
    .where(and(eq(organizationInvitations.accountId, invitee), gt(organizationInvitations.expiresTime, now)))
    .orderBy(organizationInvitations.number)
    .limit(perPageMax);
  return rows.map(({ number, ...organization }) => ({ number, organization }));
}

/** Offers that wait for an account's answer, by repository. */
export async function listTransferOffers(
  executor: Executor,
  account: AccountId,
  page: PageRequest,
): Promise<Page<TransferOfferListing>> {
  const { limit, offset } = rowsOf(page);
  const rows = await executor
    .select({
      newName: transferOffers.newName,
      createdTime: transferOffers.createdTime,
      expiresTime: transferOffers.expiresTime,
      from: { id: from.id, handle: from.handle },
      to: { id: to.id, handle: to.handle },
      repository: repositoryColumns,
    })
    .from(transferOffers)
    .innerJoin(repositories, eq(repositories.id, transferOffers.repositoryId))
    .innerJoin(...repositoryJoins.owner)
    .leftJoin(...repositoryJoins.description)
    .leftJoin(...repositoryJoins.homepage)
    .innerJoin(from, eq(from.id, transferOffers.fromId))
    .innerJoin(to, eq(to.id, transferOffers.toId))
    .where(eq(transferOffers.toId, account))
    .orderBy(transferOffers.repositoryId)
    .limit(limit)
    .offset(offset);
  return pageOf(
    rows.map(({ newName, repository, ...row }) => ({
      ...row,
      newName: newName ?? undefined,
      repository: repositoryOf(repository),
    })),
    page,
  );
}
