/** What the users of a simulated ledger do with organizations and teams. */
import { parseHandle, parseTeamName, type AccountId, type RepositoryId, type TeamId } from "@guts/primitives";
import { repositoryRoles } from "@guts/governance";
import {
  ledgerLimits,
  scanRows,
  tables,
  type ContentRef,
  type KindName,
  type PayloadOf,
  type Team,
  type TextChange,
} from "@guts/ledger";
import type { Random } from "./random.ts";
import type { SimulatedLedger } from "./simulated-ledger.ts";

/** Kinds that are about organizations and teams. */
export type OrganizationKind = Extract<KindName, `organization.${string}` | `team.${string}`>;

/** These kinds by how often they are tried. */
export const organizationWeights: Readonly<Record<OrganizationKind, number>> = {
  "organization.create": 2,
  "organization.update": 1,
  "organization.rename": 1,
  "organization.delete": 1,
  "organization.invite": 4,
  "organization.accept": 4,
  "organization.decline": 1,
  "organization.cancel-invitation": 2,
  "organization.remove-member": 3,
  "organization.set-role": 6,
  "organization.set-visibility": 2,
  "team.create": 4,
  "team.update": 2,
  "team.delete": 1,
  "team.set-member": 3,
  "team.remove-member": 3,
  "team.set-repository": 12,
  "team.remove-repository": 12,
};

/** What only the users know: who there is, and texts that the ledger is offered. */
export interface Surroundings {
  readonly accounts: () => readonly AccountId[];
  readonly text: (bytesMax: number) => ContentRef;
  readonly textChange: (bytesMax: number) => TextChange;
}

/** Few, so that they are taken, and some that differ only in their slugs. */
const teamNames = ["core", "Core", "Core team", "core-team", "Übersicht 2", "a_b", "a.b", "docs", "ops"];
const organizationNames = ["acme", "Acme", "guild", "z-corp"];

/** A repository with whom it belongs to. */
interface OwnedRepository {
  readonly id: RepositoryId;
  readonly owner: AccountId;
}

/** Acts on the organizations of one ledger; the same seed gives the same acts. */
export class RandomOrganizations {
  readonly #ledger: SimulatedLedger;
  readonly #around: Surroundings;

  constructor(ledger: SimulatedLedger, around: Surroundings) {
    this.#ledger = ledger;
    this.#around = around;
  }

  /** Organizations that there are. */
  get all(): readonly AccountId[] {
    return Array.from(scanRows(this.#ledger.state, tables.organizationTable), ([id]) => id);
  }

  /** Repositories that organizations own. */
  get repositories(): readonly OwnedRepository[] {
    const all = new Set(this.all);
    const rows = [...scanRows(this.#ledger.state, tables.repositoryTable)];
    return rows.filter(([, { owner }]) => all.has(owner)).map(([id, { owner }]) => ({ id, owner }));
  }

  /** A member of its owner who is to work on a repository. */
  collaborator(repository = 1 as RepositoryId): PayloadOf<"collaborator.add"> {
    const owner = this.#ledger.forge.repository(repository)?.owner;
    const account = owner === undefined ? this.#someone() : this.#memberOf(owner);
    return { repository, account, role: this.#random.pick(repositoryRoles) };
  }

  /** An owner of the organization, or the account itself when it is none. */
  actorFor(account: AccountId): AccountId {
    const owner = [...this.#ledger.forge.organizations.members(account)].find(([, { role }]) => role === "owner");
    return owner?.[0] ?? account;
  }

  /** One of the account's organizations. */
  ofMember(account: AccountId): AccountId | undefined {
    return this.#random.pick([...this.#ledger.forge.organizations.organizationsOf(account)]);
  }

  /** An act, and who is to do it: mostly somebody who may. */
  act<Kind extends OrganizationKind>(
    kind: Kind,
  ): { readonly account: AccountId | undefined; readonly payload: PayloadOf<Kind> } {
    const organization = this.#random.pick(this.#suited(kind)) ?? (1 as AccountId);
    const open = this.#random.pick([...scanRows(this.#ledger.state, tables.organizationInvitationTable)])?.[0];
    const isAnswer = kind === "organization.accept" || kind === "organization.decline";
    const about = isAnswer && open !== undefined ? open.organization : organization;
    const account = isAnswer ? open?.account : this.#actor(kind, about);
    const payload = this.#payloads(about)[kind]() as PayloadOf<Kind>;
    return { account: this.#random.oneIn(12) ? undefined : account, payload };
  }

  /** Organizations that have what the act is about, else all. */
  #suited(kind: OrganizationKind): readonly AccountId[] {
    const { all } = this;
    const { organizations } = this.#ledger.forge;
    const withTeams = all.filter((id) => [...organizations.teams(id)].length > 0);
    const owners = new Set(Array.from(scanRows(this.#ledger.state, tables.repositoryTable), ([, { owner }]) => owner));
    const withBoth = withTeams.filter((id) => owners.has(id));
    if (kind.endsWith("-repository") && withBoth.length > 0) return withBoth;
    return kind.startsWith("team.") && kind !== "team.create" && withTeams.length > 0 ? withTeams : all;
  }

  /** Undefined for anybody. */
  #actor(kind: OrganizationKind, organization: AccountId): AccountId | undefined {
    if (kind === "organization.create") return undefined;
    return kind === "organization.set-visibility" ? this.#memberOf(organization) : this.actorFor(organization);
  }

  get #random(): Random {
    return this.#ledger.random;
  }

  #payloads(organization: AccountId): { readonly [Kind in OrganizationKind]: () => PayloadOf<Kind> } {
    return { ...this.#organizationPayloads(organization), ...this.#teamPayloads(organization) };
  }

  #organizationPayloads(organization: AccountId) {
    const { profileFieldBytesMax } = ledgerLimits;
    const { text, textChange } = this.#around;
    const random = this.#random;
    const role = () => random.pick(["owner", "member", "member"] as const);
    const optional = <Value>(choices: readonly [Value, ...Value[]]) =>
      random.oneIn(2) ? undefined : random.pick(choices);
    return {
      "organization.create": () => ({
        handle: this.#handle(),
        displayName: random.oneIn(2) ? undefined : text(profileFieldBytesMax),
      }),
      "organization.update": () => ({
        organization,
        displayName: textChange(profileFieldBytesMax),
        bio: textChange(profileFieldBytesMax),
        location: textChange(profileFieldBytesMax),
        website: textChange(profileFieldBytesMax),
        basePermission: optional(["none", "read", "write", "admin"] as const),
        repositoryCreation: optional(["all", "private", "none"] as const),
      }),
      "organization.rename": () => ({ organization, handle: this.#handle() }),
      "organization.delete": () => ({ organization }),
      "organization.invite": () => ({
        organization,
        account: this.#someone(),
        role: role(),
        teams: this.#teamsOf(organization)
          .slice(0, random.below(3))
          .map(({ id }) => id),
      }),
      "organization.accept": () => ({ organization }),
      "organization.decline": () => ({ organization }),
      "organization.cancel-invitation": () => ({
        organization,
        account: random.pick([...this.#ledger.forge.organizations.invitations(organization)])?.[0] ?? this.#someone(),
      }),
      "organization.remove-member": () => ({ organization, account: this.#memberOf(organization) }),
      "organization.set-role": () => this.#otherRole(organization),
      "organization.set-visibility": () => ({
        organization,
        visibility: random.pick(["concealed", "public"] as const),
      }),
    };
  }

  #teamPayloads(organization: AccountId) {
    const random = this.#random;
    const team = () => random.pick(this.#teamsOf(organization))?.id ?? (1 as TeamId);
    const name = () => parseTeamName(random.pick(teamNames)!)!;
    const privacy = () => random.pick(["visible", "visible", "secret"] as const);
    return {
      "team.create": () => ({
        organization,
        name: name(),
        privacy: privacy(),
        parent: random.oneIn(3) ? team() : undefined,
        description: random.oneIn(2) ? undefined : this.#around.text(ledgerLimits.descriptionBytesMax),
      }),
      "team.update": () => ({
        team: team(),
        name: random.oneIn(2) ? undefined : name(),
        privacy: random.oneIn(2) ? undefined : privacy(),
        parent: random.oneIn(2) ? undefined : { value: random.oneIn(2) ? undefined : team() },
        description: this.#around.textChange(ledgerLimits.descriptionBytesMax),
      }),
      "team.delete": () => ({ team: team() }),
      "team.set-member": () => ({
        team: team(),
        account: this.#memberOf(organization),
        role: random.pick(["maintainer", "member"] as const),
      }),
      "team.remove-member": () => this.#somebodyInATeam(organization) ?? { team: team(), account: this.#someone() },
      "team.set-repository": () => ({
        team: team(),
        repository: this.#repositoryOf(organization),
        role: random.pick(repositoryRoles),
      }),
      "team.remove-repository": () => {
        const key = random.pick([...scanRows(this.#ledger.state, tables.teamRepositoryTable)])?.[0];
        return key ?? { team: team(), repository: this.#repositoryOf(organization) };
      },
    };
  }

  /** A role that somebody does not have yet. */
  #otherRole(organization: AccountId): PayloadOf<"organization.set-role"> {
    const account = this.#memberOf(organization);
    const isOwner = this.#ledger.forge.organizations.member(organization, account)?.role === "owner";
    return { organization, account, role: isOwner ? "member" : "owner" };
  }

  #handle() {
    return parseHandle(`${this.#random.pick(organizationNames)}${this.#random.below(20)}`)!;
  }

  #someone(): AccountId {
    return this.#random.pick(this.#around.accounts()) ?? (1 as AccountId);
  }

  #memberOf(organization: AccountId): AccountId {
    const { organizations } = this.#ledger.forge;
    const known = [...organizations.members(organization), ...organizations.invitations(organization)];
    return this.#random.pick(known)?.[0] ?? this.#someone();
  }

  #teamsOf(organization: AccountId): readonly Team[] {
    return [...this.#ledger.forge.organizations.teams(organization)];
  }

  #somebodyInATeam(organization: AccountId): PayloadOf<"team.remove-member"> | undefined {
    const team = this.#random.pick(this.#teamsOf(organization))?.id;
    if (team === undefined) return undefined;
    const account = this.#random.pick([...this.#ledger.forge.organizations.teamMembers(team)])?.[0];
    return account === undefined ? undefined : { team, account };
  }

  #repositoryOf(organization: AccountId): RepositoryId {
    const owned = this.repositories.filter(({ owner }) => owner === organization);
    return this.#random.pick(owned)?.id ?? (1 as RepositoryId);
  }
}
