/** The questions that doors and rules ask of the state, answered by synchronous reads. */
import {
  accountIdCodec,
  digestOf,
  encode,
  foldName,
  repositoryIdCodec,
  sshBlobOf,
  type AccountId,
  type Digest,
  type Handle,
  type Height,
  type NodeId,
  type ObjectId,
  type PublicKey,
  type RefName,
  type RepositoryId,
  type RepositoryName,
  type TimeMs,
} from "@guts/primitives";
import {
  accountBudgetRule,
  fullBudget,
  nodeBudgetRule,
  powersOn,
  refillBudget,
  sshKeyPowers,
  type Budget,
  type BudgetRule,
  type CredentialPowers,
  type PushSigner,
  type Restriction,
} from "@guts/governance";
import type { PermissionGrant, ProtectionSettings, RepositoryAccess, RepositoryRole, RuleHead } from "@guts/governance";
import { formerBranchHopsMax } from "./limits.ts";
import { IssueState } from "./issue-state.ts";
import { OrganizationState } from "./organization-state.ts";
import { PullState } from "./pull-state.ts";
import { withoutReviewActors } from "./protection-codec.ts";
import { CommitStatuses } from "./commit-statuses.ts";
import { RepositoryStanding } from "./repository-standing.ts";
import type { StateReader } from "./state.ts";
import { readRow, scanRows } from "./table.ts";
import * as tables from "./tables.ts";
import { tallyOf } from "./tally.ts";

/** An account with its number. */
export interface Account extends tables.AccountRow {
  readonly id: AccountId;
  readonly isOrganization: boolean;
  /** Its picture; undefined for none, and for one that was redacted. */
  readonly avatar: tables.AvatarRow | undefined;
}

/** A repository with its number. */
export interface Repository extends tables.RepositoryRow {
  readonly id: RepositoryId;
}

/** A credential with the digest of its secret. */
export interface Credential extends tables.CredentialRow {
  readonly id: Digest;
}

/** A credential that is an OpenSSH key. */
export interface SshKey extends Credential, tables.SshKeyRow {
  /** What a deploy key may do; undefined for a key of an account. */
  readonly restriction: Restriction | undefined;
}

/** A key that signs commits and tags. */
export interface SigningKey extends tables.SigningKeyRow {
  readonly number: number;
}

/** A key of an account; `revokedHeight` undefined while it acts. */
export interface AccountKey extends tables.KeyRow {
  readonly publicKey: PublicKey;
}

/** A node that may issue credentials for an account. */
export interface Delegation extends tables.DelegationRow {
  readonly node: NodeId;
}

/** A rule that protects branches or tags. */
export interface ProtectionRule extends RuleHead {
  readonly repository: RepositoryId;
}

/** What a rule asks, and who said so when. */
export interface StatedProtection extends Omit<tables.ProtectionSettingsRow, "settings"> {
  readonly settings: ProtectionSettings;
}

/** Something found by name, and whether by a former name: then the caller redirects. */
export interface Found<Thing> {
  readonly found: Thing;
  readonly isFormerName: boolean;
}

/** Typed reads over the state at one height. */
export class ForgeState {
  readonly reader: StateReader;
  readonly organizations: OrganizationState;
  readonly issues: IssueState;
  readonly standing: RepositoryStanding;
  readonly pulls: PullState;
  readonly statuses: CommitStatuses;

  constructor(reader: StateReader) {
    this.reader = reader;
    this.organizations = new OrganizationState(reader);
    this.issues = new IssueState(reader);
    this.standing = new RepositoryStanding(reader);
    this.pulls = new PullState(reader);
    this.statuses = new CommitStatuses(reader);
  }

  network(): tables.Network {
    return readRow(this.reader, tables.networkTable, {})!;
  }

  account(id: AccountId): Account | undefined {
    const row = readRow(this.reader, tables.accountTable, id);
    if (row === undefined) return undefined;
    return { id, ...row, isOrganization: this.organizations.settings(id) !== undefined, avatar: this.#avatar(id) };
  }

  /** What a profile says beyond the account's row. */
  profile(id: AccountId): tables.ProfileRow {
    const nothing = { company: undefined, twitterUsername: undefined, hireable: undefined };
    return readRow(this.reader, tables.profileTable, id) ?? nothing;
  }

  #avatar(id: AccountId): tables.AvatarRow | undefined {
    const row = readRow(this.reader, tables.avatarTable, id);
    return row === undefined || readRow(this.reader, tables.contentTable, row.image.digest)?.redaction !== undefined
      ? undefined
      : row;
  }

  /** The account that has, or had, this handle. Closed accounts are found too. */
  findAccount(handle: Handle): Found<Account> | undefined {
    const row = readRow(this.reader, tables.handleTable, foldName(handle));
    const found = row === undefined ? undefined : this.account(row.account);
    return row === undefined || found === undefined ? undefined : { found, isFormerName: row.state === "former" };
  }

  isFollowing(account: AccountId, followed: AccountId): boolean {
    return readRow(this.reader, tables.followTable, { account, followed }) !== undefined;
  }

  /** How many follow an account, and how many it follows; closed accounts still count. */
  followCounts(account: AccountId): { readonly followers: number; readonly following: number } {
    return {
      followers: tallyOf(this.reader, "followers", account),
      following: tallyOf(this.reader, "following", account),
    };
  }

  /** Whether an account is there and somebody's own: not closed, and no organization. */
  isActivePerson(id: AccountId): boolean {
    const account = this.account(id);
    return account?.status === "active" && !account.isOrganization;
  }

  /** Why an account is stopped; undefined while it acts. */
  suspension(id: AccountId): tables.SuspensionRow | undefined {
    return readRow(this.reader, tables.suspensionTable, id);
  }

  /** Accounts that administrators have stopped, by id, those after `since` only. */
  *suspensions(since: number): Iterable<tables.SuspensionRow & { readonly account: AccountId }> {
    const after = encode(accountIdCodec, since as AccountId);
    for (const [account, row] of scanRows(this.reader, tables.suspensionTable, { after })) yield { account, ...row };
  }

  /** An invitation to the network of several uses; undefined when there is none any more. */
  networkInvitationOffer(key: PublicKey): tables.NetworkInvitationOfferRow | undefined {
    return readRow(this.reader, tables.networkInvitationOfferTable, key);
  }

  /** Every such invitation by its key; `networkInvitationsMax` bounds them. */
  *networkInvitationOffers(): Iterable<tables.NetworkInvitationOfferRow & { readonly key: PublicKey }> {
    for (const [key, row] of scanRows(this.reader, tables.networkInvitationOfferTable)) yield { key, ...row };
  }

  /** What an account, or a node that admits for others, may add: the usual budget, or what an administrator set. */
  accountBudgetRule(id: AccountId): BudgetRule {
    return readRow(this.reader, tables.accountBudgetRuleTable, id) ?? accountBudgetRule;
  }

  /** Whether an administrator has changed the account's budget. */
  hasOwnBudgetRule(id: AccountId): boolean {
    return readRow(this.reader, tables.accountBudgetRuleTable, id) !== undefined;
  }

  /** Whether an administrator has changed the node's budget. */
  hasOwnNodeBudgetRule(id: NodeId): boolean {
    return readRow(this.reader, tables.nodeBudgetRuleTable, id) !== undefined;
  }

  nodeBudgetRule(id: NodeId): BudgetRule {
    return readRow(this.reader, tables.nodeBudgetRuleTable, id) ?? nodeBudgetRule;
  }

  /** What is left of an account's budget at `time`. */
  accountBudget(id: AccountId, time: TimeMs): Budget {
    const rule = this.accountBudgetRule(id);
    return refillBudget(readRow(this.reader, tables.accountBudgetTable, id) ?? fullBudget(rule, time), rule, time);
  }

  /** What is left of a node's budget at `time`. */
  nodeBudget(id: NodeId, time: TimeMs): Budget {
    const rule = this.nodeBudgetRule(id);
    return refillBudget(readRow(this.reader, tables.nodeBudgetTable, id) ?? fullBudget(rule, time), rule, time);
  }

  /** The account that a key acts for, with the key. */
  keyOwner(publicKey: PublicKey): { readonly account: AccountId; readonly key: AccountKey } | undefined {
    const account = readRow(this.reader, tables.keyOwnerTable, publicKey);
    if (account === undefined) return undefined;
    return { account, key: { publicKey, ...readRow(this.reader, tables.keyTable, { account, key: publicKey })! } };
  }

  *keys(account: AccountId): Iterable<AccountKey> {
    const within = encode(accountIdCodec, account);
    for (const [key, row] of scanRows(this.reader, tables.keyTable, { within })) yield { publicKey: key.key, ...row };
  }

  /** A node that receives blocks and packs; undefined for every other key. */
  node(id: NodeId): tables.NodeRow | undefined {
    return readRow(this.reader, tables.nodeTable, id);
  }

  /** Nodes by ascending id, validators among them. */
  *nodes(): Iterable<readonly [NodeId, tables.NodeRow]> {
    yield* scanRows(this.reader, tables.nodeTable);
  }

  /** Whether a node may act in the block at `height`: it was admitted in an earlier one and has not been removed since. */
  isAdmitted(node: NodeId, height: Height): boolean {
    const row = this.node(node);
    return row !== undefined && row.sinceHeight < height;
  }

  /** A credential that is live: its account is not stopped, and none of the nodes in its audience has been removed since it was made. */
  credential(id: Digest): Credential | undefined {
    const stored = this.storedCredential(id);
    return stored !== undefined && this.#isLive(stored) ? stored : undefined;
  }

  /** A credential's rows, which stay when one of its nodes is removed, until it expires or is revoked. */
  storedCredential(id: Digest): Credential | undefined {
    const row = readRow(this.reader, tables.credentialTable, id);
    return row === undefined ? undefined : { id, ...row };
  }

  /** An account's live credentials, oldest first. */
  *credentials(account: AccountId): Iterable<Credential> {
    for (const credential of this.storedCredentials(account)) if (this.#isLive(credential)) yield credential;
  }

  /** All of an account's credentials that have rows, oldest first. */
  *storedCredentials(account: AccountId): Iterable<Credential> {
    const within = encode(accountIdCodec, account);
    for (const [, id] of scanRows(this.reader, tables.accountCredentialTable, { within }))
      yield this.storedCredential(id)!;
  }

  /** What a credential may do. Never more than its row says; an SSH key is bounded by its kind. */
  powers(credential: Credential): CredentialPowers {
    if (credential.kind === "ssh-key") return sshKeyPowers;
    if (credential.kind === "voucher") return 0;
    return this.restriction(credential.id) ?? credential.scopes;
  }

  restriction(credential: Digest): Restriction | undefined {
    return readRow(this.reader, tables.credentialRestrictionTable, credential);
  }

  /** Who vouched for a voucher or visit; undefined for every other credential. */
  vouching(credential: Digest): tables.VouchedCredentialRow | undefined {
    return readRow(this.reader, tables.vouchedCredentialTable, credential);
  }

  /** The key that a credential is, whoever may use it now; undefined for tokens and sessions. */
  sshKey(id: Digest): SshKey | undefined {
    const row = readRow(this.reader, tables.sshKeyTable, id);
    const credential = row === undefined ? undefined : this.storedCredential(id);
    if (row === undefined || credential === undefined) return undefined;
    return { ...credential, ...row, restriction: this.restriction(id) };
  }

  /** Keys of an account or a repository, oldest first. */
  *sshKeys({ type, id }: tables.SshKeyHolder): Iterable<SshKey> {
    const within = encode(tables.sshKeyHolderTable.value, { type, id });
    for (const [, key] of scanRows(this.reader, tables.heldSshKeyTable, { within })) yield this.sshKey(key)!;
  }

  /** An account's keys of a type that sign commits and tags, oldest first. */
  *signingKeys(account: AccountId, type: SigningKey["type"]): Iterable<SigningKey> {
    const within = encode(accountIdCodec, account);
    for (const [{ number }, row] of scanRows(this.reader, tables.signingKeyTable, { within }))
      if (row.type === type) yield { number, ...row };
  }

  /**
   * A node that was removed has seen secrets, so those die with it. The secret of an SSH key no node ever sees; where it
   * may be used is asked of the audience. A visit ends with the node that vouched for it, too.
   */
  #isLive({ id, account, kind, audience, createdHeight }: Credential): boolean {
    if (this.suspension(account) !== undefined) return false;
    if (kind === "ssh-key" || kind === "deploy-key") return true;
    if (!audience.every((node) => this.isAdmitted(node, createdHeight))) return false;
    if (kind !== "voucher" && kind !== "visit") return true;
    const vouching = this.vouching(id);
    return vouching !== undefined && this.isAdmitted(vouching.vouchedBy, vouching.vouchedHeight);
  }

  /** An account's live delegations. */
  *delegations(account: AccountId): Iterable<Delegation> {
    for (const delegation of this.storedDelegations(account))
      if (this.isAdmitted(delegation.node, delegation.grantedHeight)) yield delegation;
  }

  /** All of an account's delegations that have rows; those to a node that was removed since stay until they are revoked. */
  *storedDelegations(account: AccountId): Iterable<Delegation> {
    const within = encode(accountIdCodec, account);
    for (const [key, row] of scanRows(this.reader, tables.delegationTable, { within })) {
      yield { node: key.node, ...row };
    }
  }

  isDelegated(account: AccountId, node: NodeId): boolean {
    const row = readRow(this.reader, tables.delegationTable, { account, node });
    return row !== undefined && this.isAdmitted(node, row.grantedHeight);
  }

  /**
   * By whose word a key signs pushes for an account; undefined when it does not, or not any more. An SSH key is the account's own
   * when a key of the account signed for it; otherwise a node says so, which could have made the key itself. Deploy keys
   * sign for nobody.
   */
  pushSigner(
    account: AccountId,
    publicKey: PublicKey,
    { time, height }: { readonly time: TimeMs; readonly height: Height },
  ): PushSigner | undefined {
    const owner = this.keyOwner(publicKey);
    const isOwnKey = owner?.account === account && (owner.key.revokedHeight ?? Infinity) > height;
    if (isOwnKey) return "own";
    const id = digestOf("sshKey", sshBlobOf(publicKey));
    const credential = this.credential(id);
    if (credential?.account !== account || credential.kind !== "ssh-key") return undefined;
    if (credential.expiresTime !== undefined && credential.expiresTime <= time) return undefined;
    return this.sshKey(id)!.vouchedBy === undefined ? "own" : "vouched";
  }

  /**
   * Whether an account has this key among those that sign its commits. Such a key says who made a push and lends no power: whoever
   * may add one, be it a node with a credential for nothing else, must not thereby be able to push.
   */
  isCountersigner(account: AccountId, publicKey: PublicKey): boolean {
    return this.hasSshSigningKey(account, digestOf("sshKey", sshBlobOf(publicKey)));
  }

  /** Whether an SSH key, by its id, is among those that sign an account's commits. */
  hasSshSigningKey(account: AccountId, id: Digest): boolean {
    return readRow(this.reader, tables.signingKeyNumberTable, { account, id }) !== undefined;
  }

  repository(id: RepositoryId): Repository | undefined {
    const row = readRow(this.reader, tables.repositoryTable, id);
    return row === undefined ? undefined : { id, ...row };
  }

  /** The repository that has, or had, this name under an owner. */
  findRepository(owner: AccountId, name: RepositoryName): Found<Repository> | undefined {
    const row = readRow(this.reader, tables.repositoryNameTable, { owner, name: foldName(name) });
    const found = row === undefined ? undefined : this.repository(row.repository);
    return row === undefined || found === undefined ? undefined : { found, isFormerName: row.state === "former" };
  }

  ref(repository: RepositoryId, name: RefName): ObjectId | undefined {
    return readRow(this.reader, tables.refTable, { repository, name });
  }

  /** Refs by ascending bytes of the name. */
  *refs(repository: RepositoryId): Iterable<readonly [RefName, ObjectId]> {
    const within = encode(repositoryIdCodec, repository);
    for (const [key, id] of scanRows(this.reader, tables.refTable, { within })) yield [key.name, id];
  }

  collaboratorRole(repository: RepositoryId, account: AccountId): RepositoryRole | undefined {
    return readRow(this.reader, tables.collaboratorTable, { repository, account })?.role;
  }

  repositoryInvitation(repository: RepositoryId, account: AccountId): tables.RepositoryInvitationRow | undefined {
    return readRow(this.reader, tables.repositoryInvitationTable, { repository, account });
  }

  /** A repository's protection rules, oldest first. */
  *protectionRules(repository: RepositoryId): Iterable<ProtectionRule> {
    const within = encode(repositoryIdCodec, repository);
    for (const [key, row] of scanRows(this.reader, tables.protectionTable, { within })) yield { ...key, ...row };
  }

  /** What a rule asks, and who said so when. */
  protectionSettings({ repository, number }: ProtectionRule): StatedProtection {
    const key = { repository, number };
    const { settings, ...stated } = readRow(this.reader, tables.protectionSettingsTable, key)!;
    const actors = readRow(this.reader, tables.protectionActorsTable, key);
    return { ...stated, settings: { ...withoutReviewActors(settings), ...actors } };
  }

  /** What the branch is called now that had this name; undefined where none had it, or where that one is gone too. */
  presentBranch(repository: RepositoryId, former: RefName): RefName | undefined {
    let name: RefName | undefined = former;
    for (let hops = 0; hops < formerBranchHopsMax; hops++) {
      name = readRow(this.reader, tables.formerBranchTable, { repository, name });
      if (name === undefined || this.ref(repository, name) !== undefined) return name;
    }
    return undefined;
  }

  /** Every reason for which an account may do something with a repository; undefined stands for a visitor. */
  grants(repository: Repository, account: AccountId | undefined): readonly PermissionGrant[] {
    const everybody: readonly PermissionGrant[] =
      repository.visibility === "public" ? [{ source: "public", permission: "read" }] : [];
    if (account === undefined) return everybody;
    const role = this.collaboratorRole(repository.id, account);
    return [
      ...everybody,
      ...(repository.owner === account ? [{ source: "owner", permission: "admin" } as const] : []),
      ...(role === undefined ? [] : [{ source: "collaborator", permission: role } as const]),
      ...this.organizations.grants(repository, account),
    ];
  }

  /** What governance asks about somebody's wish; `powers` undefined for a personal key or for a visitor. */
  repositoryAccess(
    repository: Repository,
    account: AccountId | undefined,
    powers: CredentialPowers | undefined,
  ): RepositoryAccess {
    const grants = this.grants(repository, account);
    const scopes = powers === undefined ? undefined : powersOn(powers, repository);
    return { visibility: repository.visibility, grants, scopes, isArchived: repository.state === "archived" };
  }
}
