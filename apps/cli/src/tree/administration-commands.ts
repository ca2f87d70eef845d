import {
  administeredAccountFields,
  auditFields,
  budgetFields,
  networkInvitationFields,
  verifiedActFields,
  verifiedLogFields,
} from "./fields.ts";
import { command, group, type GutsCommand, type OpenContext } from "./guts-command.ts";

/** `guts account` and `guts audit`. */
export function administrationCommands(open: OpenContext): readonly GutsCommand[] {
  return [account(open), audit(open)];
}

const withReason = (made: GutsCommand) => made.option("--reason <text>", "Why; the audit log shows it");

const account = (open: OpenContext) => {
  const made = group(
    "account",
    "See your budget; administer accounts of the network",
    "See what your account may still write. Administrators of the network open accounts, invite people, suspend accounts and " +
      "change budgets; every node follows, from one transaction on.",
  );
  for (const child of [budget, list, view, create, invite, invitations, uninvite, registration, suspend, unsuspend])
    made.addCommand(child(open));
  return made;
};

const budget = (open: OpenContext) =>
  withReason(
    command(
      "budget [handle]",
      "See what an account may still write, or change it",
      "See what an account may still write to the network: yours without an argument. Administrators see and change others'; a " +
        "changed budget is full at once.",
    ),
  )
    .option("--transactions <number>", "Let it make up to so many transactions")
    .option("--per-minute <number>", "Let it regain so many a minute")
    .option("--usual", "Give it the usual budget again")
    .withJson(budgetFields)
    .withExamples(["Yours", "guts account budget"], ["A busy robot", "guts account budget robot --transactions 20000"])
    .runs(open, async () => (await import("../commands/account/budget.ts")).accountBudget);

const list = (open: OpenContext) =>
  command(
    "list [prefix]",
    "List accounts of the network",
    "List accounts of the network, people and organizations, oldest first; with the beginning of a handle, those that have it. " +
      "For administrators.",
  )
    .option("--suspended", "List those that are suspended, and no others")
    .option("-L, --limit <number>", "How many to list (default: 30)")
    .withJson(administeredAccountFields)
    .withExamples(
      ["Everybody", "guts account list -L 1000"],
      ["Who is suspended, and why", "guts account list --suspended --json=handle,suspension"],
    )
    .runs(open, async () => (await import("../commands/account/list.ts")).listAccounts);

const view = (open: OpenContext) =>
  command("view <handle>", "Show an account as administrators see it")
    .withJson(administeredAccountFields)
    .runs(open, async () => (await import("../commands/account/list.ts")).viewAccount);

const create = (open: OpenContext) =>
  withReason(
    command(
      "create <handle>",
      "Open an account for somebody else",
      "Open an account for somebody else, whatever the rule for newcomers is. Its recovery code is made here and shown once: " +
        "give it to whom the account is for, who sets a password with it.",
    ),
  )
    .option("--recovery-code-file <file>", "Write the recovery code to a new file instead of showing it")
    .withExamples(["For a colleague", "guts account create grace --recovery-code-file grace.recovery"])
    .runs(open, async () => (await import("../commands/account/account.ts")).createAccount);

const invite = (open: OpenContext) =>
  withReason(
    command(
      "invite",
      "Invite people to the network",
      "Print an invitation, once. Whoever has it opens an account with `guts auth signup --invitation-file FILE`.",
    ),
  )
    .option("-e, --expires <days>", "Days until it expires (default: 7)")
    .option("--uses <number>", "Accounts that it opens (default: 1)")
    .option("--even-closed", "Good while registration is closed, too")
    .withExamples(["For a class of thirty", "guts account invite --uses 30 --reason 'spring course'"])
    .runs(open, async () => (await import("../commands/account/invitations.ts")).inviteToNetwork);

const invitations = (open: OpenContext) =>
  command("invitations", "List invitations to the network that are good")
    .withJson(networkInvitationFields)
    .runs(open, async () => (await import("../commands/account/invitations.ts")).listInvitations);

const uninvite = (open: OpenContext) =>
  withReason(command("uninvite <key>", "Take an invitation back, by its key or the beginning of it")).runs(
    open,
    async () => (await import("../commands/account/invitations.ts")).revokeInvitation,
  );

const registration = (open: OpenContext) =>
  withReason(
    command(
      "registration [rule]",
      "See or change who may open accounts: open, invite or closed",
      "See who may open accounts, or change it: anybody (open), who is invited (invite), nobody but whom administrators open one " +
        "for (closed).",
    ),
  ).runs(open, async () => (await import("../commands/account/account.ts")).setRegistration);

const suspend = (open: OpenContext) =>
  withReason(command("suspend <handle>", "Stop an account; what it owns stays"))
    .option("-y, --yes", "Do not ask")
    .runs(open, async () => (await import("../commands/account/account.ts")).suspendAccount);

const unsuspend = (open: OpenContext) =>
  withReason(command("unsuspend <handle>", "Let a suspended account act again")).runs(
    open,
    async () => (await import("../commands/account/account.ts")).unsuspendAccount,
  );

const audit = (open: OpenContext) => {
  const made = group("audit", "Read audit logs, and check that they are true");
  for (const child of [auditList, auditShow, auditProof, auditVerify, auditVerifyLog]) made.addCommand(child(open));
  return made;
};

const auditList = (open: OpenContext) =>
  command(
    "list [qualifier...]",
    "List administrative acts, newest first",
    "List what was done by and to your account. With --org, --repo or --network, the log of an organization that you own, of a " +
      "repository that you administer, of the network that you administer. Qualifiers are GitHub's: action:org, actor:alice, " +
      "repo:acme/web, created:>=2026-11-20.",
  )
    .option("--org <organization>", "The log of an organization")
    .option("--repo <OWNER/REPO>", "The log of a repository")
    .option("--network", "The log of the network")
    .option("-L, --limit <number>", "How many to list (default: 30)")
    .withJson(auditFields)
    .withExamples(
      ["What happened to your account", "guts audit list"],
      [
        "Who joined an organization this month",
        "guts audit list --org acme action:org.add_member 'created:>=2026-11-01'",
      ],
    )
    .runs(open, async () => (await import("../commands/audit/audit.ts")).listAudit);

const auditShow = (open: OpenContext) =>
  command("show <transaction>", "Show one act, by its transaction")
    .withJson(auditFields)
    .runs(open, async () => (await import("../commands/audit/audit.ts")).showAudit);

const auditProof = (open: OpenContext) =>
  command(
    "proof <transaction>",
    "Save what shows an act, to check it offline",
    "Save the proof of an act to a file: the transaction as it was signed, where it stands in its block, and the validators' " +
      "signatures. Whoever has the file and knows the network checks it with `guts audit verify --proof`, asking nobody.",
  )
    .option("-o, --output <file>", "The new file (default: the transaction's first 16 characters and .proof)")
    .option("--genesis <file>", "Save the network's genesis document to this new file, too")
    .withExamples(["For the auditors", "guts audit proof 1f0c… --genesis network.genesis"])
    .runs(open, async () => (await import("../commands/audit/verify.ts")).saveProof);

const auditVerify = (open: OpenContext) =>
  command(
    "verify [transaction]",
    "Check on this device that an act is true",
    "Say what was done, read from the transaction as it was signed, after checking that it stands in a block that a quorum of " +
      "validators signed. No node is trusted, only the network's id, which the genesis document must have. With --proof and " +
      "--genesis nobody is asked; with a transaction, what the node's log says of it is checked, too.",
  )
    .option("--proof <file>", "Check a saved proof instead of asking the node for one")
    .option("--genesis <file>", "Take the genesis document from a file instead of the node")
    .option("--network <id>", "Insist on this network")
    .withJson(verifiedActFields)
    .withExamples(
      [
        "The newest act of your own",
        "guts audit verify $(guts audit list -L 1 --json=_document_id | jq -r '.[0]._document_id')",
      ],
      ["A saved proof, offline", "guts audit verify --proof 1f0c.proof --genesis network.genesis"],
    )
    .runs(open, async () => (await import("../commands/audit/verify.ts")).verifyAudit);

const auditVerifyLog = (open: OpenContext) =>
  command(
    "verify-log",
    "Check on this device that a log leaves nothing out",
    "Read all events of a log and check that they are all that it has, by a proof of the ledger's state in a block that a quorum " +
      "of validators signed; then list the acts among them. The node is not trusted. Without an option it is your account's own " +
      "log. What your account did elsewhere, or what was done to an organization's repositories, is in the logs of those.",
  )
    .option("--org <organization>", "The log of an organization")
    .option("--repo <OWNER/REPO>", "The log of a repository")
    .option("--network", "The log of the network")
    .option("--genesis <file>", "Take the genesis document from a file instead of the node")
    .option("--network-id <id>", "Insist on this network")
    .withJson(verifiedLogFields)
    .withExamples(["What happened to your account, all of it", "guts audit verify-log"])
    .runs(open, async () => (await import("../commands/audit/verify-log.ts")).verifyLog);
