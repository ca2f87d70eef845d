import { blockFields, networkFields, networkNodeFields, nodeBudgetFields } from "./fields.ts";
import { elsewhere } from "./other-commands.ts";
import { command, group, type GutsCommand, type OpenContext } from "./guts-command.ts";

/** `guts network`: what the network is doing, and who takes part. */
export function networkCommand(open: OpenContext): GutsCommand {
  const made = group(
    "network",
    "See the nodes and blocks of the network, admit and remove nodes",
    "See who runs the network and how it is doing, and what happened on it, in plain words. Administrators admit and " +
      "remove nodes that do not vote.\n\nA network is founded with `guts network create`, which is part of a Guts " +
      "installation: run `./guts network create --help` there.",
  );
  for (const child of [status, validators, blocks, admit, remove, budget]) made.addCommand(child(open));
  return made.addCommand(elsewhere("network create", "Found a network: write its genesis document"));
}

const status = (open: OpenContext) =>
  command(
    "status",
    "Say how the network is, and list its nodes",
    "Say how the network is, as the node that is asked sees it: how far the ledger is, how many validators are up and " +
      "what that means, and each node with its height, how far it is behind, and its version. The exit code is 1 when " +
      "too few validators are up to write anything.",
  )
    .withJson(networkFields)
    .withExamples(
      ["The network of the default node", "guts network status"],
      ["As another node sees it", "guts network status --host https://git.example.org"],
    )
    .runs(open, async () => (await import("../commands/network/status.ts")).networkStatus);

const validators = (open: OpenContext) =>
  command(
    "validators",
    "List the nodes that vote",
    "List the nodes that vote, in their order: which of them is up, how far it is, and who proposes in this view.",
  )
    .withJson([...networkNodeFields, "consensusKey", "isLeader"])
    .runs(open, async () => (await import("../commands/network/status.ts")).networkValidators);

const blocks = (open: OpenContext) =>
  command(
    "blocks [height]",
    "List the newest blocks and what they did, or show one",
    "List the newest blocks and what they did, or show one with all its transactions. Blocks without transactions, " +
      "which an idle network makes once a minute, are left out of the list unless --all is given.",
  )
    .option("-L, --limit <number>", "How many blocks to list (default: 20)")
    .option("--before <height>", "List blocks below this height")
    .option("--all", "List blocks without transactions, too")
    .withJson(blockFields)
    .withExamples(
      ["What happened lately", "guts network blocks"],
      ["One block with everything in it", "guts network blocks 42"],
    )
    .runs(open, async () => (await import("../commands/network/blocks.ts")).networkBlocks);

const rootKeyOptions = (made: GutsCommand): GutsCommand =>
  made
    .option("--key-file <file>", "Sign with the root key in this PEM file instead of the stored token")
    .option("--recovery-code-file <file>", "Sign with the recovery code in this file (- for standard input)");

const admit = (open: OpenContext) =>
  rootKeyOptions(
    command(
      "admit <node-id>",
      "Let a node receive blocks and packs",
      "Let a node receive blocks and packs and admit transactions; it does not vote. Needs an administrator's root key. " +
        "`guts node join` prints the id of the node and this command.",
    ),
  )
    .requiredOption("--name <name>", "What the node is called in lists: letters, digits, '.', '_' and '-'")
    .withExamples(["Admit a node", "guts network admit 3f…c2 --name mirror --key-file admin.pem"])
    .runs(open, async () => (await import("../commands/network/membership.ts")).admitNode);

const remove = (open: OpenContext) =>
  rootKeyOptions(
    command(
      "remove <node>",
      "Take a node out of the network",
      "Take a node out of the network, by its id or name. It receives nothing more, and every token and session that it " +
        "could use is void at once; people whose only home it was recover their account at another node. Validators " +
        "cannot be removed. Needs an administrator's root key.",
    ),
  )
    .option("--reason <text>", "Why; the audit log shows it")
    .option("-y, --yes", "Do not ask")
    .runs(open, async () => (await import("../commands/network/membership.ts")).removeNode);

const budget = (open: OpenContext) =>
  command(
    "budget <node>",
    "See what a node may still admit for others, or change it",
    "See what a node may still admit to the ledger for the accounts that write there, or change it: everything that it " +
      "admits is counted, by every node alike. For administrators; a changed budget is full at once.",
  )
    .option("--transactions <number>", "Let it admit up to so many transactions")
    .option("--per-minute <number>", "Let it regain so many a minute")
    .option("--usual", "Give it the usual budget again")
    .option("--reason <text>", "Why; the audit log shows it")
    .withJson(nodeBudgetFields)
    .withExamples(["A node that is flooded", "guts network budget mirror --transactions 1000 --per-minute 60"])
    .runs(open, async () => (await import("../commands/network/budget.ts")).nodeBudget);
