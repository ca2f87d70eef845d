/**
 * People who use a simulated ledger without a plan: sign up, make and rename things, push, invite, revoke, redact.
 *
 * Most of what they try is possible; some is not, on purpose. Every kind of transaction occurs.
 */
import {
  nodeIdOf,
  parseDigest,
  parseHandle,
  parseRefName,
  parseRepositoryName,
  publicKeyOf,
  type AccountId,
  type Digest,
  type NodeId,
  type PrivateSeed,
  type RepositoryId,
  type TimeMs,
} from "@guts/primitives";
import { allScopes, repositoryRoles } from "@guts/governance";
import {
  factsVersion,
  ledgerLimits,
  provePossession,
  scanRows,
  tables,
  type KeyHolder,
  type KindName,
  type LedgerCommand,
  type PayloadOf,
  type Possession,
  type Repository,
  type TextChange,
} from "@guts/ledger";
import { hostileText } from "./hostile-text.ts";
import { administrationWeights, RandomAdministration } from "./random-administration.ts";
import { issueWeights, RandomIssues, type IssueKind } from "./random-issues.ts";
import { organizationWeights, RandomOrganizations, type OrganizationKind } from "./random-organizations.ts";
import { pullWeights, randomPullAct, type PullKind } from "./random-pulls.ts";
import type { Random } from "./random.ts";
import { profileWeights, randomProfiles } from "./random-profiles.ts";
import { branches, randomPush } from "./random-push.ts";
import { randomProtectionPayloads } from "./random-protection.ts";
import { randomStandings, standingWeights } from "./random-standings.ts";
import { randomSigningKeys, randomSshKey } from "./random-signing-keys.ts";
import { randomVoucher, randomVisit, someVoucher } from "./random-visits.ts";
import { signRandomly, type User } from "./random-signed-push.ts";
import type { SimulatedCommand, SimulatedLedger, SimulatedSigner } from "./simulated-ledger.ts";

/** Few, so that they are taken, differ only in case, and sort unlike words. */
const handles = [
  "ada",
  "Ada",
  "ADA-1",
  "bob",
  "b",
  "B-b",
  "zoe",
  "Zoe",
  "a1",
  "a-1",
  "eve",
  "mallory",
  "x",
  "0",
  "9-z",
];
const repositoryNames = ["a", "A", "a_b", "a.b", "a-b", "aB", "_", "__", "website", "Website", "web_site", "0", "z.Z"];
const dayMs = 24 * 60 * 60_000;

/** The users of one ledger. The same ledger seed gives the same history. */
export class RandomUsers {
  readonly #ledger: SimulatedLedger;
  readonly #random: Random;
  readonly #users: User[] = [];
  readonly #organizations: RandomOrganizations;
  readonly #issues: RandomIssues;
  readonly #administration: RandomAdministration;
  readonly #kinds: readonly CommonKind[];

  /** People who do nothing but `only`, when it is given, and sign up. */
  constructor(ledger: SimulatedLedger, only?: ReadonlySet<KindName>) {
    this.#ledger = ledger;
    this.#kinds = only === undefined ? commonKinds : commonKinds.filter((kind) => only.has(kind));
    this.#random = ledger.random;
    this.#administration = new RandomAdministration(ledger);
    const around = {
      accounts: () => this.accounts,
      text: (bytesMax: number) => this.#text(bytesMax),
      textChange: (bytesMax: number) => this.#textChange(bytesMax),
    };
    this.#organizations = new RandomOrganizations(ledger, around);
    this.#issues = new RandomIssues(ledger, around);
  }

  /** Organizations that there are. */
  get organizations(): readonly AccountId[] {
    return this.#organizations.all;
  }

  /** Every account that a user holds, closed ones too. */
  get accounts(): readonly AccountId[] {
    return this.#users.map(({ id }) => id);
  }

  /** Appends one block of up to `count` transactions. */
  appendBlock(count: number): ReturnType<SimulatedLedger["appendBlock"]> {
    const signUps: { readonly rootSeed: PrivateSeed; readonly deviceSeeds: readonly PrivateSeed[] }[] = [];
    const commands = Array.from({ length: count }, () =>
      this.#users.length < 3 || this.#random.oneIn(12) ? this.#signUp(signUps) : this.#act(),
    );
    const stepMs = this.#random.oneIn(15) ? 1 + this.#random.below(8 * dayMs) : 1 + this.#random.below(60_000);
    const block = this.#ledger.appendBlock(stepMs, commands);
    for (const user of signUps) {
      const owner = this.#ledger.forge.keyOwner(publicKeyOf(user.rootSeed));
      if (owner !== undefined) this.#users.push({ id: owner.account, ...user });
    }
    return block;
  }

  #signUp(signUps: { rootSeed: PrivateSeed; deviceSeeds: readonly PrivateSeed[] }[]): SimulatedCommand {
    const isFirst = this.#users.length === 0 && signUps.length === 0;
    const rootSeed = isFirst ? this.#ledger.administratorSeed : this.#ledger.newSeed();
    const deviceSeed = this.#ledger.newSeed();
    signUps.push({ rootSeed, deviceSeeds: [deviceSeed] });
    const node = this.#random.pick(this.#ledger.nodes);
    const handle = this.#handle();
    return {
      command: {
        kind: "account.create",
        payload: {
          handle,
          rootKey: publicKeyOf(rootSeed),
          deviceKey: {
            key: publicKeyOf(deviceSeed),
            label: this.#label(),
            possession: this.#possession(deviceSeed, { type: "newcomer", rootKey: publicKeyOf(rootSeed) }),
          },
          homeNode: this.#random.oneIn(3) ? undefined : node.id,
          invitation: this.#administration.invitation(handle, publicKeyOf(rootSeed)),
        },
      },
      account: 0,
      signer: { type: "key", seed: rootSeed },
      node,
    };
  }

  /** Now and then one that signed for somebody else. */
  #newKey(user: User): PayloadOf<"key.add"> {
    const seed = this.#ledger.newSeed();
    const account = this.#random.oneIn(8) ? this.#random.pick(this.#users)!.id : user.id;
    return {
      key: publicKeyOf(seed),
      role: this.#random.pick(["root", "device"]),
      label: this.#label(),
      possession: this.#possession(seed, { type: "account", account }),
    };
  }

  #possession(seed: PrivateSeed, holder: KeyHolder): Possession {
    return provePossession(seed, this.#ledger.networkId, holder);
  }

  #act(): SimulatedCommand {
    const kind = this.#random.pick(this.#kinds)!;
    if (isOrganizationKind(kind)) return this.#actFor(kind, this.#organizations.act(kind));
    if (isIssueKind(kind)) return this.#actFor(kind, this.#issues.act(kind));
    if (isPullKind(kind))
      return this.#actFor(
        kind,
        randomPullAct(this.#ledger, kind, (bytesMax) => this.#text(bytesMax)),
      );
    const { user, repository } = this.#cast(kind);
    const payload = this.#payload(kind, user, repository);
    const command = { kind, payload } as LedgerCommand;
    if (command.kind === "refs.change" && this.#random.oneIn(2))
      return signRandomly(this.#ledger, command.payload, user);
    return { command, account: user.id, ...this.#sign(kind, user) };
  }

  #actFor(
    kind: OrganizationKind | IssueKind | PullKind,
    { account, payload }: { readonly account: AccountId | undefined; readonly payload: unknown },
  ): SimulatedCommand {
    const user = this.#users.find(({ id }) => id === account) ?? this.#random.pick(this.#users)!;
    return { command: { kind, payload } as LedgerCommand, account: user.id, ...this.#sign(kind, user) };
  }

  /** Who acts, on what. Mostly somebody who may: an owner, an invited person, an administrator. */
  #cast(kind: PersonalKind): { readonly user: User; readonly repository: Repository | undefined } {
    const { forge, state } = this.#ledger;
    const isActive = ({ id }: User): boolean =>
      forge.account(id)?.status === "active" && forge.suspension(id) === undefined;
    const anybody = this.#random.pick(this.#users.filter(isActive));
    const user = anybody ?? this.#users[0]!;
    const any = this.#random.pick([...scanRows(state, tables.repositoryTable)])?.[0];
    const repository = any === undefined ? undefined : forge.repository(any);
    if (this.#random.oneIn(12)) return { user: this.#random.pick(this.#users)!, repository };
    if (kind === "credential.revoke") {
      const live = this.#random.pick([...scanRows(state, tables.credentialTable)]);
      return { user: this.#users.find(({ id }) => id === live?.[1].account) ?? user, repository };
    }
    if (kind === "voucher.redeem") {
      const voucher = someVoucher(this.#ledger);
      return { user: this.#users.find(({ id }) => id === voucher?.account) ?? user, repository };
    }
    if (kind === "ssh-key.remove") {
      const held = this.#random.pick(
        [...scanRows(state, tables.credentialTable)].filter(([, row]) => row.kind === "ssh-key"),
      );
      return { user: this.#users.find(({ id }) => id === held?.[1].account) ?? user, repository };
    }
    if (kind.startsWith("node.") || Object.hasOwn(administrationWeights, kind))
      return { user: this.#users[0]!, repository };
    if (kind === "collaborator.accept" || kind === "collaborator.decline") {
      const open = this.#random.pick([...scanRows(state, tables.repositoryInvitationTable)])?.[0];
      if (open !== undefined) return this.#known(open.account, open.repository) ?? { user, repository };
    }
    if (kind === "transfer.accept" || kind === "transfer.cancel") {
      const open = this.#random.pick([...scanRows(state, tables.transferOfferTable)]);
      if (open !== undefined)
        return this.#known(this.#organizations.actorFor(open[1].to), open[0]) ?? { user, repository };
    }
    if (kind === "collaborator.add") {
      const owned = this.#random.pick(this.#organizations.repositories);
      if (owned !== undefined)
        return this.#known(this.#organizations.actorFor(owned.owner), owned.id) ?? { user, repository };
    }
    const isOfRepository =
      /^(repository\.(?!create|fork)|topics|status|collaborator|deploy-key|refs|branch|protection)/.test(kind);
    return (
      (isOfRepository && repository !== undefined
        ? this.#known(this.#organizations.actorFor(repository.owner), repository.id)
        : undefined) ?? {
        user,
        repository,
      }
    );
  }

  #known(account: AccountId, repository: RepositoryId) {
    const user = this.#users.find(({ id }) => id === account);
    return user === undefined ? undefined : { user, repository: this.#ledger.forge.repository(repository) };
  }

  /** Somebody who works on the repository or is invited to, else anybody. */
  #memberOf(repository: RepositoryId): AccountId {
    const { state } = this.#ledger;
    const keys = [...scanRows(state, tables.collaboratorTable), ...scanRows(state, tables.repositoryInvitationTable)];
    const members = keys.map(([key]) => key).filter((key) => key.repository === repository);
    return this.#random.pick(members)?.account ?? this.#random.pick(this.#users)!.id;
  }

  /** Mostly a key that may; sometimes a credential or the home node's word. */
  #sign(kind: KindName, user: User): Pick<SimulatedCommand, "signer" | "node"> {
    const node = this.#random.pick(this.#ledger.nodes);
    const voucher = kind === "voucher.redeem" ? someVoucher(this.#ledger, user.id) : undefined;
    const guest = this.#ledger.nodes.find(({ id }) => voucher?.audience[0] === id);
    if (voucher !== undefined && guest !== undefined)
      return { signer: { type: "credential", credential: voucher.id }, node: guest };
    if (!personalKinds.has(kind) && this.#random.oneIn(3)) {
      const credential = this.#random.pick([...this.#ledger.forge.credentials(user.id)]);
      const usedAt = this.#ledger.nodes.find(({ id }) => credential?.audience.includes(id) === true);
      if (credential !== undefined && usedAt !== undefined) {
        return { signer: { type: "credential", credential: credential.id }, node: usedAt };
      }
    }
    if (/^(credential|voucher)\.create/.test(kind) && !this.#random.oneIn(5)) {
      const home = this.#ledger.nodes.find(({ id }) => this.#ledger.forge.isDelegated(user.id, id));
      if (home !== undefined) return { signer: { type: "delegation" }, node: home };
    }
    const device = this.#random.pick(user.deviceSeeds);
    const seed = personalKinds.has(kind) || device === undefined || this.#random.oneIn(2) ? user.rootSeed : device;
    return { signer: { type: "key", seed } satisfies SimulatedSigner, node };
  }

  #payload(kind: PersonalKind, user: User, on: Repository | undefined): unknown {
    const repository = on?.id ?? (1 as RepositoryId);
    const someone = (): AccountId => this.#random.pick(this.#users)!.id;
    const role = () => this.#random.pick(repositoryRoles);
    const choices: { readonly [Kind in PersonalKind]: () => PayloadOf<Kind> } = {
      "account.rename": () => ({ handle: this.#handle() }),
      "account.close": () => ({}),
      ...randomProfiles(this.#ledger, { account: user.id, someone, textChange: (max) => this.#textChange(max) }),
      "key.add": () => this.#newKey(user),
      "key.revoke": () => ({
        key: this.#random.pick([...this.#ledger.forge.keys(user.id)])?.publicKey ?? publicKeyOf(user.rootSeed),
      }),
      "credential.create": () => this.#credential(user),
      "credential.revoke": () => ({
        id: this.#random.pick([...this.#ledger.forge.credentials(user.id)])?.id ?? parseDigest(this.#random.bytes(32))!,
      }),
      "credential.share": () => ({
        id: this.#random.pick([...this.#ledger.forge.credentials(user.id)])?.id ?? parseDigest(this.#random.bytes(32))!,
        nodes: [this.#random.pick(this.#ledger.nodes).id],
      }),
      "delegation.grant": () => ({ node: this.#random.pick(this.#ledger.nodes).id }),
      "delegation.revoke": () => ({ node: this.#random.pick(this.#ledger.nodes).id }),
      "node.admit": () => ({ node: this.#guest(), name: `guest-${this.#random.below(3)}` }),
      "node.remove": () => ({ node: this.#random.oneIn(4) ? this.#random.pick(this.#ledger.nodes).id : this.#guest() }),
      "repository.create": () => ({
        owner: (this.#random.oneIn(2) ? this.#organizations.ofMember(user.id) : undefined) ?? user.id,
        name: this.#repositoryName(),
        visibility: this.#random.pick(["public", "private"]),
        objectFormat: this.#random.pick(["sha1", "sha256"]),
        defaultBranch: this.#random.oneIn(3) ? parseRefName(`refs/heads/${this.#random.pick(branches)}`) : undefined,
        description: this.#random.oneIn(2) ? undefined : this.#text(ledgerLimits.descriptionBytesMax),
        homepage: this.#random.oneIn(2) ? undefined : this.#text(ledgerLimits.descriptionBytesMax),
      }),
      "repository.update": () => ({
        repository,
        description: this.#textChange(ledgerLimits.descriptionBytesMax),
        homepage: this.#textChange(ledgerLimits.descriptionBytesMax),
        visibility: this.#random.oneIn(2) ? undefined : this.#random.pick(["public", "private"] as const),
        defaultBranch: this.#random.oneIn(4) ? parseRefName(`refs/heads/${this.#random.pick(branches)}`) : undefined,
      }),
      "repository.rename": () => ({ repository, name: this.#repositoryName() }),
      "repository.transfer": () => ({
        repository,
        to: (this.#random.oneIn(3) ? this.#organizations.ofMember(user.id) : undefined) ?? someone(),
        newName: this.#random.oneIn(2) ? undefined : this.#repositoryName(),
      }),
      "transfer.accept": () => ({ repository }),
      "transfer.cancel": () => ({ repository }),
      "repository.archive": () => ({ repository, isArchived: this.#random.oneIn(3) }),
      "repository.delete": () => ({ repository }),
      "collaborator.invite": () => ({ repository, account: someone(), role: role() }),
      "collaborator.accept": () => ({ repository }),
      "collaborator.decline": () => ({ repository }),
      "collaborator.remove": () => ({ repository, account: this.#memberOf(repository) }),
      "collaborator.update": () => ({ repository, account: this.#memberOf(repository), role: role() }),
      "collaborator.add": () => this.#organizations.collaborator(on?.id),
      "refs.update": () => randomPush(this.#ledger, on, 1),
      "refs.change": () => randomPush(this.#ledger, on, factsVersion),
      "content.redact": () => this.#redaction(user),
      "ssh-key.add": () => ({ ...this.#sshKey(), expiresTime: this.#maybeSoon() }),
      "deploy-key.add": () => ({ repository, ...this.#sshKey(), isReadOnly: this.#random.oneIn(2) }),
      "deploy-key.remove": () => ({ repository, id: this.#keyOf({ type: "repository", id: repository }) }),
      "ssh-key.remove": () => ({ id: this.#keyOf({ type: "account", id: user.id }) }),
      "credential.create-restricted": () => this.#restrictedToken(user, on),
      ...randomSigningKeys(this.#ledger, this.#random, { account: user.id, label: () => this.#label() }),
      ...randomProtectionPayloads(this.#ledger, { repository, on, accounts: this.accounts, branches }),
      "voucher.create": () => randomVoucher(this.#ledger),
      "voucher.redeem": () => randomVisit(this.#ledger, this.#label()),
      ...this.#administration.payloads(someone),
      ...randomStandings(this.#random, { account: user.id, repository, on, text: (bytesMax) => this.#text(bytesMax) }),
    };
    return choices[kind]();
  }

  #redaction(user: User): PayloadOf<"content.redact"> {
    return {
      digests: this.#textsOf(user).slice(0, 1 + this.#random.below(2)),
      reason: hostileText(this.#random, ledgerLimits.reasonBytesMax),
    };
  }

  #credential(user: User): PayloadOf<"credential.create"> {
    const delegated = this.#ledger.nodes
      .map(({ id }) => id)
      .filter((id) => this.#ledger.forge.isDelegated(user.id, id));
    const audience: readonly NodeId[] =
      delegated.length === 0 ? [this.#ledger.nodes[0].id] : delegated.slice(0, 1 + this.#random.below(2));
    const isSession = this.#random.oneIn(2);
    const lifeMs = 60_000 + this.#random.below(3 * dayMs);
    return {
      id: parseDigest(this.#random.bytes(32))!,
      kind: isSession ? "session" : "token",
      scopes: this.#random.oneIn(3) ? this.#random.below(allScopes + 1) : allScopes,
      label: this.#label(),
      expiresTime: isSession || this.#random.oneIn(2) ? ((this.#ledger.tip.time + lifeMs) as TimeMs) : undefined,
      audience,
    };
  }

  #sshKey() {
    const audience = [...new Set([this.#ledger.nodes[0].id, this.#guest()])].slice(0, 1);
    return { blob: randomSshKey(this.#random), title: this.#label(), audience };
  }

  #keyOf(holder: tables.SshKeyHolder): Digest {
    return this.#random.pick([...this.#ledger.forge.sshKeys(holder)])?.id ?? parseDigest(this.#random.bytes(32))!;
  }

  #maybeSoon(): TimeMs | undefined {
    return this.#random.oneIn(2) ? undefined : ((this.#ledger.tip.time + this.#random.below(dayMs)) as TimeMs);
  }

  #restrictedToken(user: User, on: Repository | undefined): PayloadOf<"credential.create-restricted"> {
    const level = () => this.#random.pick(["none", "read", "write"] as const);
    const { id, label, audience } = this.#credential(user);
    return {
      id,
      label,
      audience,
      expiresTime: this.#maybeSoon(),
      restriction: {
        owner: on === undefined || this.#random.oneIn(3) ? undefined : on.owner,
        repositories: on === undefined || this.#random.oneIn(3) ? undefined : [on.id],
        permissions: {
          contents: level(),
          administration: level(),
          metadata: this.#random.oneIn(10) ? "none" : "read",
          issues: level(),
          pullRequests: level(),
        },
      },
    };
  }

  #textsOf(user: User): readonly Digest[] {
    const texts = [...scanRows(this.#ledger.state, tables.contentTable)].filter(
      ([, { account, redaction }]) => account === user.id && redaction === undefined,
    );
    const start = this.#random.below(Math.max(1, texts.length));
    return texts.slice(start).map(([digest]) => digest);
  }

  #text(bytesMax: number) {
    return this.#ledger.offerText(hostileText(this.#random, bytesMax));
  }

  #textChange(bytesMax: number): TextChange {
    if (this.#random.oneIn(2)) return undefined;
    return { value: this.#random.oneIn(4) ? undefined : this.#text(bytesMax) };
  }

  #label(): string {
    return hostileText(this.#random, ledgerLimits.labelBytesMax);
  }

  /** One of three nodes that come and go. */
  #guest(): NodeId {
    const seed = new Uint8Array(32).fill(0xf0 + this.#random.below(3)) as PrivateSeed;
    return nodeIdOf(publicKeyOf(seed));
  }

  #handle() {
    const stem = this.#random.pick(handles)!;
    return parseHandle(this.#random.oneIn(2) ? stem : `${stem}${this.#random.below(100)}`)!;
  }

  #repositoryName() {
    const stem = this.#random.pick(repositoryNames)!;
    return parseRepositoryName(this.#random.oneIn(2) ? stem : `${stem}${this.#random.below(100)}`)!;
  }
}

type CommonKind = Exclude<KindName, "account.create">;

type PersonalKind = Exclude<CommonKind, OrganizationKind | IssueKind | PullKind>;

function isOrganizationKind(kind: CommonKind): kind is OrganizationKind {
  return Object.hasOwn(organizationWeights, kind);
}

function isIssueKind(kind: CommonKind): kind is IssueKind {
  return Object.hasOwn(issueWeights, kind);
}

function isPullKind(kind: CommonKind): kind is PullKind {
  return Object.hasOwn(pullWeights, kind);
}

/** Kinds by how often they are tried. */
const weights: Readonly<Record<CommonKind, number>> = {
  ...profileWeights,
  "account.rename": 2,
  "account.close": 1,
  "key.add": 2,
  "key.revoke": 1,
  "credential.create": 4,
  "credential.revoke": 3,
  "credential.share": 5,
  "delegation.grant": 5,
  "delegation.revoke": 1,
  "node.admit": 2,
  "node.remove": 1,
  "repository.create": 16,
  "repository.update": 5,
  "repository.rename": 3,
  "repository.transfer": 4,
  "transfer.accept": 4,
  "transfer.cancel": 1,
  "repository.archive": 2,
  "repository.delete": 1,
  "collaborator.invite": 6,
  "collaborator.accept": 5,
  "collaborator.decline": 1,
  "collaborator.remove": 2,
  "collaborator.update": 2,
  "collaborator.add": 4,
  "refs.update": 2,
  "refs.change": 8,
  "content.redact": 3,
  "ssh-key.add": 3,
  "deploy-key.add": 3,
  "deploy-key.remove": 4,
  "ssh-key.remove": 2,
  "credential.create-restricted": 2,
  "ssh-signing-key.add": 2,
  "gpg-key.add": 2,
  "ssh-signing-key.remove": 2,
  "gpg-key.remove": 4,
  "protection.set": 3,
  "protection.remove": 4,
  "protection.change": 4,
  "branch.rename": 4,
  ...organizationWeights,
  ...issueWeights,
  ...pullWeights,
  "voucher.create": 5,
  "voucher.redeem": 5,
  ...administrationWeights,
  ...standingWeights,
};

const commonKinds = Object.entries(weights).flatMap(([kind, weight]) =>
  Array.from({ length: weight }, () => kind as CommonKind),
);

/** Only a root key signs these. */
const personalKinds: ReadonlySet<KindName> = new Set([
  "account.close",
  "key.add",
  "key.revoke",
  "credential.share",
  "delegation.grant",
  "delegation.revoke",
]);
