/** Every kind of state entry, version 1. A new table takes a free prefix; a prefix is never used again. */
import {
  accountIdCodec,
  bytes,
  digestCodec,
  fixed,
  heightCodec,
  list,
  mapped,
  nodeIdCodec,
  oneOf,
  option,
  parseFoldedName,
  parseHandle,
  parseRefName,
  parseRepositoryName,
  publicKeyCodec,
  refNameBytesMax,
  repositoryIdCodec,
  restText,
  struct,
  text,
  timeCodec,
  u32,
  u64,
  u8,
  handleLengthMax,
  repositoryNameLengthMax,
  type Codec,
  type Decoded,
  type FoldedName,
  type Handle,
  type ObjectFormat,
  type RefName,
  type RepositoryName,
} from "@guts/primitives";
import type { AreaLevel, KeyRole, Registration, Restriction, Visibility } from "@guts/governance";
import { mountainRangeCodec, validatorNameBytesMax, validatorSetCodec } from "@guts/verifier";
import { contentRefCodec } from "./content.ts";
import {
  administratorsMax,
  audienceMax,
  labelBytesMax,
  networkNameBytesMax,
  reasonBytesMax,
  restrictedRepositoriesMax,
} from "./limits.ts";
import { roleCodec } from "./organization-tables.ts";
import { objectIdCodec, refNameCodec } from "./ref-codecs.ts";
import { defineTable as table } from "./table.ts";

export * from "./administration-tables.ts";
export * from "./issue-tables.ts";
export * from "./organization-tables.ts";
export * from "./profile-tables.ts";
export * from "./protection-tables.ts";
export * from "./pull-tables.ts";
export * from "./public-key-tables.ts";
export * from "./repository-tables.ts";
export { objectIdCodec, refNameCodec } from "./ref-codecs.ts";
export * from "./status-tables.ts";

/** Codecs of the shared vocabulary. */
export const handleCodec: Codec<Handle> = mapped(text(handleLengthMax), parseHandle, (handle) => handle);
export const repositoryNameCodec: Codec<RepositoryName> = mapped(
  text(repositoryNameLengthMax),
  parseRepositoryName,
  (name) => name,
);
export const visibilityCodec: Codec<Visibility> = oneOf({ public: 1, private: 2 });
export const objectFormatCodec: Codec<ObjectFormat> = oneOf({ sha1: 1, sha256: 2 });
export const keyRoleCodec: Codec<KeyRole> = oneOf({ root: 1, device: 2 });
export const registrationCodec: Codec<Registration> = oneOf({ open: 1, invite: 2, closed: 3 });
export const credentialKindCodec: Codec<CredentialKind> = oneOf({
  session: 1,
  token: 2,
  "ssh-key": 3,
  "deploy-key": 4,
  voucher: 5,
  visit: 6,
});
/** What stands for somebody by a secret that a node drew. */
export const secretKindCodec: Codec<SecretKind> = oneOf({ session: 1, token: 2 });

/**
 * What a credential is for: a browser's sign-in; a token that a person keeps; an OpenSSH key of an account, or of one
 * repository, whose holder git is let in for; a home node's word that its person wants to sign in at one other node, and
 * the sign-in there that came of it.
 */
export type CredentialKind = SecretKind | "ssh-key" | "deploy-key" | VouchedKind;
/** The credentials that stand on the word of a node that may not use them itself. */
export type VouchedKind = "voucher" | "visit";
/** The credentials that have a secret which a node drew. */
export type SecretKind = "session" | "token";

/** A folded name at the end of a state key; it sorts by its bytes. */
function foldedNameCodec(lengthMax: number): Codec<FoldedName> {
  return mapped(restText(lengthMax), parseFoldedName, (name) => name);
}

const nothing = struct({});
const single: Codec<object> = nothing;

/** The network itself: one row. */
export const networkTable = table("network", 0x01, {
  key: single,
  value: struct({
    name: text(networkNameBytesMax),
    createdTime: timeCodec,
    registration: registrationCodec,
    administrators: list(publicKeyCodec, administratorsMax),
    epoch: u64,
    validators: validatorSetCodec,
  }),
});
/** The network's rule and validators. */
export type Network = Decoded<(typeof networkTable)["value"]>;

/** Dense numbering of each class of things: the last number given. */
export const counterTable = table("counter", 0x02, { key: u8, value: u64 });
/** The rows of `counterTable`. */
export const counters = {
  account: 1,
  repository: 2,
  credential: 3,
  repositoryInvitation: 4,
  event: 5,
  team: 10,
  organizationInvitation: 11,
  issue: 12,
  comment: 13,
  label: 14,
  milestone: 15,
  reaction: 16,
  signingKey: 17,
  commitStatus: 40,
} as const;

/** What is counted because a limit asks for it, or a rule asks whether there is any. */
export const tallyNames = {
  /** By account: handles with earlier ones, keys with revoked ones, live credentials, delegations. */
  handles: 1,
  keys: 2,
  credentials: 3,
  delegations: 4,
  /** By account: repositories that it owns, and those of others that it collaborates on. */
  repositories: 5,
  collaborations: 6,
  /** By repository: collaborators and open invitations together. */
  members: 7,
  /** Of the network, id 0: nodes that were admitted after genesis. */
  nodes: 8,
  /** By organization: members and open invitations together, owners, teams. */
  organizationMembers: 9,
  organizationOwners: 10,
  teams: 11,
  /** By account: organizations that it is a member of. */
  organizations: 12,
  /** By team: its members. */
  teamMembers: 13,
  /** By repository: teams with a role on it. */
  repositoryTeams: 14,
  /** By repository: former names of branches. */
  formerBranches: 15,
  /** By account: SSH keys. By repository: deploy keys. */
  sshKeys: 17,
  deployKeys: 18,
  /** Of the network, id 0: invitations of several uses. */
  networkInvitations: 21,
  /** By account: whom it follows, and who follows it. */
  following: 25,
  followers: 26,
  /** By account: keys that sign. */
  signingKeys: 19,
  /** By repository: numbers given to issues and pull requests, to milestones; labels; pinned issues. */
  issueNumbers: 30,
  milestoneNumbers: 31,
  labels: 32,
  pinnedIssues: 33,
  /** By account: what it said of watching, and what it starred. By repository: stars, and who watches. */
  subscriptions: 40,
  stars: 42,
  starred: 43,
  subscribers: 44,
  forks: 45,
} as const;
/** What a tally counts. */
export type TallyName = keyof typeof tallyNames;
/** How many rows of a kind belong to an account or repository; an absent row means none. */
export const tallyTable = table("tally", 0x06, {
  key: struct({ of: oneOf<TallyName>(tallyNames), id: u64 }),
  value: u64,
});

/** Mountain range over the hashes of all headers before the block: one row. */
export const headersTable = table("headers", 0x03, { key: single, value: mountainRangeCodec });

/** Nodes that receive blocks and packs; from the block after `sinceHeight` they may admit transactions. */
export const nodeTable = table("node", 0x04, {
  key: nodeIdCodec,
  value: struct({ name: text(validatorNameBytesMax), sinceHeight: heightCodec }),
});

/** A node's row. */
export type NodeRow = Decoded<(typeof nodeTable)["value"]>;

/** Invitations to the network, by the key that the invited person signs with. */
export const networkInvitationTable = table("network-invitation", 0x05, {
  key: publicKeyCodec,
  value: struct({ invitedBy: accountIdCodec, expiresTime: timeCodec }),
});

/** Accounts. */
export const accountTable = table("account", 0x10, {
  key: accountIdCodec,
  value: struct({
    handle: handleCodec,
    status: oneOf({ active: 1, closed: 2 }),
    isAdministrator: oneOf({ no: 0, yes: 1 }),
    createdTime: timeCodec,
    createdHeight: heightCodec,
    updatedTime: timeCodec,
    displayName: option(contentRefCodec),
    bio: option(contentRefCodec),
    location: option(contentRefCodec),
    website: option(contentRefCodec),
  }),
});
/** An account's row. */
export type AccountRow = Decoded<(typeof accountTable)["value"]>;

/** Handles in lower case, earlier ones too: those redirect and stay with their account. */
export const handleTable = table("handle", 0x11, {
  key: foldedNameCodec(handleLengthMax),
  value: struct({ account: accountIdCodec, state: oneOf({ current: 1, former: 2 }) }),
});

/** Keys of accounts. A revoked key stays, with the height from which it no longer acts. */
export const keyTable = table("key", 0x12, {
  key: struct({ account: accountIdCodec, key: publicKeyCodec }),
  value: struct({
    role: keyRoleCodec,
    label: text(labelBytesMax),
    addedTime: timeCodec,
    addedHeight: heightCodec,
    revokedHeight: option(heightCodec),
  }),
});
/** A key's row. */
export type KeyRow = Decoded<(typeof keyTable)["value"]>;

/** Which account a key belongs to; a key serves one account for ever. */
export const keyOwnerTable = table("key-owner", 0x13, { key: publicKeyCodec, value: accountIdCodec });

/** Live credentials by the digest of their secret. */
export const credentialTable = table("credential", 0x14, {
  key: digestCodec,
  value: struct({
    account: accountIdCodec,
    number: u64,
    kind: credentialKindCodec,
    scopes: u32,
    label: text(labelBytesMax),
    createdTime: timeCodec,
    createdHeight: heightCodec,
    expiresTime: option(timeCodec),
    audience: list(nodeIdCodec, audienceMax),
  }),
});
/** A credential's row. */
export type CredentialRow = Decoded<(typeof credentialTable)["value"]>;

/** An account's credentials by number. */
export const accountCredentialTable = table("account-credential", 0x15, {
  key: struct({ account: accountIdCodec, number: u64 }),
  value: digestCodec,
});

/** Nodes that may issue credentials for an account. */
export const delegationTable = table("delegation", 0x16, {
  key: struct({ account: accountIdCodec, node: nodeIdCodec }),
  value: struct({ grantedTime: timeCodec, grantedHeight: heightCodec }),
});
/** A delegation's row. */
export type DelegationRow = Decoded<(typeof delegationTable)["value"]>;

/** Repositories. */
export const repositoryTable = table("repository", 0x20, {
  key: repositoryIdCodec,
  value: struct({
    owner: accountIdCodec,
    name: repositoryNameCodec,
    visibility: visibilityCodec,
    objectFormat: objectFormatCodec,
    defaultBranch: refNameCodec,
    /** A repository that nobody chose a default branch for follows its first push. */
    defaultBranchIs: oneOf({ assumed: 1, chosen: 2 }),
    state: oneOf({ active: 1, archived: 2 }),
    description: option(contentRefCodec),
    homepage: option(contentRefCodec),
    createdTime: timeCodec,
    createdHeight: heightCodec,
    updatedTime: timeCodec,
    pushedTime: option(timeCodec),
    refCount: u64,
  }),
});
/** A repository's row. */
export type RepositoryRow = Decoded<(typeof repositoryTable)["value"]>;

/** A repository's names in lower case under each owner, earlier ones too: those redirect until the name is taken again. */
export const repositoryNameTable = table("repository-name", 0x21, {
  key: struct({ owner: accountIdCodec, name: foldedNameCodec(repositoryNameLengthMax) }),
  value: struct({ repository: repositoryIdCodec, state: oneOf({ current: 1, former: 2 }) }),
});

/** Where refs point. Keys sort by repository, then by the name's bytes, as git sorts them. */
export const refTable = table("ref", 0x22, {
  key: struct({
    repository: repositoryIdCodec,
    name: mapped(restText(refNameBytesMax), parseRefName, (name: RefName) => name),
  }),
  value: objectIdCodec,
});

/** People other than the owner. */
export const collaboratorTable = table("collaborator", 0x23, {
  key: struct({ repository: repositoryIdCodec, account: accountIdCodec }),
  value: struct({ role: roleCodec, sinceTime: timeCodec, sinceHeight: heightCodec }),
});

/** Repositories by collaborator: the index of the table above. */
export const accountCollaborationTable = table("account-collaboration", 0x24, {
  key: struct({ account: accountIdCodec, repository: repositoryIdCodec }),
  value: nothing,
});

/** Invitations to a repository that the invited person has not answered. */
export const repositoryInvitationTable = table("repository-invitation", 0x25, {
  key: struct({ repository: repositoryIdCodec, account: accountIdCodec }),
  value: struct({
    number: u64,
    role: roleCodec,
    invitedBy: accountIdCodec,
    createdTime: timeCodec,
    expiresTime: timeCodec,
  }),
});
/** An invitation's row. */
export type RepositoryInvitationRow = Decoded<(typeof repositoryInvitationTable)["value"]>;

/** Offers to hand a repository over that the new owner has not answered. */
export const transferOfferTable = table("transfer-offer", 0x26, {
  key: repositoryIdCodec,
  value: struct({
    from: accountIdCodec,
    to: accountIdCodec,
    newName: option(repositoryNameCodec),
    createdTime: timeCodec,
    expiresTime: timeCodec,
  }),
});

/** Bytes of an idempotency key. */
export const idempotencyKeyLength = 16;

/** Transactions that were included and have not expired; account 0 stands for sign-ups. */
export const idempotencyTable = table("idempotency", 0x32, {
  key: struct({ account: u64, key: fixed(idempotencyKeyLength) }),
  value: struct({ transaction: digestCodec, command: digestCodec, height: heightCodec, expiresTime: timeCodec }),
});

/** What time removes, soonest first. */
export const expiryTable = table("expiry", 0x33, {
  key: struct({
    time: timeCodec,
    kind: oneOf({
      idempotency: 1,
      credential: 2,
      repository: 3,
      team: 8,
      organization: 9,
      "repository-teams": 10,
      "network-invitation": 21,
      comment: 20,
    }),
    subject: bytes(64),
  }),
  value: nothing,
});

/** Whose a detached text is, and whether it was erased. */
export const contentTable = table("content", 0x40, {
  key: digestCodec,
  value: struct({
    account: accountIdCodec,
    repository: option(repositoryIdCodec),
    redaction: option(struct({ by: accountIdCodec, height: heightCodec, reason: text(reasonBytesMax) })),
  }),
});

const areaLevelCodec: Codec<AreaLevel> = oneOf({ none: 0, read: 1, write: 2 });
/** What bounds a credential by repositories and areas. */
export const restrictionCodec: Codec<Restriction> = struct({
  owner: option(accountIdCodec),
  repositories: option(list(repositoryIdCodec, restrictedRepositoriesMax)),
  permissions: struct({
    contents: areaLevelCodec,
    administration: areaLevelCodec,
    metadata: areaLevelCodec,
    issues: areaLevelCodec,
    pullRequests: areaLevelCodec,
  }),
});

/** What fine-grained tokens and deploy keys may do. */
export const credentialRestrictionTable = table("credential-restriction", 0x63, {
  key: digestCodec,
  value: restrictionCodec,
});

/** Who vouched for a voucher or visit, and since when: removing or undelegating that node ends it. */
export const vouchedCredentialTable = table("vouched-credential", 0x6b, {
  key: digestCodec,
  value: struct({ vouchedBy: nodeIdCodec, vouchedHeight: heightCodec }),
});
/** Who vouched. */
export type VouchedCredentialRow = Decoded<(typeof vouchedCredentialTable)["value"]>;

/** What an event log belongs to. */
export const eventScopeCodec = struct({ type: oneOf({ network: 1, account: 2, repository: 3 }), id: u64 });
/** The network, one account or one repository; the network's id is 0. */
export type EventScope = Decoded<typeof eventScopeCodec>;

/** Each event log's mountain range. */
export const eventLogTable = table("event-log", 0x50, { key: eventScopeCodec, value: mountainRangeCodec });
