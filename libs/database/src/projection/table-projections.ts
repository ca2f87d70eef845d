/**
 * How each kind of state entry becomes a row. A new table of the state that lists need takes an entry here; one that
 * they do not need takes its name in `unprojected`, so that none is forgotten.
 */
import { sql } from "drizzle-orm";
import { foldName } from "@guts/primitives";
import { tables, type ContentRef, type Table } from "@guts/ledger";
import * as rows from "../schema/tables.ts";
import { organizationProjections } from "./organization-projections.ts";
import { project, type TableProjection } from "./table-projection.ts";

const digestIn = (ref: ContentRef | undefined) => ref?.digest ?? null;

/** Every projection, in the order of the state's prefixes. */
export const tableProjections: readonly TableProjection[] = [
  project({
    from: tables.nodeTable,
    into: rows.nodes,
    key: (id) => ({ id }),
    row: (_, { name, sinceHeight }) => ({ name, sinceHeight }),
  }),
  project({
    from: tables.accountTable,
    into: rows.accounts,
    key: (id) => ({ id }),
    row: (_, account) => ({
      handle: account.handle,
      handleFolded: foldName(account.handle),
      isClosed: account.status === "closed",
      isAdministrator: account.isAdministrator === "yes",
      createdTime: account.createdTime,
      createdHeight: account.createdHeight,
      updatedTime: account.updatedTime,
      displayNameDigest: digestIn(account.displayName),
      bioDigest: digestIn(account.bio),
      locationDigest: digestIn(account.location),
      websiteDigest: digestIn(account.website),
    }),
  }),
  project({
    from: tables.followTable,
    into: rows.follows,
    key: ({ account, followed }) => ({ accountId: account, followedId: followed }),
    row: (_, { sinceTime }) => ({ sinceTime }),
  }),
  project({
    from: tables.keyTable,
    into: rows.accountKeys,
    key: ({ account, key }) => ({ accountId: account, publicKey: key }),
    row: (_, { role, label, addedTime, addedHeight, revokedHeight }) => ({
      role,
      label,
      addedTime,
      addedHeight,
      revokedHeight: revokedHeight ?? null,
    }),
  }),
  project({
    from: tables.credentialTable,
    into: rows.credentials,
    key: (id) => ({ id }),
    row: (_, { account, expiresTime, ...credential }) => ({
      accountId: account,
      number: credential.number,
      kind: credential.kind,
      scopes: credential.scopes,
      label: credential.label,
      createdTime: credential.createdTime,
      createdHeight: credential.createdHeight,
      expiresTime: expiresTime ?? null,
      audience: credential.audience,
    }),
  }),
  project({
    from: tables.delegationTable,
    into: rows.delegations,
    key: ({ account, node }) => ({ accountId: account, nodeId: node }),
    row: (_, { grantedTime, grantedHeight }) => ({ grantedTime, grantedHeight }),
  }),
  ...organizationProjections,
  project({
    from: tables.repositoryTable,
    into: rows.repositories,
    key: (id) => ({ id }),
    row: (_, repository) => ({
      ownerId: repository.owner,
      name: repository.name,
      nameFolded: foldName(repository.name),
      visibility: repository.visibility,
      objectFormat: repository.objectFormat,
      defaultBranch: repository.defaultBranch,
      isArchived: repository.state === "archived",
      createdTime: repository.createdTime,
      createdHeight: repository.createdHeight,
      updatedTime: repository.updatedTime,
      pushedTime: repository.pushedTime ?? null,
      activityTime: repository.pushedTime ?? repository.createdTime,
      refCount: repository.refCount,
      descriptionDigest: digestIn(repository.description),
      homepageDigest: digestIn(repository.homepage),
    }),
  }),
  project({
    from: tables.collaboratorTable,
    into: rows.collaborators,
    key: ({ repository, account }) => ({ repositoryId: repository, accountId: account }),
    row: (_, { role, sinceTime, sinceHeight }) => ({ role, sinceTime, sinceHeight }),
  }),
  project({
    from: tables.repositoryInvitationTable,
    into: rows.repositoryInvitations,
    key: ({ repository, account }) => ({ repositoryId: repository, accountId: account }),
    row: (_, { number, role, invitedBy, createdTime, expiresTime }) => ({
      number,
      role,
      invitedBy,
      createdTime,
      expiresTime,
    }),
  }),
  project({
    from: tables.transferOfferTable,
    into: rows.transferOffers,
    key: (repositoryId) => ({ repositoryId }),
    row: (_, { from, to, newName, createdTime, expiresTime }) => ({
      fromId: from,
      toId: to,
      newName: newName ?? null,
      createdTime,
      expiresTime,
    }),
  }),
  project({
    from: tables.contentTable,
    into: rows.contents,
    key: (digest) => ({ digest }),
    row: (_, { account, repository, redaction }) => ({
      accountId: account,
      repositoryId: repository ?? null,
      redactedBy: redaction?.by ?? null,
      redactedHeight: redaction?.height ?? null,
      redactionReason: redaction?.reason ?? null,
    }),
    // The text comes from the content log and stays, until a redaction.
    onUpdate: { text: sql`case when excluded.redacted_height is null then ${rows.contents.text} end` },
  }),
];

/** Tables that no list needs: the state answers by key what is asked of them. */
export const unprojected: readonly Table<never, never>[] = [
  tables.networkTable,
  tables.counterTable,
  tables.headersTable,
  tables.networkInvitationTable,
  tables.networkInvitationOfferTable,
  tables.handleTable,
  tables.tallyTable,
  tables.keyOwnerTable,
  tables.accountCredentialTable,
  tables.repositoryNameTable,
  tables.refTable,
  tables.accountCollaborationTable,
  tables.accountOrganizationTable,
  tables.teamSlugTable,
  tables.accountTeamTable,
  tables.childTeamTable,
  tables.teamRepositoryTable,
  tables.accountBudgetTable,
  tables.nodeBudgetTable,
  tables.idempotencyTable,
  tables.expiryTable,
  tables.eventLogTable,
  tables.sshKeyTable,
  tables.sshKeyHolderTable,
  tables.heldSshKeyTable,
  tables.credentialRestrictionTable,
  tables.signingKeyTable,
  tables.signingKeyNumberTable,
  tables.protectionTable,
  tables.protectionSettingsTable,
  tables.protectionActorsTable,
  tables.formerBranchTable,
  tables.suspensionTable,
  tables.accountBudgetRuleTable,
  tables.nodeBudgetRuleTable,
  tables.vouchedCredentialTable,
  tables.issueTable,
  tables.issueLabelTable,
  tables.issueAssigneeTable,
  tables.labelTable,
  tables.labelNameTable,
  tables.milestoneTable,
  tables.commentTable,
  tables.issueCommentTable,
  tables.reactionTable,
] as unknown as readonly Table<never, never>[];
