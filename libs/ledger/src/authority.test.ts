import { describe, expect, test } from "vitest";
import {
  parseHandle,
  parseRepositoryName,
  parseTeamName,
  parseTopic,
  publicKeyOf,
  sshBlobOf,
  type Digest,
  type Height,
  nodeIdOf,
  type NodeId,
  type TimeMs,
} from "@guts/primitives";
import {
  accountBudgetRule,
  allScopes,
  deployKeyPowers,
  plainProtection,
  scopeBits,
  scopeSet,
  type Scope,
} from "@guts/governance";
import { parseLabelColor, parseLabelName } from "@guts/collaboration";
import { gradientPng } from "@guts/testing";
import { branch, fullerProfile, objectId, Scenario, silentProfile, update, type By } from "../test/scenario.ts";
import { pullMerging, pullOpening } from "../test/pulling.ts";
import { provePossession } from "./possession.ts";
import { decideCommand } from "./execute-transaction.ts";
import { sshKeyIdOf } from "./kinds/ssh-keys.ts";
import { KINDS, type KindName, type LedgerCommand, type PayloadOf } from "./kinds/index.ts";
import { Overlay } from "./state.ts";
import type { Authorization } from "./transaction.ts";

/** Ada administers the network, owns repositories, is invited to one and offered another: every kind has something to do. */
const scenario = new Scenario();
const [ada, bob] = [scenario.administrator(), scenario.signUp()];
const [open, secret] = [
  scenario.repository(ada, "open"),
  scenario.repository(ada, "secret", { visibility: "private" }),
];
const [invited, offered] = [scenario.repository(bob, "invited"), scenario.repository(bob, "offered")];
scenario.mustApply("collaborator.invite", { repository: invited, account: ada.id, role: "read" }, scenario.root(bob));
scenario.mustApply("repository.transfer", { repository: offered, to: ada.id, newName: undefined }, scenario.root(bob));
scenario.collaborator(ada, secret, bob, "read");
const picture = { format: "png", image: scenario.ledger.offer(gradientPng(2)) } as const;
scenario.mustApply("avatar.set", { account: ada.id, avatar: picture }, scenario.root(ada));
const bio = scenario.ledger.offerText("me");
scenario.mustApply("account.update", { ...silentProfile, bio: { value: bio } }, scenario.root(ada));
const spare = scenario.token(ada);
const scopes = Object.keys(scopeBits) as readonly Scope[];

const signedPush = scenario.signedPush(ada, open, [update("main", 0, 1)]);
// A key that signs commits lends no power: what it signs is done with a token's.
const commitSeed = scenario.ledger.newSeed();
const commitKey = { blob: sshBlobOf(publicKeyOf(commitSeed)), title: "" };
scenario.mustApply("ssh-signing-key.add", commitKey, scenario.root(ada));
const byCommitKey = scenario.signedPush(ada, open, [update("main", 0, 1)], { seed: commitSeed }).by;
const countersigned = (...held: readonly Scope[]) => scenario.countersigned(byCommitKey, scenario.token(ada, held));

/** Everything that may sign for Ada, by name. */
const signers: Readonly<Record<string, By>> = {
  "push certificate": signedPush.by,
  "countersigned repo": countersigned("repo"),
  "countersigned no scope": countersigned("admin:ssh_signing_key"),
  root: scenario.root(ada),
  device: scenario.device(ada),
  delegation: scenario.delegated(ada),
  "no scope": scenario.token(ada, []),
  voucher: { ...scenario.credential(ada, new Uint8Array(32).fill(7) as Digest), node: scenario.away },
  ...Object.fromEntries(scopes.map((scope) => [scope, scenario.token(ada, [scope])])),
};

const keySeed = scenario.ledger.newSeed();
const key = publicKeyOf(keySeed);
const possession = provePossession(keySeed, scenario.ledger.networkId, { type: "account", account: ada.id });
const unchanged = { description: undefined, homepage: undefined, visibility: undefined, defaultBranch: undefined };
const name = parseRepositoryName("renamed")!;
const member = { repository: secret, account: bob.id };
const token: PayloadOf<"credential.create"> = scenario.tokenPayload({
  id: new Uint8Array(32).fill(5) as Digest,
  scopes: 0,
});
const people = ["root", "device"];
const earlierPush = scenario.earlierPush(open, [update("main", 0, 1)]);
const rule = { target: "branch", pattern: "main" } as const;
const ruleThere = { target: "tag", pattern: "v*" } as const;
const plainRule = { repository: open, settings: plainProtection, reason: "" };
scenario.mustApply("protection.set", { ...plainRule, rule: ruleThere }, scenario.root(ada));

const branched = scenario.repository(ada, "branched");
for (const each of [update("main", 0, 1), update("topic", 0, 2)])
  scenario.mustApply("refs.change", scenario.push(branched, [each]), scenario.root(ada));

const newNodeId = (): NodeId => nodeIdOf(publicKeyOf(scenario.ledger.newSeed()));
const oldNode = newNodeId();
scenario.mustApply("node.admit", { node: oldNode, name: "old" }, scenario.root(ada));
scenario.mustApply("delegation.grant", { node: oldNode }, scenario.root(ada));
const shared = scenario.token(ada);
const [personalBlob, deployBlob] = [
  sshBlobOf(publicKeyOf(scenario.ledger.newSeed())),
  sshBlobOf(publicKeyOf(bob.rootSeed)),
];
const keyTerms = { title: "", audience: [scenario.home.id] };
scenario.mustApply("ssh-key.add", { blob: personalBlob, ...keyTerms, expiresTime: undefined }, scenario.root(ada));
scenario.mustApply(
  "deploy-key.add",
  { repository: open, blob: deployBlob, ...keyTerms, isReadOnly: false },
  scenario.root(ada),
);

const voucherTerms = { node: scenario.away.id, expiresTime: (scenario.ledger.tip.time + 500_000) as TimeMs };
const voucherId = new Uint8Array(32).fill(7) as Digest;
scenario.mustApply("voucher.create", { id: voucherId, scopes: 0, ...voucherTerms }, scenario.delegated(ada));
const visit = { id: new Uint8Array(32).fill(8) as Digest, label: "", expiresTime: voucherTerms.expiresTime };

const gpgKey = Uint8Array.of(0x99, 1);
const signing = { blob: sshBlobOf(publicKeyOf(scenario.ledger.newSeed())), title: "" };
const sshSigner = scenario.mustApply("ssh-signing-key.add", signing, scenario.root(ada));
const gpgSigner = scenario.mustApply("gpg-key.add", { key: gpgKey, title: "" }, scenario.root(ada));

const carol = scenario.signUp();
const statusOn = (repository: typeof open) => {
  const said = { context: "ci", state: "success", description: undefined, targetUrl: undefined } as const;
  return { repository, commit: objectId(1), ...said };
};
const bobs = scenario.repository(bob, "forked");
scenario.mustApply("refs.change", scenario.push(bobs, [update("main", 0, 1)]), scenario.root(bob));
const forking = { owner: ada.id, name: parseRepositoryName("my-fork")!, isDefaultOnly: false, refsMax: 5 };
const followed = scenario.signUp();
scenario.mustApply("account.follow", { account: followed.id }, scenario.root(ada));
scenario.mustApply("account.suspend", { account: carol.id, reason: "" }, scenario.root(ada));
const budgetRule = accountBudgetRule;
const offer = { expiresTime: (scenario.ledger.tip.time + 3_600_000) as never, uses: 2, isForClosed: false };
const givenOut = publicKeyOf(scenario.ledger.newSeed());
scenario.mustApply("network-invitation.offer", { ...offer, key: givenOut, reason: undefined }, scenario.root(ada));

// Of Ada's organization every kind has something to do too; Bob's asks her in.
const crew = scenario.organization(ada, [bob]);
const group = scenario.team(crew, ada, [bob]);
const crewRepository = (each: string) => {
  const payload = { ...scenario.repositoryPayload(ada, each), owner: crew };
  return scenario.mustApply("repository.create", payload, scenario.root(ada)).repository;
};
const [crewOpen, crewTaken] = [crewRepository("crew-open"), crewRepository("crew-taken")];
scenario.mustApply("team.set-repository", { team: group, repository: crewTaken, role: "read" }, scenario.root(ada));
const guild = scenario.organization(bob);
const joining = { organization: guild, account: ada.id, role: "member", teams: [] } as const;
scenario.mustApply("organization.invite", joining, scenario.root(bob));
const dora = scenario.signUp();
const asked = scenario.signUp();
const askedIn = { organization: crew, account: asked.id } as const;
scenario.mustApply("organization.invite", { ...askedIn, role: "member", teams: [] }, scenario.root(ada));
const spareCrew = scenario.organization(ada);
const organizationKinds: readonly (readonly [LedgerCommand, readonly string[]])[] = [
  [
    { kind: "organization.create", payload: { handle: parseHandle("crew-2")!, displayName: undefined } },
    [...people, "admin:org"],
  ],
  [
    {
      kind: "organization.update",
      payload: { organization: crew, ...silentProfile, basePermission: "write", repositoryCreation: undefined },
    },
    [...people, "admin:org"],
  ],
  [
    { kind: "organization.rename", payload: { organization: crew, handle: parseHandle("crew-3")! } },
    [...people, "admin:org"],
  ],
  [{ kind: "organization.delete", payload: { organization: spareCrew } }, [...people, "admin:org"]],
  [
    { kind: "organization.invite", payload: { organization: crew, account: dora.id, role: "member", teams: [] } },
    [...people, "admin:org"],
  ],
  [{ kind: "organization.accept", payload: { organization: guild } }, [...people, "write:org", "admin:org"]],
  [{ kind: "organization.decline", payload: { organization: guild } }, [...people, "write:org", "admin:org"]],
  [{ kind: "organization.remove-member", payload: { organization: crew, account: bob.id } }, [...people, "admin:org"]],
  [{ kind: "organization.cancel-invitation", payload: askedIn }, [...people, "admin:org"]],
  [
    { kind: "organization.set-role", payload: { organization: crew, account: bob.id, role: "owner" } },
    [...people, "admin:org"],
  ],
  [
    { kind: "organization.set-visibility", payload: { organization: crew, visibility: "public" } },
    [...people, "write:org", "admin:org"],
  ],
  [
    {
      kind: "team.create",
      payload: {
        organization: crew,
        name: parseTeamName("New")!,
        privacy: "visible",
        parent: undefined,
        description: undefined,
      },
    },
    [...people, "admin:org"],
  ],
  [
    {
      kind: "team.update",
      payload: { team: group, name: undefined, privacy: "secret", parent: undefined, description: undefined },
    },
    [...people, "admin:org"],
  ],
  [{ kind: "team.delete", payload: { team: group } }, [...people, "admin:org"]],
  [
    { kind: "team.set-member", payload: { team: group, account: bob.id, role: "maintainer" } },
    [...people, "admin:org"],
  ],
  [{ kind: "team.remove-member", payload: { team: group, account: bob.id } }, [...people, "admin:org"]],
  [{ kind: "team.set-repository", payload: { team: group, repository: crewOpen, role: "write" } }, people],
  [{ kind: "team.remove-repository", payload: { team: group, repository: crewTaken } }, [...people, "admin:org"]],
  [
    { kind: "collaborator.add", payload: { repository: crewOpen, account: bob.id, role: "write" } },
    [...people, "repo"],
  ],
];

// Two issues of the public repository: one as it is opened, one closed, locked and pinned.
const noEffects = { mentions: [], teams: [], references: [], closes: [] };
const issueText = scenario.ledger.offerText("It breaks");
const opening: PayloadOf<"issue.open"> = {
  repository: open,
  title: issueText,
  body: undefined,
  labels: [],
  assignees: [],
  milestone: undefined,
  effects: noEffects,
};
const labelTerms = { color: parseLabelColor("d73a4a")!, description: undefined };
const plainIssue = {
  repository: open,
  number: scenario.mustApply("issue.open", opening, scenario.root(ada)).number,
};
const { number: settled } = scenario.mustApply(
  "issue.open",
  { ...opening, title: scenario.ledger.offerText("Settled") },
  scenario.root(ada),
);
const settledIssue = { repository: open, number: settled };
const completed = { reason: "completed", duplicateOf: undefined } as const;
scenario.mustApply("issue.close", { issue: settledIssue, ...completed }, scenario.root(ada));
scenario.mustApply("issue.lock", { issue: settledIssue, reason: "spam" }, scenario.root(ada));
scenario.mustApply("issue.pin", { issue: settledIssue }, scenario.root(ada));
const {
  labels: [label],
} = scenario.mustApply(
  "labels.create",
  { repository: open, labels: [{ name: parseLabelName("bug")!, ...labelTerms }] },
  scenario.root(ada),
);
const { milestone } = scenario.mustApply(
  "milestone.create",
  { repository: open, title: scenario.ledger.offerText("1.0"), description: undefined, dueTime: undefined },
  scenario.root(ada),
);
const saying = { issue: plainIssue, body: scenario.ledger.offerText("Me too"), effects: noEffects };
const { comment } = scenario.mustApply("comment.add", saying, scenario.root(ada));
const reacted = { subject: { type: "issue", ...plainIssue }, content: "heart" } as const;
scenario.mustApply("reaction.add", reacted, scenario.root(ada));
const another = (text: string) => scenario.ledger.offerText(text);
const writers = [...people, "repo", "public_repo"];
const issueKinds: readonly (readonly [LedgerCommand, readonly string[]])[] = [
  [{ kind: "issue.open", payload: { ...opening, title: another("New") } }, writers],
  [
    { kind: "issue.edit", payload: { issue: plainIssue, title: another("B"), body: undefined, effects: noEffects } },
    writers,
  ],
  [{ kind: "issue.close", payload: { issue: plainIssue, ...completed } }, writers],
  [{ kind: "issue.reopen", payload: { issue: settledIssue } }, writers],
  [{ kind: "issue.lock", payload: { issue: plainIssue, reason: "none" } }, writers],
  [{ kind: "issue.unlock", payload: { issue: settledIssue } }, writers],
  [{ kind: "issue.pin", payload: { issue: plainIssue } }, writers],
  [{ kind: "issue.unpin", payload: { issue: settledIssue } }, writers],
  [
    {
      kind: "issue.triage",
      payload: {
        issue: plainIssue,
        labels: { add: [label!], remove: [] },
        assignees: { add: [], remove: [] },
        milestone: undefined,
      },
    },
    writers,
  ],
  [{ kind: "comment.add", payload: { ...saying, body: another("Also") } }, writers],
  [{ kind: "comment.edit", payload: { comment, body: another("Or"), effects: noEffects } }, writers],
  [{ kind: "comment.delete", payload: { comment } }, writers],
  [{ kind: "comment.hide", payload: { comment, reason: "spam" } }, writers],
  [{ kind: "reaction.add", payload: { ...reacted, content: "eyes" } }, writers],
  [{ kind: "reaction.remove", payload: reacted }, writers],
  [
    {
      kind: "labels.create",
      payload: { repository: open, labels: [{ name: parseLabelName("docs")!, ...labelTerms }] },
    },
    writers,
  ],
  [
    {
      kind: "label.update",
      payload: { repository: open, label: label!, name: undefined, color: undefined, description: undefined },
    },
    writers,
  ],
  [{ kind: "label.delete", payload: { repository: open, label: label! } }, writers],
  [
    {
      kind: "milestone.create",
      payload: { repository: open, title: another("2.0"), description: undefined, dueTime: undefined },
    },
    writers,
  ],
  [
    {
      kind: "milestone.update",
      payload: {
        repository: open,
        milestone,
        title: undefined,
        description: undefined,
        dueTime: undefined,
        isClosed: true,
      },
    },
    writers,
  ],
  [{ kind: "milestone.delete", payload: { repository: open, milestone } }, writers],
];

// In the repository with two branches, one is asked into the other, and a third too.
scenario.mustApply("refs.change", scenario.push(branched, [update("next", 0, 2)]), scenario.root(ada));
const openedPull = pullOpening(scenario, branched, { head: { repository: branched, name: branch("next") } });
const plainPull = {
  repository: branched,
  number: scenario.mustApply("pull.open", openedPull, scenario.root(ada)).number,
};
const pullKinds: readonly (readonly [LedgerCommand, readonly string[]])[] = [
  [{ kind: "pull.open", payload: pullOpening(scenario, branched) }, writers],
  [{ kind: "pull.update", payload: { pull: plainPull, base: undefined, isDraft: true } }, writers],
  [{ kind: "pull.merge", payload: pullMerging(scenario, plainPull) }, writers],
];

/** A command of each kind, and who may give it. */
const table: readonly (readonly [LedgerCommand, readonly string[]])[] = [
  [{ kind: "account.update", payload: silentProfile }, [...people, "user"]],
  [{ kind: "account.rename", payload: { handle: parseHandle("ada-2")! } }, [...people, "user"]],
  [{ kind: "account.close", payload: {} }, ["root"]],
  [{ kind: "account.follow", payload: { account: bob.id } }, [...people, "user", "user:follow"]],
  [{ kind: "account.unfollow", payload: { account: followed.id } }, [...people, "user", "user:follow"]],
  [{ kind: "profile.change", payload: fullerProfile }, [...people, "user"]],
  [{ kind: "avatar.set", payload: { account: ada.id, avatar: undefined } }, [...people, "user"]],
  [{ kind: "key.add", payload: { key, role: "device", label: "", possession } }, ["root"]],
  [{ kind: "key.revoke", payload: { key: publicKeyOf(ada.deviceSeed) } }, ["root"]],
  [{ kind: "credential.create", payload: token }, ["delegation", "admin:credentials"]],
  [{ kind: "credential.revoke", payload: { id: spare.id } }, [...people, "delegation", "admin:credentials"]],
  [
    { kind: "voucher.create", payload: { id: visit.id, scopes: 0, ...voucherTerms } },
    ["delegation", "admin:credentials"],
  ],
  [{ kind: "voucher.redeem", payload: visit }, ["voucher"]],
  [{ kind: "credential.share", payload: { id: shared.id, nodes: [oldNode] } }, ["root"]],
  [{ kind: "delegation.grant", payload: { node: scenario.away.id } }, ["root"]],
  [{ kind: "delegation.revoke", payload: { node: scenario.home.id } }, ["root"]],
  [
    { kind: "network-invitation.create", payload: { key, expiresTime: (scenario.ledger.tip.time + 60_000) as never } },
    [...people, "admin:credentials"],
  ],
  [{ kind: "account.suspend", payload: { account: bob.id, reason: "" } }, [...people, "site_admin"]],
  [{ kind: "account.unsuspend", payload: { account: carol.id } }, [...people, "site_admin"]],
  [{ kind: "account.reinstate", payload: { account: carol.id, reason: undefined } }, [...people, "site_admin"]],
  [
    { kind: "budget.set", payload: { subject: { type: "account", account: bob.id }, rule: budgetRule } },
    [...people, "site_admin"],
  ],
  [
    {
      kind: "budget.change",
      payload: { subject: { type: "account", account: bob.id }, rule: budgetRule, reason: undefined },
    },
    [...people, "site_admin"],
  ],
  [{ kind: "network-invitation.offer", payload: { ...offer, key, reason: undefined } }, [...people, "site_admin"]],
  [{ kind: "network-invitation.revoke", payload: { key: givenOut, reason: undefined } }, [...people, "site_admin"]],
  [{ kind: "registration.set", payload: { registration: "invite", reason: undefined } }, [...people, "site_admin"]],
  [{ kind: "node.admit", payload: { node: newNodeId(), name: "new" } }, [...people, "admin:credentials"]],
  [{ kind: "node.remove", payload: { node: oldNode } }, [...people, "admin:credentials"]],
  [{ kind: "node.dismiss", payload: { node: oldNode, reason: undefined } }, [...people, "site_admin"]],
  [
    { kind: "repository.create", payload: scenario.repositoryPayload(ada, "new-public", "public") },
    [...people, "repo", "public_repo"],
  ],
  [
    { kind: "repository.create", payload: scenario.repositoryPayload(ada, "new-private", "private") },
    [...people, "repo"],
  ],
  [{ kind: "repository.update", payload: { repository: secret, ...unchanged } }, [...people, "repo"]],
  [
    { kind: "repository.update", payload: { repository: open, ...unchanged, visibility: "private" } },
    [...people, "repo"],
  ],
  [{ kind: "repository.rename", payload: { repository: open, name } }, [...people, "repo"]],
  [{ kind: "repository.transfer", payload: { repository: open, to: bob.id, newName: undefined } }, [...people, "repo"]],
  [{ kind: "transfer.accept", payload: { repository: offered } }, [...people, "repo"]],
  [{ kind: "transfer.cancel", payload: { repository: offered } }, [...people, "repo"]],
  [{ kind: "repository.archive", payload: { repository: open, isArchived: true } }, [...people, "repo"]],
  [{ kind: "repository.delete", payload: { repository: open } }, [...people, "delete_repo"]],
  [{ kind: "repository.delete", payload: { repository: secret } }, people],
  [{ kind: "collaborator.invite", payload: { repository: open, account: bob.id, role: "read" } }, [...people, "repo"]],
  [{ kind: "collaborator.accept", payload: { repository: invited } }, [...people, "repo"]],
  [{ kind: "collaborator.decline", payload: { repository: invited } }, [...people, "repo"]],
  [{ kind: "collaborator.remove", payload: member }, [...people, "repo"]],
  [{ kind: "collaborator.update", payload: { ...member, role: "write" } }, [...people, "repo"]],
  [
    { kind: "refs.change", payload: signedPush.payload },
    [...people, "push certificate", "countersigned repo", "repo", "public_repo"],
  ],
  [{ kind: "refs.change", payload: scenario.push(secret, [update("main", 0, 1)]) }, [...people, "repo"]],
  [
    {
      kind: "ssh-key.add",
      payload: { blob: sshBlobOf(key), title: "", audience: [scenario.home.id], expiresTime: undefined },
    },
    [...people, "write:public_key", "admin:public_key"],
  ],
  [{ kind: "ssh-key.remove", payload: { id: sshKeyIdOf(personalBlob) } }, [...people, "admin:public_key"]],
  [{ kind: "ssh-signing-key.add", payload: { blob: sshBlobOf(key), title: "" } }, [...people, "admin:ssh_signing_key"]],
  [{ kind: "ssh-signing-key.remove", payload: { number: sshSigner.number } }, [...people, "admin:ssh_signing_key"]],
  [
    { kind: "gpg-key.add", payload: { key: Uint8Array.of(0xc6, 2), title: "" } },
    [...people, "write:gpg_key", "admin:gpg_key"],
  ],
  [{ kind: "gpg-key.remove", payload: { number: gpgSigner.number } }, [...people, "admin:gpg_key"]],
  [
    {
      kind: "deploy-key.add",
      payload: { repository: open, blob: sshBlobOf(key), title: "", audience: [scenario.home.id], isReadOnly: true },
    },
    [...people, "repo"],
  ],
  [{ kind: "deploy-key.remove", payload: { repository: open, id: sshKeyIdOf(deployBlob) } }, [...people, "repo"]],
  [
    {
      kind: "credential.create-restricted",
      payload: {
        id: new Uint8Array(32).fill(6) as Digest,
        label: "",
        expiresTime: undefined,
        audience: [scenario.home.id],
        restriction: {
          owner: undefined,
          repositories: undefined,
          permissions: { ...deployKeyPowers(open, { isReadOnly: false }).permissions },
        },
      },
    },
    ["delegation"],
  ],
  [{ kind: "refs.update", payload: earlierPush }, [...people, "repo", "public_repo"]],
  [{ kind: "protection.set", payload: { ...plainRule, rule } }, [...people, "repo"]],
  [{ kind: "protection.change", payload: { ...plainRule, settings: plainProtection, rule } }, [...people, "repo"]],
  [
    {
      kind: "branch.rename",
      payload: { repository: branched, from: branch("topic"), to: branch("subject"), id: objectId(2) },
    },
    [...people, "repo", "public_repo"],
  ],
  [{ kind: "protection.remove", payload: { repository: open, rule: ruleThere, reason: "" } }, [...people, "repo"]],
  [{ kind: "repository.fork", payload: { ...forking, parent: bobs } }, [...people, "repo", "public_repo"]],
  [{ kind: "status.set", payload: statusOn(open) }, [...people, "repo", "public_repo", "repo:status"]],
  [{ kind: "status.set", payload: statusOn(secret) }, [...people, "repo", "repo:status"]],
  [{ kind: "star.set", payload: { repository: open, isStarred: true } }, [...people, "repo", "public_repo"]],
  [{ kind: "star.set", payload: { repository: secret, isStarred: true } }, [...people, "repo"]],
  [{ kind: "subscription.set", payload: { repository: open, subscription: "ignored" } }, [...people, "notifications"]],
  [{ kind: "topics.set", payload: { repository: open, topics: [parseTopic("forge")!] } }, [...people, "repo"]],
  ...organizationKinds,
  ...issueKinds,
  ...pullKinds,
  [{ kind: "content.redact", payload: { digests: [bio.digest], reason: "" } }, [...people, "user"]],
];

function decide(command: LedgerCommand, { account, signer, node }: By): string {
  const { time, parent, networkId } = scenario.ledger.placeAfter(1_000);
  const position = { networkId, time, height: (parent.height + 1) as Height };
  const actor = { account: account as never, authorization: authorizationOf(signer), admittedBy: node.id };
  const verdict = decideCommand(new Overlay(scenario.ledger.state), command, actor, position);
  return verdict.outcome === "applied" ? "applied" : verdict.code;
}

function authorizationOf(signer: By["signer"]): Authorization {
  if (signer.type === "push-certificate") return { type: signer.type, ...signer.certificate };
  return signer.type === "key"
    ? { type: "key", publicKey: publicKeyOf(signer.seed), signature: new Uint8Array(64) as never }
    : signer;
}

describe("who may give each kind of command", () => {
  test.each(table.map(([command, allowed]) => ({ kind: command.kind, command, allowed })))(
    "$kind: $allowed",
    ({ command, allowed }) => {
      const verdicts = Object.entries(signers).map(([who, by]) => [who, decide(command, by)] as const);
      const isAllowed = (verdict: string) => verdict === "applied" || verdict === "account-owns-repositories";
      expect(verdicts.filter(([, verdict]) => isAllowed(verdict)).map(([who]) => who)).toEqual(
        Object.keys(signers).filter((who) => allowed.includes(who)),
      );
      const refusals = [
        "personal-signature-needed",
        "delegation-needed",
        "scope-missing",
        "not-found",
        "content-unknown",
        "voucher-needed",
        "credential-scope-exceeded",
        "push-certificate-mismatch",
        "push-certificate-elsewhere",
      ];
      expect(verdicts.filter(([, verdict]) => !isAllowed(verdict) && !refusals.includes(verdict))).toEqual([]);
    },
  );

  test("is asked of every kind but account.create, which only newcomers give", () => {
    const kinds = Object.keys(KINDS).filter((kind) => kind !== "account.create") as KindName[];
    expect([...new Set(table.map(([{ kind }]) => kind))].toSorted()).toEqual(kinds.toSorted());
  });
});

describe("nobody acts for Ada", () => {
  const command = table[0]![0];
  const elsewhere = (by: By): By => ({ ...by, node: scenario.away });
  const cases: readonly (readonly [string, By, string])[] = [
    ["with another account's key", { ...scenario.root(bob), account: ada.id }, "key-not-live"],
    [
      "with a key of nobody",
      { ...scenario.root(ada), signer: { type: "key", seed: scenario.ledger.newSeed() } },
      "key-not-live",
    ],
    ["with another account's token", { ...scenario.token(bob), account: ada.id }, "credential-not-live"],
    ["with a token at a node outside of its audience", elsewhere(scenario.token(ada)), "credential-wrong-node"],
    ["by a delegation to another node", elsewhere(scenario.delegated(ada)), "delegation-missing"],
    ["by the delegation of another account", scenario.delegated({ ...bob, id: 999 as never }), "account-not-active"],
    ["as account 0", { ...scenario.root(ada), account: 0 }, "account-unknown"],
    ["as account 0 with a token", { ...scenario.token(ada), account: 0 }, "key-not-live"],
  ];

  test.each(cases)("%s", (_what, by, code) => expect(decide(command, by)).toBe(code));

  test("but a key of hers may be admitted by any node of the network", () => {
    expect(decide(command, elsewhere(scenario.root(ada)))).toBe("applied");
    expect(decide(command, { ...scenario.root(ada), node: { ...scenario.home, id: "ab".repeat(32) as never } })).toBe(
      "node-not-admitted",
    );
  });
});

test("what a credential may do, all scopes together may do, and no more than her device", () => {
  const everything = scenario.token(ada);
  for (const [command] of table) {
    const byAll = decide(command, everything);
    if (byAll !== "applied") continue;
    const byDevice = decide(command, scenario.device(ada));
    expect([command.kind, byDevice]).toEqual([
      command.kind,
      /^(credential|voucher)\.create/.test(command.kind) ? "delegation-needed" : "applied",
    ]);
  }
  expect(scopeSet(scopes)).toBe(allScopes);
});
