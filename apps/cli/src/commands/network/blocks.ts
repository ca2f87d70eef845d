import type { Block, BlockSummary } from "@guts/api";
import type { ApiClient } from "@guts/api/client";
import { usageError } from "../../cli-error.ts";
import { connect } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { relativeTime } from "../../terminal/relative-time.ts";
import { safeLine } from "../../terminal/safe-text.ts";
import { printTable } from "../../terminal/table.ts";
import { blockFields } from "../../tree/fields.ts";
import { parseCount } from "../limit.ts";
import { sayNote } from "../say.ts";

interface BlocksOptions {
  readonly limit?: string;
  readonly before?: string;
  readonly all?: true;
  readonly json?: JsonOption;
}

const limitDefault = 20;
const limitMax = 1_000;
const pageSize = 100;
/** Blocks that are looked through for ones with transactions, before a list ends shorter than asked. */
const searchedMax = 5_000;
const heightMax = 999_999_999;

/** `guts network blocks [height]`. */
export async function networkBlocks(
  context: CommandContext,
  [height]: readonly string[],
  options: BlocksOptions,
): Promise<void> {
  const { client } = connect(context);
  if (height !== undefined) return await showBlock(context, client, height, options.json);
  const blocks = await withProgress(context.platform.stderr, "Listing blocks", () => findBlocks(client, options));
  if (options.json !== undefined)
    return printJson(context.platform.stdout, options.json, blockFields, blocks.map(recordOf));
  if (blocks.length === 0) return sayNote(context, "No blocks match; --all lists those without transactions, too.");
  await printBlocks(context, blocks);
}

async function findBlocks(client: ApiClient, options: BlocksOptions): Promise<readonly BlockSummary[]> {
  const limit = options.limit === undefined ? limitDefault : parseCount(options.limit, limitMax, "--limit");
  let before = options.before === undefined ? undefined : parseCount(options.before, heightMax, "--before");
  const found: BlockSummary[] = [];
  for (let searched = 0; searched < searchedMax && found.length < limit; searched += pageSize) {
    const query = { deeds: true, limit: pageSize, ...(before === undefined ? {} : { before }) };
    const page = await client.call("GET /api/guts/blocks", { query });
    found.push(...page.filter(({ transactionCount }) => options.all === true || transactionCount > 0));
    before = page.at(-1)?.height;
    if (before === undefined || before <= 1) break;
  }
  return found.slice(0, limit);
}

async function printBlocks({ platform, style }: CommandContext, blocks: readonly BlockSummary[]): Promise<void> {
  const now = platform.now();
  await printTable(
    platform.stdout,
    style,
    [
      { title: "Height", text: ({ height }) => String(height), style: style.strong },
      { title: "What happened", text: deedsOf, isFlexible: true },
      { title: "Proposer", text: ({ proposer }) => proposer ?? "", style: style.quiet },
      { title: "Time", text: ({ time }) => relativeTime(time, now), exactText: ({ time }) => time, style: style.quiet },
    ],
    blocks,
  );
}

function deedsOf({ deeds, transactionCount }: BlockSummary): string {
  if (transactionCount === 0) return "nothing";
  const told = deeds ?? [];
  const rest = transactionCount - told.length;
  const more = told.length === 0 ? `${rest} transactions` : `and ${rest} more`;
  return [...told, ...(rest > 0 ? [more] : [])].join("; ");
}

type BlockRecord = Readonly<Record<(typeof blockFields)[number], unknown>>;

function recordOf(block: BlockSummary | Block): BlockRecord {
  const { height, id, time, transactionCount, proposer } = block;
  const deeds = "transactions" in block ? block.transactions.map(({ summary }) => summary) : (block.deeds ?? null);
  return { height, id, time, transactionCount, proposer, deeds };
}

async function showBlock(
  { platform, style }: CommandContext,
  client: ApiClient,
  text: string,
  json: JsonOption,
): Promise<void> {
  if (!/^\d{1,15}$/.test(text)) throw usageError(`a height is a whole number, not "${text}"`);
  const block = await client.call("GET /api/guts/blocks/{height}", { path: { height: text } });
  if (json !== undefined) return printJson(platform.stdout, json, blockFields, recordOf(block));
  const lines = [
    `${style.strong(`block ${block.height}`)}  ${block.time}${block.proposer === null ? "" : `, proposed by ${block.proposer}`}`,
    `id          ${block.id}`,
    `parent      ${block.parentId}`,
    `state root  ${block.stateRoot}`,
    "",
    ...block.transactions.map(({ summary, rejection, id }) => {
      const refused = rejection === null ? "" : ` (refused: ${rejection.message})`;
      return `${safeLine(`${summary}${refused}`)}  ${style.quiet(id.slice(0, 16))}`;
    }),
  ];
  for (const line of lines) platform.stdout.write(`${line}\n`);
}
