/**
 * A node that lies: it admits whatever it likes on the word that it saw a credential. What people once did with their own keys
 * is tried again under credentials of theirs, each with one scope, by nodes inside and outside its audience.
 *
 * Which scope is enough is said here a second time, so that a mistake in the rules shows.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Digest, NodeId, RepositoryId } from "@guts/primitives";
import { scopeSet, type Scope } from "@guts/governance";
import { RandomUsers, SimulatedLedger, type SimulatedCommand, type SimulatedSigner } from "@guts/testing";
import { decodeEnvelope } from "./block.ts";
import type { ForgeState } from "./forge-state.ts";
import { executeTransaction, type TransactionOutcome } from "./execute-transaction.ts";
import type { KindName, LedgerCommand } from "./kinds/index.ts";
import { Overlay } from "./state.ts";
import { writeRow } from "./table.ts";
import * as tables from "./tables.ts";

type Enough<Kind extends KindName> = (command: LedgerCommand<Kind>, ledger: SimulatedLedger) => readonly Scope[];

const never = (): readonly Scope[] => [];
const scopes =
  (...names: readonly Scope[]) =>
  (): readonly Scope[] =>
    names;
/** A private repository is not even there for who may not read it. */
const deleting: Enough<"repository.delete"> = ({ payload }, { forge }) =>
  forge.repository(payload.repository)?.visibility === "public" ? ["delete_repo"] : [];
const pushing: Enough<"refs.update" | "refs.change"> = ({ payload }, { forge }) =>
  forge.repository(payload.repository)?.visibility === "public" ? ["repo", "public_repo"] : ["repo"];

const starring: Enough<"star.set"> = ({ payload }, { forge }) =>
  forge.repository(payload.repository)?.visibility === "public" ? ["repo", "public_repo"] : ["repo"];
const reporting: Enough<"status.set"> = ({ payload }, { forge }) =>
  forge.repository(payload.repository)?.visibility === "public"
    ? ["repo", "public_repo", "repo:status"]
    : ["repo", "repo:status"];
const forking: Enough<"repository.fork"> = ({ payload }, { forge }) =>
  forge.repository(payload.parent)?.visibility === "public" ? ["repo", "public_repo"] : ["repo"];
const watching: Enough<"subscription.set"> = ({ payload }, { forge }) =>
  forge.repository(payload.repository)?.visibility === "public" ? ["notifications"] : [];

/** The default branch, and a branch with a rule of its own, are for who administers. */
const renaming: Enough<"branch.rename"> = ({ payload: { repository, from } }, { forge }) => {
  const found = forge.repository(repository);
  const isRuled = [...forge.protectionRules(repository)].some(({ pattern }) => `refs/heads/${pattern}` === from);
  return found?.visibility === "public" && found.defaultBranch !== from && !isRuled
    ? ["repo", "public_repo"]
    : ["repo"];
};

type Place = { readonly payload: { readonly repository: RepositoryId } };
const writing = ({ payload }: Place, { forge }: { readonly forge: ForgeState }) =>
  forge.repository(payload.repository)?.visibility === "public"
    ? (["repo", "public_repo"] as const)
    : (["repo"] as const);
const onIssue: Enough<"issue.reopen"> = ({ payload }, world) => writing({ payload: payload.issue }, world);
const onPull: Enough<"pull.update"> = ({ payload }, world) => writing({ payload: payload.pull }, world);
const onComment: Enough<"comment.delete"> = ({ payload }, world) =>
  writing({ payload: world.forge.issues.comment(payload.comment) ?? { repository: 0 as RepositoryId } }, world);
const onSubject: Enough<"reaction.add"> = ({ payload: { subject } }, world) => {
  const place = subject.type === "issue" ? subject : world.forge.issues.comment(subject.comment);
  return writing({ payload: place ?? { repository: 0 as RepositoryId } }, world);
};

/** By kind, the scopes of which each alone is enough; none where only a key, or no single scope, is. */
const enough: { readonly [Kind in KindName]: Enough<Kind> } = {
  "account.create": never,
  "account.update": scopes("user"),
  "account.rename": scopes("user"),
  "account.close": never,
  "account.follow": scopes("user", "user:follow"),
  "account.unfollow": scopes("user", "user:follow"),
  "profile.change": scopes("user"),
  "avatar.set": ({ payload }, { forge }) =>
    forge.account(payload.account)?.isOrganization === true ? ["admin:org"] : ["user"],
  "key.add": never,
  "key.revoke": never,
  "credential.create": scopes("admin:credentials"),
  "credential.revoke": scopes("admin:credentials"),
  "credential.share": never,
  "credential.create-restricted": scopes("admin:credentials"),
  "delegation.grant": never,
  "delegation.revoke": never,
  "network-invitation.create": scopes("admin:credentials"),
  "node.admit": scopes("admin:credentials"),
  "node.remove": scopes("admin:credentials"),
  "node.dismiss": scopes("site_admin"),
  "repository.create": ({ payload }) => (payload.visibility === "public" ? ["repo", "public_repo"] : ["repo"]),
  "repository.update": scopes("repo"),
  "repository.rename": scopes("repo"),
  "repository.transfer": scopes("repo"),
  "transfer.accept": scopes("repo"),
  "transfer.cancel": scopes("repo"),
  "repository.archive": scopes("repo"),
  "repository.delete": deleting,
  "collaborator.invite": scopes("repo"),
  "collaborator.accept": scopes("repo"),
  "collaborator.decline": scopes("repo"),
  "collaborator.remove": scopes("repo"),
  "collaborator.update": scopes("repo"),
  "collaborator.add": scopes("repo"),
  "refs.update": pushing,
  "refs.change": pushing,
  "content.redact": scopes("user", "repo"),
  "repository.fork": forking,
  "status.set": reporting,
  "star.set": starring,
  "subscription.set": watching,
  "topics.set": scopes("repo"),
  "ssh-key.add": scopes("write:public_key", "admin:public_key"),
  "ssh-key.remove": scopes("admin:public_key"),
  "ssh-signing-key.add": scopes("admin:ssh_signing_key"),
  "ssh-signing-key.remove": scopes("admin:ssh_signing_key"),
  "gpg-key.add": scopes("write:gpg_key", "admin:gpg_key"),
  "gpg-key.remove": scopes("admin:gpg_key"),
  "deploy-key.add": scopes("repo"),
  "deploy-key.remove": scopes("repo"),
  "account.suspend": scopes("site_admin"),
  "account.unsuspend": scopes("site_admin"),
  "account.reinstate": scopes("site_admin"),
  "budget.set": scopes("site_admin"),
  "voucher.create": scopes("admin:credentials"),
  "voucher.redeem": never,
  "budget.change": scopes("site_admin"),
  "network-invitation.offer": scopes("site_admin"),
  "network-invitation.revoke": scopes("site_admin"),
  "registration.set": scopes("site_admin"),
  "protection.set": scopes("repo"),
  "protection.remove": scopes("repo"),
  "protection.change": scopes("repo"),
  "branch.rename": renaming,
  "organization.create": scopes("admin:org"),
  "organization.cancel-invitation": scopes("admin:org"),
  "organization.update": scopes("admin:org"),
  "organization.rename": scopes("admin:org"),
  "organization.delete": scopes("admin:org"),
  "organization.invite": scopes("admin:org"),
  "organization.set-role": scopes("admin:org"),
  "organization.accept": scopes("write:org", "admin:org"),
  "organization.decline": scopes("write:org", "admin:org"),
  "organization.remove-member": scopes("write:org", "admin:org"),
  "organization.set-visibility": scopes("write:org", "admin:org"),
  "team.create": scopes("admin:org"),
  "team.update": scopes("admin:org"),
  "team.delete": scopes("admin:org"),
  "team.set-member": scopes("admin:org"),
  "team.remove-repository": scopes("admin:org"),
  "team.remove-member": scopes("write:org", "admin:org"),
  "issue.edit": onIssue as never,
  "issue.close": onIssue as never,
  "issue.reopen": onIssue as never,
  "issue.lock": onIssue as never,
  "issue.unlock": onIssue as never,
  "issue.pin": onIssue as never,
  "issue.unpin": onIssue as never,
  "issue.triage": onIssue as never,
  "comment.add": onIssue as never,
  "comment.edit": onComment as never,
  "comment.delete": onComment as never,
  "comment.hide": onComment as never,
  "reaction.add": onSubject,
  "reaction.remove": onSubject as never,
  "issue.open": writing,
  "pull.open": writing,
  "pull.update": onPull as never,
  "pull.merge": onPull as never,
  "labels.create": writing,
  "label.update": writing,
  "label.delete": writing,
  "milestone.create": writing,
  "milestone.update": writing,
  "milestone.delete": writing,
  // To see the team is one scope, to administer the repository another.
  "team.set-repository": never,
};
/** What a node may do for who made it a home, without any credential. */
const delegated: ReadonlySet<KindName> = new Set([
  "credential.create",
  "credential.create-restricted",
  "credential.revoke",
  "voucher.create",
]);

const tried = [
  ...(["repo", "public_repo", "repo:read", "user", "delete_repo", "admin:credentials"] as const),
  ...(["read:public_key", "write:public_key", "admin:public_key", "admin:org", "site_admin", "workflow"] as const),
  ...(["read:gpg_key", "write:gpg_key", "admin:gpg_key", "admin:ssh_signing_key"] as const),
] satisfies readonly Scope[];
const planted = new Uint8Array(32).fill(0x5a) as Digest;

/** A ledger that, before each block, lets its nodes lie about each command on a copy of the state. */
class LiedToLedger extends SimulatedLedger {
  /** Kinds that went through under a credential, with the scope. */
  readonly passed = new Set<string>();
  readonly wrong: string[] = [];

  override appendBlock(stepMs: number, commands: readonly SimulatedCommand[]) {
    for (const each of commands)
      if (this.forge.account(each.account as never)?.status === "active") this.#lieAbout(each, stepMs);
    return super.appendBlock(stepMs, commands);
  }

  #lieAbout(each: SimulatedCommand, stepMs: number): void {
    const { kind } = each.command;
    const rule = enough[kind] as Enough<KindName>;
    const [inside, outside] = this.nodes;
    for (const scope of tried) {
      const isEnough = rule(each.command, this).includes(scope);
      const { outcome } = this.#tell(
        { ...each, signer: { type: "credential", credential: planted }, node: inside },
        { scope, stepMs, audience: [inside.id] },
      );
      if (outcome === "applied") this.passed.add(`${kind} by ${scope}`);
      if (outcome === "applied" && !isEnough) this.wrong.push(`${kind} by ${scope}`);
      const elsewhere = this.#tell(
        { ...each, signer: { type: "credential", credential: planted }, node: outside },
        { scope, stepMs, audience: [inside.id] },
      );
      if (elsewhere.outcome !== "inadmissible") this.wrong.push(`${kind} by a node outside the audience`);
    }
    const { outcome } = this.#tell(
      { ...each, signer: { type: "delegation" }, node: inside },
      { stepMs, home: inside.id },
    );
    if (outcome === "applied" && !delegated.has(kind)) this.wrong.push(`${kind} by a home node`);
  }

  /** The verdict on a copy of the state, in which the account has the credential or the home. */
  #tell(
    command: SimulatedCommand & { readonly signer: SimulatedSigner },
    given: {
      readonly stepMs: number;
      readonly scope?: Scope;
      readonly audience?: readonly NodeId[];
      readonly home?: NodeId;
    },
  ): TransactionOutcome {
    const state = new Overlay(this.state);
    const { networkId, tip } = this;
    const { time } = this.placeAfter(given.stepMs);
    const account = command.account as never;
    const since = { createdTime: tip.time, createdHeight: tip.height };
    if (given.scope !== undefined) {
      const terms = { kind: "token", scopes: scopeSet([given.scope]), label: "", expiresTime: undefined } as const;
      const row = { ...since, ...terms, account, number: 0, audience: given.audience ?? [] };
      writeRow(state, tables.credentialTable, planted, row);
    }
    if (given.home !== undefined) {
      const row = { grantedTime: tip.time, grantedHeight: tip.height };
      writeRow(state, tables.delegationTable, { account, node: given.home }, row);
    }
    const envelope = decodeEnvelope(this.envelopeOf(command, this.bodyOf(command, time)))!;
    return executeTransaction(state, envelope, { networkId, height: (tip.height + 1) as never, time, index: 0 });
  }
}

test("a credential does no more than its scope says, whatever its node claims", () => {
  const passed = new Set<string>();
  fc.assert(
    fc.property(fc.nat(1_000_000), (seed) => {
      const ledger = new LiedToLedger(seed);
      const users = new RandomUsers(ledger);
      for (let height = 0; height < 25; height++) users.appendBlock(6);
      for (const each of ledger.passed) passed.add(each);
      expect(ledger.wrong).toEqual([]);
    }),
    { numRuns: 4 },
  );
  // A test in which nothing gets through would show nothing; which kinds occur is up to the seeds.
  expect(passed.size).toBeGreaterThan(15);
}, 120_000);
