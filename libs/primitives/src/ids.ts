import type { Branded } from "./branded.ts";
import { fromHex, toHex } from "./bytes.ts";
import { mapped, u64, type Codec } from "./codec.ts";
import { parsePublicKey, publicKeyCodec, type PublicKey } from "./signature.ts";

/** The ledger's dense number of an account, from 1. The same on every node. */
export type AccountId = Branded<number, "AccountId">;
/** The ledger's dense number of a repository, from 1; it stays through renames and transfers. */
export type RepositoryId = Branded<number, "RepositoryId">;
/** The ledger's dense number of a team, from 1; it stays through renames. */
export type TeamId = Branded<number, "TeamId">;
/** The number of an issue or pull request, dense in its repository, from 1. */
export type IssueNumber = Branded<number, "IssueNumber">;
/** The ledger's dense number of a comment, from 1. */
export type CommentId = Branded<number, "CommentId">;
/** The ledger's dense number of a label, from 1; it stays through renames. */
export type LabelId = Branded<number, "LabelId">;
/** The number of a milestone, dense in its repository, from 1. */
export type MilestoneNumber = Branded<number, "MilestoneNumber">;
/** The number of a block; genesis is 0. */
export type Height = Branded<number, "Height">;
/** Milliseconds since 1970-01-01T00:00Z, without leap seconds, up to `timeMsMax`. */
export type TimeMs = Branded<number, "TimeMs">;
/** A node's identity: its Ed25519 public key in lower-case hexadecimal, 64 characters. */
export type NodeId = Branded<string, "NodeId">;

/**
 * The last millisecond of the year 9999. ISO 8601 writes later years in another form, `Date` ends before 2^53 and so do
 * the timestamps of databases; a time that the ledger admits must be one that every reader of it can show.
 */
export const timeMsMax = 253_402_300_799_999;

const branded = <Brand extends number>(): Codec<Brand> =>
  mapped(
    u64,
    (value) => value as Brand,
    (value) => value,
  );

export const accountIdCodec: Codec<AccountId> = branded();
export const repositoryIdCodec: Codec<RepositoryId> = branded();
export const teamIdCodec: Codec<TeamId> = branded();
export const issueNumberCodec: Codec<IssueNumber> = branded();
export const commentIdCodec: Codec<CommentId> = branded();
export const labelIdCodec: Codec<LabelId> = branded();
export const milestoneNumberCodec: Codec<MilestoneNumber> = branded();
export const heightCodec: Codec<Height> = branded();
export const timeCodec: Codec<TimeMs> = mapped(u64, parseTimeMs, (time) => time);

/** Encoded as the 32 bytes of the key. */
export const nodeIdCodec: Codec<NodeId> = mapped(
  publicKeyCodec,
  (key) => toHex(key) as NodeId,
  (id) => publicKeyOfNode(id),
);

/** A positive safe integer as an account's number, or undefined. */
export function parseAccountId(value: number): AccountId | undefined {
  return Number.isSafeInteger(value) && value > 0 ? (value as AccountId) : undefined;
}

/** A positive safe integer as a repository's number, or undefined. */
export function parseRepositoryId(value: number): RepositoryId | undefined {
  return Number.isSafeInteger(value) && value > 0 ? (value as RepositoryId) : undefined;
}

/** A positive safe integer as a team's number, or undefined. */
export function parseTeamId(value: number): TeamId | undefined {
  return Number.isSafeInteger(value) && value > 0 ? (value as TeamId) : undefined;
}

/** A non-negative safe integer as a height, or undefined. */
export function parseHeight(value: number): Height | undefined {
  return Number.isSafeInteger(value) && value >= 0 ? (value as Height) : undefined;
}

/** An integer of milliseconds from 0 to `timeMsMax` as a time, or undefined. */
export function parseTimeMs(value: number): TimeMs | undefined {
  return Number.isSafeInteger(value) && value >= 0 && value <= timeMsMax ? (value as TimeMs) : undefined;
}

/** 64 lower-case hexadecimal characters as a node's id, or undefined. */
export function parseNodeId(text: string): NodeId | undefined {
  return /^[0-9a-f]{64}$/.test(text) ? (text as NodeId) : undefined;
}

/** The id of the node with this key. */
export function nodeIdOf(publicKey: PublicKey): NodeId {
  return toHex(publicKey) as NodeId;
}

/** The key of a node. */
export function publicKeyOfNode(id: NodeId): PublicKey {
  return parsePublicKey(fromHex(id) ?? new Uint8Array())!;
}
