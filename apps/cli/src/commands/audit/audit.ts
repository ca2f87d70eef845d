import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ApiClient, ApiOutput } from "@guts/api/client";
import { checkTransactionProof, genesisHash, parseGenesis, type Genesis } from "@guts/ledger";
import { equalBytes, fromHex, parseDigest, toHex } from "@guts/primitives";
import { CliError, usageError } from "../../cli-error.ts";
import { connect, connectSignedIn } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { proofBytesMax } from "../../limits.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { withProgress } from "../../terminal/progress.ts";
import { printTable } from "../../terminal/table.ts";
import { auditFields } from "../../tree/fields.ts";
import { parseLimit, take } from "../limit.ts";
import { sayDone, sayNote } from "../say.ts";

type Entry = ApiOutput<"GET /api/guts/security-log">[number];

interface ListOptions {
  readonly network?: true;
  readonly org?: string;
  readonly repo?: string;
  readonly limit?: string;
  readonly json?: JsonOption;
}

/** `guts audit list`: one's own security log, or that of the network, an organization, a repository. */
export async function listAudit(
  context: CommandContext,
  words: readonly string[],
  options: ListOptions,
): Promise<void> {
  const { platform, style } = context;
  const { client } = connectSignedIn(context);
  const limit = parseLimit(options.limit);
  const query = { per_page: Math.min(limit, 100), ...(words.length > 0 && { phrase: words.join(" ") }) };
  const entries = await withProgress(platform.stderr, "Reading the log", () =>
    take(itemsOf(client, options, query), limit),
  );
  if (options.json !== undefined) return printJson(platform.stdout, options.json, auditFields, entries);
  if (entries.length === 0) return sayNote(context, "Nothing in this log is so.");
  const columns = [
    { title: "Time", text: (row: Entry) => row.created_at.slice(0, 19).replace("T", " ") },
    { title: "Action", text: (row: Entry) => row.action, style: style.strong },
    { title: "By", text: (row: Entry) => row.actor ?? String(row.actor_id) },
    { title: "On", text: subjectOf },
    { title: "Why", text: (row: Entry) => row.reason ?? "" },
    { title: "Transaction", text: (row: Entry) => row._document_id },
  ];
  await printTable(platform.stdout, style, columns, entries);
}

function itemsOf(
  client: ApiClient,
  { network, org, repo }: ListOptions,
  query: { readonly per_page: number; readonly phrase?: string },
): AsyncGenerator<Entry> {
  if ([network, org, repo].filter((each) => each !== undefined).length > 1)
    throw usageError("--network, --org and --repo exclude one another");
  if (network === true) return client.items("GET /api/guts/audit-log", { query });
  if (org !== undefined) return client.items("GET /api/v3/orgs/{org}/audit-log", { path: { org }, query });
  if (repo === undefined) return client.items("GET /api/guts/security-log", { query });
  const [owner = "", name = "", ...rest] = repo.split("/");
  if (name === "" || rest.length > 0) throw usageError(`"${repo}" is not OWNER/REPO`);
  return client.items("GET /api/guts/repos/{owner}/{repo}/audit-log", { path: { owner, repo: name }, query });
}

function subjectOf({ user, org, repo, team, node, about }: Entry): string {
  const parts = [repo ?? org, team, user, node, about].filter((part) => part !== null);
  return [...new Set(parts)].join(" ");
}

/** `guts audit show`: one act with everything that its log says of it. */
export async function showAudit(
  context: CommandContext,
  [id = ""]: readonly string[],
  { json }: { readonly json?: JsonOption },
): Promise<void> {
  const { client } = connectSignedIn(context);
  const entry = await client.call("GET /api/guts/audit-log/{id}", { path: { id } });
  if (json !== undefined) return printJson(context.platform.stdout, json, auditFields, entry);
  const { style, platform } = context;
  const rows = auditFields.flatMap((name) => (entry[name] === null ? [] : [{ name, value: String(entry[name]) }]));
  const columns = [
    { title: "Field", text: (row: (typeof rows)[number]) => row.name, style: style.strong },
    { title: "Value", text: (row: (typeof rows)[number]) => row.value },
  ];
  await printTable(platform.stdout, style, columns, rows);
}

/** `guts audit verify`: checks an act's proof here, trusting the network's id and nobody's word. */
export async function verifyAudit(
  context: CommandContext,
  [id = ""]: readonly string[],
  { genesis: file, network: wanted }: { readonly genesis?: string; readonly network?: string },
): Promise<void> {
  const { client, host } = connectSignedIn(context);
  const genesis = file === undefined ? await fetchGenesis(context) : await readGenesis(context, file);
  const networkId = genesisHash(genesis);
  const asked = wanted === undefined ? undefined : parseDigest(fromHex(wanted.toLowerCase()) ?? new Uint8Array());
  if (wanted !== undefined && (asked === undefined || !equalBytes(asked, networkId)))
    throw new CliError("refused", `this is the genesis of ${toHex(networkId)}, not of ${wanted}`);
  const entry = await client.call("GET /api/guts/audit-log/{id}", { path: { id } });
  const bytes = await fetchBytes(`${host}/api/guts/audit-log/${entry._document_id}/proof`, context);
  const checked = checkTransactionProof(bytes, networkId, genesis.validators);
  if (checked.refusal !== undefined) throw new CliError("refused", `the proof does not hold: ${checked.refusal}`);
  const { proven } = checked;
  const isSame =
    toHex(proven.id) === entry._document_id &&
    proven.header.height === entry.height &&
    proven.header.time === entry["@timestamp"] &&
    (proven.envelope.body.account === entry.actor_id || proven.envelope.body.account === 0) &&
    proven.record.verdict.type === "applied";
  if (!isSame) throw new CliError("refused", "the proof is of another act than the node lists");
  sayDone(context, `${entry.action} by ${entry.actor ?? entry.actor_id} stands in block ${entry.height}`);
  sayDone(context, `${proven.signerCount} of ${genesis.validators.length} validators signed it, and who acted did`);
  context.platform.stdout.write(`network ${toHex(networkId)}\n`);
}

async function fetchGenesis(context: CommandContext): Promise<Genesis> {
  const { host } = connect(context);
  return genesisOf(await fetchBytes(`${host}/api/guts/genesis`, context), "the node");
}

async function readGenesis(context: CommandContext, file: string): Promise<Genesis> {
  return genesisOf(new Uint8Array(await readFile(resolve(context.platform.cwd, file))), file);
}

function genesisOf(bytes: Uint8Array, where: string): Genesis {
  const { genesis } = parseGenesis(bytes);
  if (genesis === undefined) throw new CliError("unexpected", `${where} has no genesis document of this version`);
  return genesis;
}

/** Bytes of an answer that is not JSON. Throws `unexpected` for more than a proof may have. */
async function fetchBytes(url: string, context: CommandContext): Promise<Uint8Array> {
  const { token, host } = connectSignedIn(context);
  const fetchOf = await import("../../http/node-fetch.ts").then(({ nodeFetch }) => nodeFetch(context.platform, host));
  const answer = await fetchOf(url, { headers: { authorization: `Bearer ${token.token}` } });
  if (!answer.ok) throw new CliError("refused", `the node answered ${answer.status} to ${new URL(url).pathname}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes.length > proofBytesMax) throw new CliError("unexpected", "the answer is longer than any proof");
  return bytes;
}
