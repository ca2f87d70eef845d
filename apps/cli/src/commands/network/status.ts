import type { Network, NetworkNode } from "@guts/api";
import { CliError } from "../../cli-error.ts";
import { hostLabel } from "../../config/host-name.ts";
import { connect } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { relativeTime } from "../../terminal/relative-time.ts";
import { printTable, type Column } from "../../terminal/table.ts";
import { networkFields, networkNodeFields } from "../../tree/fields.ts";

interface StatusOptions {
  readonly json?: JsonOption;
}

/** `guts network status`: the network as the asked node sees it. Exit code 1 when nothing can be written. */
export async function networkStatus(
  context: CommandContext,
  _args: readonly string[],
  { json }: StatusOptions,
): Promise<void> {
  const { platform } = context;
  const { client, host } = connect(context);
  const network = await withProgress(platform.stderr, "Asking the node", () =>
    client.call("GET /api/guts/network", {}),
  );
  if (json === undefined) {
    for (const line of summaryLines(network, platform.now())) platform.stdout.write(`${line}\n`);
    platform.stdout.write("\n");
    await printNodes(context, network.nodes);
  } else printJson(platform.stdout, json, networkFields, network);
  const { quorum } = network;
  if (quorum.upCount < quorum.neededCount) throw new CliError("reported", `${hostLabel(host)}: ${quorum.summary}`);
}

/** `guts network validators`. */
export async function networkValidators(
  context: CommandContext,
  _args: readonly string[],
  { json }: StatusOptions,
): Promise<void> {
  const { platform, style } = context;
  const { client } = connect(context);
  const validators = await withProgress(platform.stderr, "Asking the node", () =>
    client.call("GET /api/guts/validators", {}),
  );
  if (json !== undefined)
    return printJson(platform.stdout, json, [...networkNodeFields, "consensusKey", "isLeader"], validators);
  const now = platform.now();
  await printTable(
    platform.stdout,
    style,
    [
      ...nodeColumns(context, now),
      { title: "Proposes", text: ({ isLeader }) => (isLeader ? "now" : ""), style: style.name },
      { title: "Consensus key", text: ({ consensusKey }) => consensusKey, isFlexible: true, style: style.quiet },
    ],
    validators,
  );
}

/** The network in a few lines of a word and what it is. */
export function summaryLines(network: Network, nowMs: number): readonly string[] {
  const { quorum, sync, consensus } = network;
  const here = { current: [], alone: ["this node     is connected with nobody"], "not-admitted": [NOT_ADMITTED] };
  const progress =
    sync.state === "catching-up" ? [`this node     catches up to height ${sync.target ?? 0}`] : here[sync.state];
  return [
    `network       ${network.name} (${network.networkId})`,
    `height        ${network.height}, ${relativeTime(network.time, nowMs)}`,
    `quorum        ${quorum.summary}`,
    `consensus     epoch ${consensus.epoch}, view ${consensus.view}`,
    ...progress,
  ];
}

const NOT_ADMITTED = "this node     is not admitted to the network yet: an administrator runs guts network admit";

async function printNodes(context: CommandContext, nodes: readonly NetworkNode[]): Promise<void> {
  const { platform, style } = context;
  const role: Column<NetworkNode> = {
    title: "Role",
    text: ({ isValidator }) => (isValidator ? "validator" : "observer"),
  };
  const id: Column<NetworkNode> = {
    title: "Node id",
    text: ({ nodeId }) => nodeId,
    isFlexible: true,
    style: style.quiet,
  };
  const [name, ...rest] = nodeColumns<NetworkNode>(context, platform.now());
  await printTable(platform.stdout, style, [name!, role, ...rest, id], nodes);
}

function nodeColumns<Node extends NetworkNode>({ style }: CommandContext, nowMs: number): readonly Column<Node>[] {
  return [
    {
      title: "Name",
      text: ({ name, isSelf }) => `${name ?? "unnamed"}${isSelf ? " (asked)" : ""}`,
      style: style.strong,
    },
    {
      title: "State",
      text: (node) => stateOf(node, nowMs),
      exactText: ({ isConnected }) => (isConnected ? "up" : "down"),
      style: (text, { isConnected }) => (isConnected ? style.good(text) : style.bad(text)),
    },
    { title: "Height", text: ({ height }) => String(height ?? "") },
    {
      title: "Behind",
      text: ({ lag }) => (lag === null ? "" : lag === 0 ? "" : String(lag)),
      exactText: ({ lag }) => String(lag ?? ""),
    },
    { title: "Version", text: ({ version }) => version ?? "" },
  ];
}

function stateOf({ isConnected, lastSeenAt }: NetworkNode, nowMs: number): string {
  if (isConnected) return "up";
  return lastSeenAt === null ? "not seen" : `seen ${relativeTime(lastSeenAt, nowMs)}`;
}
