import { resolve } from "node:path";
import {
  checkTransactionProof,
  genesisHash,
  provenAct,
  type Genesis,
  type ProvenAct,
  type ProvenTransaction,
} from "@guts/ledger";
import { toHex, type Digest } from "@guts/primitives";
import { CliError, usageError } from "../../cli-error.ts";
import { connectSignedIn } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { printJson, type JsonOption } from "../../terminal/json.ts";
import { verifiedActFields } from "../../tree/fields.ts";
import { sayDone } from "../say.ts";
import type { Entry } from "./audit.ts";
import { fetchGenesis, fetchProof, genesisOf, readBytes, requireNetwork, saveBytes } from "./proof-files.ts";

interface VerifyOptions {
  readonly proof?: string;
  readonly genesis?: string;
  readonly network?: string;
  readonly json?: JsonOption;
}

/**
 * `guts audit verify`: says what was done from the bytes of the transaction, once its proof holds. With a file it asks
 * nobody; with a transaction it asks the node for the proof, and compares the node's row with what the bytes say.
 */
export async function verifyAudit(
  context: CommandContext,
  [id]: readonly string[],
  options: VerifyOptions,
): Promise<void> {
  if ((id === undefined) === (options.proof === undefined))
    throw usageError("either a transaction is given or --proof FILE", "`guts audit proof` saves such a file.");
  const genesis = genesisOf(
    options.genesis === undefined ? await fetchGenesis(context) : await readBytes(context, options.genesis),
    options.genesis ?? "the node",
  );
  const networkId = genesisHash(genesis);
  requireNetwork(networkId, options.network);
  const listed = id === undefined ? undefined : await listedAct(context, id);
  const bytes =
    listed === undefined ? await readBytes(context, options.proof!) : await fetchProof(context, listed._document_id);
  const { proven, act } = check(bytes, networkId, genesis);
  if (listed !== undefined) requireSame(listed, proven, act);
  report(context, options.json, { proven, act, networkId, validatorCount: genesis.validators.length });
}

/** `guts audit proof`: saves what shows an act to who was given nothing else, with the genesis document if that is asked for. */
export async function saveProof(
  context: CommandContext,
  [id = ""]: readonly string[],
  { output, genesis }: { readonly output?: string; readonly genesis?: string },
): Promise<void> {
  const { _document_id: document } = await listedAct(context, id);
  const file = output ?? `${document.slice(0, 16)}.proof`;
  await saveBytes(context, file, await fetchProof(context, document));
  if (genesis !== undefined) await saveBytes(context, genesis, await fetchGenesis(context));
  context.platform.stdout.write(`${resolve(context.platform.cwd, file)}\n`);
}

async function listedAct(context: CommandContext, id: string): Promise<Entry> {
  return connectSignedIn(context).client.call("GET /api/guts/audit-log/{id}", { path: { id } });
}

interface Checked {
  readonly proven: ProvenTransaction;
  readonly act: ProvenAct;
}

function check(bytes: Uint8Array, networkId: Digest, { validators }: Genesis): Checked {
  const checked = checkTransactionProof(bytes, networkId, validators);
  if (checked.refusal !== undefined) throw new CliError("refused", `the proof does not hold: ${checked.refusal}`);
  const act = provenAct(checked.proven);
  if (act === undefined)
    throw new CliError("refused", "the proof is of a transaction that was no administrative act, or was rejected");
  return { proven: checked.proven, act };
}

/** Throws `refused`, with the first thing that the node says otherwise than the bytes. */
function requireSame(listed: Entry, { id, header }: ProvenTransaction, act: ProvenAct): void {
  const pairs: readonly (readonly [what: string, listed: unknown, proven: unknown])[] = [
    ["transaction", listed._document_id, toHex(id)],
    ["height", listed.height, header.height],
    ["time", listed["@timestamp"], header.time],
    ["action", listed.action, act.action],
    ["actor", listed.actor_id, act.actor],
    ["account", listed.user_id, act.target ?? null],
    ["subject", listed.about, act.about ?? null],
    ...(act.repository === undefined ? [] : [["repository", listed.repo_id, act.repository] as const]),
    // A text that may be erased is not in the signed bytes.
    ...(typeof act.reason === "string" ? [["reason", listed.reason ?? "", act.reason] as const] : []),
  ];
  const wrong = pairs.find(([, said, is]) => said !== is);
  if (wrong === undefined) return;
  const [what, said, is] = wrong;
  throw new CliError(
    "refused",
    `the node lists another ${what} (${String(said)}) than what was signed (${String(is)})`,
  );
}

interface Verified extends Checked {
  readonly networkId: Digest;
  readonly validatorCount: number;
}

function report(context: CommandContext, json: JsonOption | undefined, verified: Verified): void {
  const { proven, act, networkId, validatorCount } = verified;
  const { header, signerCount } = proven;
  const record = {
    transaction: toHex(proven.id),
    action: act.action,
    actor_id: act.actor,
    user_id: act.target ?? null,
    repo_id: act.repository ?? null,
    node_id: act.node ?? null,
    about: act.about ?? null,
    reason: typeof act.reason === "string" ? act.reason || null : null,
    height: header.height,
    created_at: new Date(header.time).toISOString(),
    signers: signerCount,
    validators: validatorCount,
    network: toHex(networkId),
  };
  if (json !== undefined) return printJson(context.platform.stdout, json, verifiedActFields, record);
  const on = [
    ...(act.target === undefined ? [] : [`account ${act.target}`]),
    ...(act.repository === undefined ? [] : [`repository ${act.repository}`]),
    ...(act.node === undefined ? [] : [`node ${act.node}`]),
    ...(act.about === undefined ? [] : [act.about]),
  ];
  const what = [`account ${act.actor} did ${act.action}`, ...(on.length === 0 ? [] : [`on ${on.join(", ")}`])].join(
    " ",
  );
  sayDone(context, record.reason === null ? what : `${what}: ${record.reason}`);
  sayDone(context, `It stands in block ${header.height} of ${record.created_at}`);
  sayDone(context, `${signerCount} of ${validatorCount} validators signed that block, and who acted signed the act`);
  context.platform.stdout.write(`network ${record.network}\n`);
}
