/** The committed fixtures of formats-v1: which there are, how their values are written as JSON, how a case is made. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decode, digestCodec, encode, fromHex, toHex, type Codec, type Digest } from "@guts/primitives";
import {
  certificateCodec,
  headerCodec,
  headerHash,
  mountainRangeCodec,
  mountainRangeRoot,
  stateProofCodec,
  validatorSetCodec,
  validatorsHash,
  voteStatementCodec,
} from "@guts/verifier";
import {
  authorizationCodec,
  blockCodec,
  contentCodec,
  contentRefOf,
  envelopeCodec,
  eventCodec,
  genesisCodec,
  genesisHash,
  kindOf,
  KINDS,
  receiptStatementCodec,
  resultRecordCodec,
  signedTransactionCodec,
  tables,
  transactionBodyCodec,
  transactionId,
  type KindName,
  type Table,
} from "../src/index.ts";

/** Where the fixtures are. */
export const fixtureFolder = join(import.meta.dirname, "../../../docs/protocol/fixtures/v1");

/** One value in both forms. */
export interface FixtureCase {
  readonly name: string;
  readonly hex: string;
  readonly value: unknown;
  /** The value's id or hash, for formats that have one. */
  readonly digest?: string;
}

/** A format that fixtures pin. */
export interface FixtureFormat {
  readonly codec: Codec<unknown>;
  readonly digest?: (value: unknown) => Digest;
}

function format<Value>(codec: Codec<Value>, digest?: (value: Value) => Digest): FixtureFormat {
  return { codec, ...(digest === undefined ? {} : { digest }) } as unknown as FixtureFormat;
}

/** Formats with one codec, by the name of their file. */
export const formats: Readonly<Record<string, FixtureFormat>> = {
  genesis: format(genesisCodec, genesisHash),
  "validator-set": format(validatorSetCodec, validatorsHash),
  "transaction-body": format(transactionBodyCodec, transactionId),
  authorization: format(authorizationCodec),
  "signed-transaction": format(signedTransactionCodec, ({ body }) => transactionId(body)),
  envelope: format(envelopeCodec, ({ body }) => transactionId(body)),
  content: format(contentCodec, (content) => contentRefOf(content).digest),
  "receipt-statement": format(receiptStatementCodec),
  header: format(headerCodec, headerHash),
  block: format(blockCodec, ({ header }) => headerHash(header)),
  "result-record": format(resultRecordCodec),
  event: format(eventCodec),
  "vote-statement": format(voteStatementCodec),
  certificate: format(certificateCodec),
  "mountain-range": format(mountainRangeCodec, mountainRangeRoot),
  "state-proof": format(stateProofCodec),
  digest: format(digestCodec),
};

/** Every table of the state. */
export const stateTables: readonly Table<unknown, unknown>[] = Object.values(tables).filter(
  (value): value is never => typeof value === "object" && "prefix" in value,
);

/** The format of a case in a file of several: `payloads`, `results`, `state-keys` and `state-values` are named by kind or table. */
export function formatOf(file: string, caseName: string): FixtureFormat | undefined {
  const [name = ""] = caseName.split(" ");
  if (file === "payloads" || file === "results") {
    if (!Object.hasOwn(KINDS, name)) return undefined;
    const kind = kindOf(name as KindName);
    return { codec: file === "payloads" ? kind.payload : kind.result };
  }
  const table = stateTables.find((each) => each.name === name);
  if (file === "state-keys") return table && { codec: table.key };
  if (file === "state-values") return table && { codec: table.value };
  return formats[file];
}

/** The case of a value. */
export function caseOf({ codec, digest }: FixtureFormat, name: string, value: unknown): FixtureCase {
  const hex = toHex(encode(codec, value));
  return { name, hex, value: toJson(value), ...(digest === undefined ? {} : { digest: toHex(digest(value)) }) };
}

/** A value as JSON: bytes are `{ "hex": ... }`, what is absent is null. */
export function toJson(value: unknown): unknown {
  if (value === undefined) return null;
  if (value instanceof Uint8Array) return { hex: toHex(value) };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, toJson(field)]));
}

/** The value of JSON that `toJson` gave. */
export function fromJson(json: unknown): unknown {
  if (json === null) return undefined;
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json !== "object") return json;
  const hex = (json as { hex?: unknown }).hex;
  if (typeof hex === "string") return fromHex(hex);
  return Object.fromEntries(Object.entries(json).map(([name, field]) => [name, fromJson(field)]));
}

/** The value that a case's bytes decode to. */
export function decodeCase({ codec }: FixtureFormat, { hex }: FixtureCase): unknown {
  return decode(codec, fromHex(hex)!);
}

/** A committed fixture file. */
export function readFixture(name: string): unknown {
  return JSON.parse(readFileSync(join(fixtureFolder, `${name}.json`), "utf8"));
}

/** Whether there is such a fixture file. */
export function hasFixture(name: string): boolean {
  return existsSync(join(fixtureFolder, `${name}.json`));
}

/** The chain from genesis that every version of the code replays. */
export interface FixtureChain {
  readonly genesis: string;
  readonly networkId: string;
  readonly blocks: readonly {
    readonly hash: string;
    readonly stateRoot: string;
    readonly block: string;
    readonly certificate: string;
    /** Each transaction's kind, with its rejection when it was rejected. */
    readonly verdicts: readonly string[];
  }[];
}
