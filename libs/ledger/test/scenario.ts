/** A ledger with people on it, for tests of what one transaction does: each attempt is a block of its own. */
import {
  decode,
  parseHandle,
  parseObjectId,
  parseRefName,
  parseRepositoryName,
  parseTeamName,
  publicKeyOf,
  zeroObjectId,
  type AccountId,
  type Digest,
  type Height,
  type ObjectFormat,
  type ObjectId,
  type PrivateSeed,
  type RefName,
  type RepositoryId,
  type TeamId,
} from "@guts/primitives";
import { allScopes, scopeSet, type RepositoryRole, type Scope, type Visibility } from "@guts/governance";
import {
  certificateText,
  signCertificate,
  SimulatedLedger,
  type CertificateChanges,
  type SimulatedCommand,
  type SimulatedNode,
  type SimulatedSigner,
} from "@guts/testing";
import {
  BlockExecution,
  factsVersion,
  kindOf,
  Overlay,
  placementAllValidators,
  provePossession,
  updateStateTree,
  type AddRefusal,
  type CertifiedUpdate,
  type Content,
  type ExecutedBlock,
  type ForgeState,
  type Genesis,
  type KindName,
  type LedgerCommand,
  type ObjectType,
  type PayloadOf,
  type PushCertificate,
  type ResultOf,
  type TransactionBody,
  type TransactionOutcome,
} from "../src/index.ts";

/** A person with an account. */
export interface Person {
  readonly id: AccountId;
  readonly handle: string;
  readonly rootSeed: PrivateSeed;
  readonly deviceSeed: PrivateSeed;
  readonly home: SimulatedNode;
}

/** Who acts and how: account, signature, node. */
export interface By {
  readonly account: number;
  readonly signer: SimulatedSigner;
  readonly node: SimulatedNode;
}

/** What an attempt changes of an ordinary transaction. */
export interface Changes {
  readonly body?: Partial<TransactionBody>;
  readonly node?: SimulatedNode;
  readonly stepMs?: number;
  readonly contents?: ReadonlyMap<string, Content>;
}

/** The verdict on an attempt. */
export type Verdict = TransactionOutcome | { readonly outcome: "inadmissible"; readonly code: AddRefusal };

/** What a profile or a repository's description is when nobody says anything. */
export const silentProfile = { displayName: undefined, bio: undefined, location: undefined, website: undefined };
/** The same with what `profile.change` has beside. */
export const fullerProfile = { ...silentProfile, company: undefined, twitterUsername: undefined, hireable: undefined };

const stepMs = 1_000;

export class Scenario {
  readonly ledger: SimulatedLedger;
  #names = 0;
  #last: ExecutedBlock | undefined;

  constructor(founders: Partial<Genesis> = {}, seed = 1) {
    this.ledger = new SimulatedLedger(seed, founders);
  }

  get forge(): ForgeState {
    return this.ledger.forge;
  }

  get home(): SimulatedNode {
    return this.ledger.nodes[0];
  }

  get away(): SimulatedNode {
    return this.ledger.nodes[1];
  }

  /** The block of the last attempt. */
  get last(): ExecutedBlock {
    return this.#last!;
  }

  /** Opens an account with a device key, delegated to the home node. */
  signUp(handle = `person-${++this.#names}`, rootSeed = this.ledger.newSeed()): Person {
    const deviceSeed = this.ledger.newSeed();
    const payload = {
      ...this.signUpPayload(handle, rootSeed),
      deviceKey: this.deviceKey(rootSeed, deviceSeed),
    };
    const { account } = this.mustApply("account.create", payload, this.newcomer(rootSeed));
    return { id: account, handle, rootSeed, deviceSeed, home: this.home };
  }

  signUpPayload(handle: string, rootSeed: PrivateSeed): PayloadOf<"account.create"> {
    const rootKey = publicKeyOf(rootSeed);
    return {
      handle: parseHandle(handle)!,
      rootKey,
      deviceKey: undefined,
      homeNode: this.home.id,
      invitation: undefined,
    };
  }

  /** A device key of the account that `rootSeed` opens, with its proof. */
  deviceKey(rootSeed: PrivateSeed, deviceSeed: PrivateSeed) {
    const holder = { type: "newcomer", rootKey: publicKeyOf(rootSeed) } as const;
    const possession = provePossession(deviceSeed, this.ledger.networkId, holder);
    return { key: publicKeyOf(deviceSeed), label: "d", possession };
  }

  administrator(): Person {
    return this.signUp("founder", this.ledger.administratorSeed);
  }

  newcomer(seed: PrivateSeed): By {
    return { account: 0, signer: { type: "key", seed }, node: this.home };
  }

  root(person: Person): By {
    return { account: person.id, signer: { type: "key", seed: person.rootSeed }, node: this.home };
  }

  device(person: Person): By {
    return { account: person.id, signer: { type: "key", seed: person.deviceSeed }, node: this.home };
  }

  /** The home node by the person's delegation. */
  delegated(person: Person, node = this.home): By {
    return { account: person.id, signer: { type: "delegation" }, node };
  }

  credential(person: Person, credential: Digest, node = this.home): By {
    return { account: person.id, signer: { type: "credential", credential }, node };
  }

  /** A new token of a person, with these scopes. */
  token(person: Person, scopes: readonly Scope[] | "all" = "all"): By & { readonly id: Digest } {
    const payload = this.tokenPayload({ scopes: scopes === "all" ? allScopes : scopeSet(scopes) });
    this.mustApply("credential.create", payload, this.delegated(person));
    return { ...this.credential(person, payload.id), id: payload.id };
  }

  tokenPayload(changes: Partial<PayloadOf<"credential.create">> = {}): PayloadOf<"credential.create"> {
    const id = this.ledger.random.bytes(32) as Digest;
    const terms = { kind: "token", scopes: allScopes, label: "token", expiresTime: undefined } as const;
    return { id, ...terms, audience: [this.home.id], ...changes };
  }

  repository(
    owner: Person,
    name = `repository-${++this.#names}`,
    changes: Partial<PayloadOf<"repository.create">> = {},
  ): RepositoryId {
    const payload = { ...this.repositoryPayload(owner, name), ...changes };
    return this.mustApply("repository.create", payload, this.root(owner)).repository;
  }

  repositoryPayload(owner: Person, name: string, visibility: Visibility = "public"): PayloadOf<"repository.create"> {
    const optional = { defaultBranch: undefined, description: undefined, homepage: undefined };
    return { owner: owner.id, name: parseRepositoryName(name)!, visibility, objectFormat: "sha1", ...optional };
  }

  /** Makes somebody a collaborator, with the invitation and its acceptance. */
  collaborator(owner: Person, repository: RepositoryId, person: Person, role: RepositoryRole): void {
    this.mustApply("collaborator.invite", { repository, account: person.id, role }, this.root(owner));
    this.mustApply("collaborator.accept", { repository }, this.root(person));
  }

  /** An organization of `owner`, with members who accepted their invitations. */
  organization(owner: Person, members: readonly Person[] = [], handle = `organization-${++this.#names}`): AccountId {
    const payload = { handle: parseHandle(handle)!, displayName: undefined };
    const { organization } = this.mustApply("organization.create", payload, this.root(owner));
    for (const member of members) {
      const invitation = { organization, account: member.id, role: "member", teams: [] } as const;
      this.mustApply("organization.invite", invitation, this.root(owner));
      this.mustApply("organization.accept", { organization }, this.root(member));
    }
    return organization;
  }

  /** A visible team that `by` makes, with these members of the organization. */
  team(organization: AccountId, by: Person, members: readonly Person[] = [], parent?: TeamId): TeamId {
    const name = parseTeamName(`Team ${++this.#names}`)!;
    const payload = { organization, name, privacy: "visible", parent, description: undefined } as const;
    const { team } = this.mustApply("team.create", payload, this.root(by));
    for (const { id } of members)
      this.mustApply("team.set-member", { team, account: id, role: "member" }, this.root(by));
    return team;
  }

  /** A push that a quorum has certified. */
  push(
    repository: RepositoryId,
    updates: readonly CertifiedUpdate[],
    changes: Partial<PayloadOf<"refs.change">> = {},
  ): PayloadOf<"refs.change"> {
    const terms = {
      epoch: 0,
      placement: placementAllValidators,
      factsVersion,
      baseHeight: 0 as Height,
      expiresHeight: (this.ledger.tip.height + 100) as Height,
      ...changes.receipt,
    };
    const { networkId } = this.ledger;
    const statement = { networkId, repository, updates, packs: [], ...terms };
    const signatures = changes.receipt?.signatures ?? this.ledger.certify(statement);
    const rest = { isAtomic: false, packs: [], pushOptions: [] };
    return { repository, updates, ...rest, ...changes, receipt: { ...terms, signatures } };
  }

  /** The same as nodes submitted it whose receipts had facts of version 1. */
  earlierPush(repository: RepositoryId, updates: readonly CertifiedUpdate[]): PayloadOf<"refs.update"> {
    const first = updates.map(({ name, oldId, newId, isFastForward, newType }) => {
      return { name, oldId, newId, isFastForward, newType };
    });
    const expiresHeight = (this.ledger.tip.height + 100) as Height;
    const terms = {
      epoch: 0,
      placement: placementAllValidators,
      factsVersion: 1,
      baseHeight: 0 as Height,
      expiresHeight,
    };
    const { networkId } = this.ledger;
    const signatures = this.ledger.certify({ networkId, repository, updates: first, packs: [], ...terms });
    return {
      repository,
      updates: first,
      isAtomic: false,
      packs: [],
      pushOptions: [],
      receipt: { ...terms, signatures },
    };
  }

  /** A push that the person's git signed, by a key of theirs; what they hand over and who it makes them. */
  signedPush(
    person: Person,
    repository: RepositoryId,
    updates: readonly CertifiedUpdate[],
    { seed = person.deviceSeed, ...changes }: CertificateChanges & { readonly seed?: PrivateSeed } = {},
  ): { readonly payload: PayloadOf<"refs.change">; readonly by: By } {
    const certificate = signCertificate(certificateText(this.ledger, repository, updates, changes), seed);
    const payload = this.push(repository, updates, { isAtomic: true, pushOptions: changes.pushOptions ?? [] });
    return { payload, by: this.mandated(person, certificate) };
  }

  mandated(person: Person, certificate: PushCertificate, node = this.home): By {
    return { account: person.id, signer: { type: "push-certificate", certificate }, node };
  }

  /** The same push, made with the powers of a token and signed by a key that lends none. */
  countersigned({ signer, ...by }: By, { id }: { readonly id: Digest }): By {
    if (!("certificate" in signer)) throw new RangeError("git signed nothing");
    return { ...by, signer: { type: "countersigned", credential: id, certificate: signer.certificate } };
  }

  /** The state key by key, changed directly: for what would take a thousand transactions. */
  arrange(change: (state: Overlay) => void): void {
    const overlay = new Overlay(this.ledger.state);
    change(overlay);
    const changes = overlay.changes();
    this.ledger.state.write(changes, updateStateTree(this.ledger.state, changes).pages);
  }

  /** Lets time pass without a transaction. */
  wait(ms: number): ExecutedBlock {
    return this.ledger.appendBlock(ms, []);
  }

  /** Executes one command in a block of its own, which becomes the tip unless the command is inadmissible. */
  attempt<Kind extends KindName>(kind: Kind, payload: PayloadOf<Kind>, by: By, changes: Changes = {}): Verdict {
    const command = this.commandOf(kind, payload, by, changes);
    const place = this.ledger.placeAfter(changes.stepMs ?? stepMs);
    const body = { ...this.ledger.bodyOf(command, place.time), ...changes.body };
    return this.attemptRaw(this.ledger.envelopeOf(command, body), changes);
  }

  attemptRaw(raw: Uint8Array, changes: Changes = {}): Verdict {
    const execution = new BlockExecution(this.ledger.state, this.ledger.placeAfter(changes.stepMs ?? stepMs));
    const verdict = execution.add(raw, changes.contents ?? this.ledger.offered, false);
    if (verdict.outcome === "inadmissible") return verdict;
    this.#last = execution.seal();
    this.ledger.append(this.#last);
    return verdict;
  }

  commandOf<Kind extends KindName>(
    kind: Kind,
    payload: PayloadOf<Kind>,
    by: By,
    changes: Changes = {},
  ): SimulatedCommand {
    return { command: { kind, payload } as unknown as LedgerCommand, ...by, node: changes.node ?? by.node };
  }

  /** "applied", or the code of the rejection or of what makes the attempt inadmissible. */
  code<Kind extends KindName>(kind: Kind, payload: PayloadOf<Kind>, by: By, changes: Changes = {}): string {
    return codeOf(this.attempt(kind, payload, by, changes));
  }

  /** The result of a command that has to be applied. */
  mustApply<Kind extends KindName>(
    kind: Kind,
    payload: PayloadOf<Kind>,
    by: By,
    changes: Changes = {},
  ): ResultOf<Kind> {
    const verdict = this.attempt(kind, payload, by, changes);
    if (verdict.outcome !== "applied") throw new RangeError(`${kind} was not applied: ${verdict.code}`);
    return decode(kindOf(kind).result, verdict.event.result) as ResultOf<Kind>;
  }
}

/** "applied", or why not. */
export function codeOf(verdict: Verdict): string {
  return verdict.outcome === "applied" ? "applied" : verdict.code;
}

/** The object id of a digit repeated; 0 stands for no object. */
export function objectId(digit: number, format: ObjectFormat = "sha1"): ObjectId {
  return digit === 0
    ? zeroObjectId(format)
    : parseObjectId(digit.toString(16).repeat(format === "sha1" ? 40 : 64), format)!;
}

/** A certified update of a branch, or of a full ref name, from one object to another; 0 stands for none. */
export function update(
  name: string,
  oldDigit: number,
  newDigit: number,
  format: ObjectFormat = "sha1",
): CertifiedUpdate {
  const full = name.startsWith("refs/") ? name : `refs/heads/${name}`;
  const newType: ObjectType = newDigit === 0 ? "none" : "commit";
  const ids = { oldId: objectId(oldDigit, format), newId: objectId(newDigit, format) };
  return {
    name: parseRefName(full)!,
    ...ids,
    isFastForward: oldDigit !== 0 && newDigit !== 0,
    hasMerges: false,
    newType,
  };
}

/** A branch's ref name. */
export function branch(name: string): RefName {
  return parseRefName(`refs/heads/${name}`)!;
}
