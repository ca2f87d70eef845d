import type { ApiClient } from "@guts/api/client";
import {
  actOf,
  checkEventLogProof,
  eventCodec,
  genesisHash,
  readWholeLog,
  type EventScope,
  type LedgerEvent,
} from "@guts/ledger";
import { decode, toHex, unlessMalformed, type AccountId } from "@guts/primitives";
import { CliError } from "../../cli-error.ts";
import { connectSignedIn } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { eventLogEventsMax } from "../../limits.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { printTable } from "../../terminal/table.ts";
import { verifiedLogFields } from "../../tree/fields.ts";
import { sayDone } from "../say.ts";
import { parseLogPlace, type LogOptions } from "./log-place.ts";
import { fetchGenesis, fetchLogProof, genesisOf, readBytes, requireNetwork } from "./proof-files.ts";

interface VerifyLogOptions extends LogOptions {
  readonly genesis?: string;
  readonly networkId?: string;
  readonly json?: JsonOption;
}

/**
 * `guts audit verify-log`: reads all events of a log, and shows that they are all that the state says the log has.
 *
 * 1. The proof comes first, so that the events asked for afterwards are at least those that it counts.
 * 2. Events of later blocks are left aside; the others must lead to the digest in the state.
 */
export async function verifyLog(
  context: CommandContext,
  _args: readonly string[],
  options: VerifyLogOptions,
): Promise<void> {
  const { client } = connectSignedIn(context);
  const genesis = genesisOf(
    options.genesis === undefined ? await fetchGenesis(context) : await readBytes(context, options.genesis),
    options.genesis ?? "the node",
  );
  const networkId = genesisHash(genesis);
  requireNetwork(networkId, options.networkId);
  const scope = await scopeOf(client, options);
  const proof = await fetchLogProof(context, scope); // 1.
  const checked = checkEventLogProof(proof, scope, { networkId, validators: genesis.validators });
  if (checked.refusal !== undefined) throw new CliError("refused", `the proof does not hold: ${checked.refusal}`);
  const { header, range, signerCount } = checked.proven;
  if (range.count > eventLogEventsMax)
    throw new CliError("refused", `the log has ${range.count} events, more than ${eventLogEventsMax}`);
  const given = await withProgress(context.platform.stderr, "Reading the log", () =>
    fetchEvents(client, scope, { height: header.height, count: range.count }),
  );
  const whole = readWholeLog(given, scope, range); // 2.
  if (whole.refusal !== undefined)
    throw new CliError("refused", `what the node shows is not the whole log: ${whole.refusal}`, {
      hint: "Ask another node with --host, and tell this one's operator.",
    });
  const acts = whole.events.flatMap(recordOf);
  if (options.json !== undefined) return printJson(context.platform.stdout, options.json, verifiedLogFields, acts);
  await printTable(context.platform.stdout, context.style, columns, acts);
  const words = `${whole.events.length} event${whole.events.length === 1 ? "" : "s"}, ${acts.length} of them administrative acts`;
  sayDone(context, `${words}: nothing is left out up to block ${header.height}`);
  sayDone(context, `${signerCount} of ${genesis.validators.length} validators signed that block`);
  sayDone(context, `The network is ${toHex(networkId)}`);
}

/** The number by which the ledger knows whose log it is. */
async function scopeOf(client: ApiClient, options: LogOptions): Promise<EventScope> {
  const place = parseLogPlace(options);
  switch (place.type) {
    case "network":
      return { type: "network", id: 0 };
    case "org":
      return { type: "account", id: (await client.call("GET /api/v3/orgs/{org}", { path: place })).id };
    case "repo":
      return { type: "repository", id: (await client.call("GET /api/v3/repos/{owner}/{repo}", { path: place })).id };
    case "own":
    default:
      return { type: "account", id: (await client.call("GET /api/v3/user", {})).id };
  }
}

/**
 * Events up to a height, oldest first. Throws `refused` when they are none or out of order, and when a node that makes up
 * endless ones has shown more than any log has.
 */
async function fetchEvents(
  client: ApiClient,
  scope: EventScope,
  until: { readonly height: number; readonly count: number },
): Promise<readonly Uint8Array[]> {
  const path = { type: scope.type, id: String(scope.id) };
  const newestFirst: Uint8Array[] = [];
  let seen = 0;
  for (let before: number | undefined; ;) {
    const query = before === undefined ? {} : { before };
    const { events } = await client.call("GET /api/guts/event-logs/{type}/{id}", { path, query });
    for (const text of events) {
      const bytes = Uint8Array.from(Buffer.from(text, "base64"));
      const event = unlessMalformed(() => decode(eventCodec, bytes));
      if (event === undefined || event.sequence >= (before ?? Number.POSITIVE_INFINITY))
        throw new CliError("refused", "the node shows what is no event, or events out of order");
      before = event.sequence;
      if (event.height <= until.height) newestFirst.push(bytes);
    }
    seen += events.length;
    if (events.length === 0 || newestFirst.length > until.count) return newestFirst.toReversed();
    if (seen > 2 * eventLogEventsMax) throw new CliError("refused", "the node shows more events than any log has");
  }
}

type ActRecord = ReturnType<typeof recordOf>[number];

/** An event as an act; nothing for everyday work. */
function recordOf(event: LedgerEvent) {
  const act = actOf(event);
  if (act === undefined) return [];
  const target: AccountId | undefined = act.target;
  return [
    {
      created_at: new Date(event.time).toISOString(),
      action: act.action,
      actor_id: event.actor,
      user_id: target ?? null,
      repo_id: act.repository ?? null,
      about: act.about ?? null,
      reason: typeof act.reason === "string" ? act.reason || null : null,
      height: event.height,
      sequence: event.sequence,
      transaction: toHex(event.transactionId),
    },
  ];
}

const columns = [
  { title: "Time", text: (row: ActRecord) => row.created_at.slice(0, 19).replace("T", " ") },
  { title: "Action", text: (row: ActRecord) => row.action },
  { title: "By account", text: (row: ActRecord) => String(row.actor_id) },
  { title: "About", text: (row: ActRecord) => row.about ?? "" },
  { title: "Block", text: (row: ActRecord) => String(row.height) },
];
