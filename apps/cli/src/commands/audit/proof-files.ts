/** Proofs and genesis documents, from the node or from files. */
import { open, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseGenesis, type EventScope, type Genesis } from "@guts/ledger";
import { equalBytes, fromHex, parseDigest, toHex, type Digest } from "@guts/primitives";
import { CliError } from "../../cli-error.ts";
import { connect } from "../../connection.ts";
import type { CommandContext } from "../../context.ts";
import { proofBytesMax } from "../../limits.ts";

/** The genesis document that these bytes are. Throws `refused`, naming where they came from. */
export function genesisOf(bytes: Uint8Array, where: string): Genesis {
  const { genesis } = parseGenesis(bytes);
  if (genesis === undefined) throw new CliError("refused", `${where} has no genesis document of this version`);
  return genesis;
}

/** The genesis document of the node. It needs no token: everybody may have it. */
export function fetchGenesis(context: CommandContext): Promise<Uint8Array> {
  return fetchBytes("/api/guts/genesis", context);
}

/** The proof of an act that the person may read. */
export function fetchProof(context: CommandContext, transaction: string): Promise<Uint8Array> {
  return fetchBytes(`/api/guts/audit-log/${transaction}/proof`, context);
}

/** The proof that an event log is whole. */
export function fetchLogProof(context: CommandContext, { type, id }: EventScope): Promise<Uint8Array> {
  return fetchBytes(`/api/guts/event-logs/${type}/${id}/proof`, context);
}

/** Throws `refused` unless the person insists on no network or on this one. */
export function requireNetwork(networkId: Digest, wanted: string | undefined): void {
  if (wanted === undefined) return;
  const asked = parseDigest(fromHex(wanted.toLowerCase()) ?? new Uint8Array());
  if (asked === undefined || !equalBytes(asked, networkId))
    throw new CliError("refused", `this is the genesis of ${toHex(networkId)}, not of ${wanted}`);
}

/** The bytes of a file. Throws `file` when it cannot be read or is longer than any proof. */
export async function readBytes({ platform }: CommandContext, name: string): Promise<Uint8Array> {
  const path = resolve(platform.cwd, name);
  try {
    await using file = await open(path, "r");
    const { size } = await file.stat();
    if (size > proofBytesMax) throw new CliError("file", `${path} is longer than any proof`);
    return await file.readFile();
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError("file", `cannot read ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Writes a new file. Throws `file` when there is one of that name. */
export async function saveBytes({ platform }: CommandContext, name: string, bytes: Uint8Array): Promise<void> {
  const path = resolve(platform.cwd, name);
  try {
    await writeFile(path, bytes, { flag: "wx" });
  } catch (error) {
    throw new CliError("file", `cannot write ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

/** Bytes of an answer that is not JSON. Throws `refused` for a refusal and `unexpected` for more than a proof may have. */
async function fetchBytes(path: string, context: CommandContext): Promise<Uint8Array> {
  const { token, host } = connect(context);
  const { nodeFetch } = await import("../../http/node-fetch.ts");
  const headers = token === undefined ? {} : { authorization: `Bearer ${token.token}` };
  const answer = await nodeFetch(context.platform, host)(host + path, { headers });
  if (!answer.ok) throw new CliError("refused", `the node answered ${answer.status} to ${path}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes.length > proofBytesMax) throw new CliError("unexpected", "the answer is longer than any proof");
  return bytes;
}
