import { Type, type Static } from "typebox";

import { Nullable, OneOf, Timestamp } from "../schema.ts";

/**
 * A node that the ledger knows, and what the answering node sees of it. `height`, `version` and `url` are the node's own
 * words; null before it has said them. `lag` counts the blocks that it is behind the answering node, at least 0.
 */
export const NetworkNode = Type.Object(
  {
    nodeId: Type.String(),
    name: Nullable(Type.String()),
    url: Nullable(Type.String()),
    isValidator: Type.Boolean(),
    /** Whether it is the node that answers. */
    isSelf: Type.Boolean(),
    isConnected: Type.Boolean(),
    height: Nullable(Type.Integer()),
    lag: Nullable(Type.Integer()),
    version: Nullable(Type.String()),
    rttMs: Nullable(Type.Number()),
    lastSeenAt: Nullable(Timestamp()),
  },
  { title: "NetworkNode" },
);
export type NetworkNode = Static<typeof NetworkNode>;

/** A validator: a node that votes. */
export const Validator = Type.Object(
  { ...NetworkNode.properties, consensusKey: Type.String(), isLeader: Type.Boolean() },
  { title: "Validator" },
);
export type Validator = Static<typeof Validator>;

/** How many validators there are, how many are at work as the answering node sees it, and how many must agree. */
export const Quorum = Type.Object(
  {
    validatorCount: Type.Integer(),
    upCount: Type.Integer(),
    neededCount: Type.Integer(),
    /** One line such as "3 of 4 validators up; none more may fail". */
    summary: Type.String(),
  },
  { title: "Quorum" },
);
export type Quorum = Static<typeof Quorum>;

/** Whether the answering node is where the network is; `target` is the height that it catches up to. */
export const Sync = Type.Object(
  { state: OneOf("current", "catching-up", "not-admitted", "alone"), target: Nullable(Type.Integer()) },
  { title: "Sync" },
);
export type Sync = Static<typeof Sync>;

/** The network and how far this node has followed it. `networkId` is the hash of genesis in hexadecimal. */
export const Network = Type.Object(
  {
    networkId: Type.String(),
    name: Type.String(),
    rulesVersion: Type.Integer(),
    height: Type.Integer(),
    /** Time of the newest block: the only time the ledger knows. */
    time: Timestamp(),
    registration: OneOf("open", "invite", "closed"),
    nodeId: Type.String(),
    /** Multiaddrs of the answering node: what a node that joins connects to. */
    addresses: Type.Array(Type.String()),
    quorum: Quorum,
    sync: Sync,
    consensus: Type.Object({ epoch: Type.Integer(), view: Type.Integer(), leader: Nullable(Type.String()) }),
    nodes: Type.Array(NetworkNode),
  },
  { title: "Network" },
);
export type Network = Static<typeof Network>;

/** One part of a node and whether it can do its work. */
export const PartStatus = Type.Object(
  { name: Type.String(), state: OneOf("ready", "starting", "failing"), detail: Nullable(Type.String()) },
  { title: "PartStatus" },
);
export type PartStatus = Static<typeof PartStatus>;

/** How this node is. `readModelHeight` may lag behind `height`: lists show the ledger as of that block. */
export const NodeStatus = Type.Object(
  {
    isReady: Type.Boolean(),
    parts: Type.Array(PartStatus),
    nodeId: Type.String(),
    version: Type.String(),
    gitVersion: Type.String(),
    startedAt: Timestamp(),
    height: Type.Integer(),
    readModelHeight: Type.Integer(),
    time: Timestamp(),
    /** Where git is served over SSH, and the key to expect there: its fingerprint as ssh shows it, and as a line of known_hosts without the host. */
    ssh: Nullable(Type.Object({ url: Type.String(), fingerprint: Type.String(), publicKey: Type.String() })),
  },
  { title: "NodeStatus" },
);
export type NodeStatus = Static<typeof NodeStatus>;

/** A ledger transaction in the forge's words. */
export const Transaction = Type.Object(
  {
    id: Type.String(),
    height: Type.Integer(),
    /** Place in its block, from 0. */
    index: Type.Integer(),
    time: Timestamp(),
    kind: Type.String(),
    /** One sentence such as "alice created alice/website". */
    summary: Type.String(),
    outcome: OneOf("applied", "rejected"),
    rejection: Nullable(Type.Object({ code: Type.String(), message: Type.String() })),
    account: Nullable(Type.Object({ id: Type.Integer(), handle: Nullable(Type.String()) })),
    repository: Nullable(Type.Object({ id: Type.Integer(), fullName: Nullable(Type.String()) })),
    authority: Type.String(),
    /** Of a push that its pusher's git signed: the key, as `SHA256:` and base64. */
    signedBy: Nullable(Type.String()),
    nodeId: Type.String(),
  },
  { title: "Transaction" },
);
export type Transaction = Static<typeof Transaction>;

/** What a pusher's git signed, for `ssh-keygen -Y verify -n git`. */
export const PushCertificate = Type.Object(
  {
    text: Type.String(),
    /** In OpenSSH's armour. */
    signature: Type.String(),
    /** OpenSSH's line: type and base64. */
    publicKey: Type.String(),
  },
  { title: "PushCertificate" },
);
export type PushCertificate = Static<typeof PushCertificate>;

/** A transaction with what everybody can check of a signed push; null for others, and for who may not read the repository. */
export const TransactionDetail = Type.Object(
  { ...Transaction.properties, pushCertificate: Nullable(PushCertificate) },
  { title: "TransactionDetail" },
);
export type TransactionDetail = Static<typeof TransactionDetail>;

/** A block of the ledger without its transactions. Ids and roots are hexadecimal. */
export const BlockSummary = Type.Object(
  {
    height: Type.Integer(),
    id: Type.String(),
    time: Timestamp(),
    transactionCount: Type.Integer(),
    /** The name of the validator that proposed it. */
    proposer: Nullable(Type.String()),
    /** What its first transactions did, in the forge's words; absent unless asked for, or when there is too much to tell. */
    deeds: Type.Optional(Type.Array(Type.String())),
  },
  { title: "BlockSummary" },
);
export type BlockSummary = Static<typeof BlockSummary>;

/** A block with its header's roots and its transactions. */
export const Block = Type.Object(
  {
    ...BlockSummary.properties,
    parentId: Type.String(),
    stateRoot: Type.String(),
    resultRoot: Type.String(),
    transactionRoot: Type.String(),
    rulesVersion: Type.Integer(),
    transactions: Type.Array(Transaction),
  },
  { title: "Block" },
);
export type Block = Static<typeof Block>;

/** Blocks below `before`, newest first. */
export const BlockQuery = Type.Object({
  before: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 30 })),
  /** Whether to say what each block did. */
  deeds: Type.Optional(Type.Boolean({ default: false })),
});
export type BlockQuery = Static<typeof BlockQuery>;

const Base64 = (maxLength: number) => Type.String({ maxLength, pattern: "^[A-Za-z0-9+/]*={0,2}$" });

/** A transaction that the client's own key has signed: base64 of the envelope and of its detached contents. */
export const SignedTransaction = Type.Object({
  envelope: Base64(256 * 1024),
  contents: Type.Optional(Type.Array(Base64(1024 * 1024), { maxItems: 16 })),
});
export type SignedTransaction = Static<typeof SignedTransaction>;

/**
 * What became of a submitted transaction. `unknown` means neither applied nor rejected by `untilTime`, when it can no
 * longer be applied; a transaction that was never submitted is an error answer instead.
 */
export const TransactionOutcome = Type.Object(
  {
    outcome: OneOf("applied", "rejected", "unknown"),
    transactionId: Type.String(),
    height: Nullable(Type.Integer()),
    rejection: Nullable(Type.Object({ code: Type.String(), message: Type.String() })),
    untilTime: Nullable(Timestamp()),
  },
  { title: "TransactionOutcome" },
);
export type TransactionOutcome = Static<typeof TransactionOutcome>;
