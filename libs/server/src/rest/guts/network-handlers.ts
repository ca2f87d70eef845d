import type { Block, BlockSummary, TransactionOutcome } from "@guts/api";
import { ledgerLimits } from "@guts/ledger";
import { fromHex, parseDigest, parseHeight, toHex, type Height } from "@guts/primitives";

import type { Actor } from "../../auth/actor.ts";
import { notFound } from "../../errors.ts";
import type { RouteHandlers } from "../../http/call.ts";
import type { ChainBlock, ChainTransaction } from "../../ports/index.ts";
import type { Services } from "../../services.ts";
import { describeTransaction, type Audience } from "../../use-cases/describe-transaction.ts";
import { networkNodes, networkNow, networkValidators } from "../../use-cases/network-nodes.ts";
import { contentsOf } from "../../use-cases/signed-transaction.ts";
import { refusalOfOutcome, refusalOfRejection } from "../../use-cases/rejection.ts";
import { sshUrlOf } from "../../use-cases/ssh-address.ts";
import { presentPushCertificate } from "./present-push-certificate.ts";

type Name =
  | "GET /api/guts/network"
  | "GET /api/guts/genesis"
  | "GET /api/guts/validators"
  | "GET /api/guts/status"
  | "GET /api/guts/blocks"
  | "GET /api/guts/blocks/{height}"
  | "GET /api/guts/transactions/{id}"
  | "POST /api/guts/transactions";

/** The network, its blocks and transactions. */
export function networkHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger, chain, transactions } = services;
  return {
    "GET /api/guts/network": () => {
      const { name, registration } = ledger.state().network();
      const body = {
        networkId: toHex(ledger.networkId),
        name,
        rulesVersion: ledgerLimits.rulesVersion,
        height: ledger.height(),
        time: isoMs(ledger.time()),
        registration,
        nodeId: ledger.nodeId,
        ...networkNow(services),
        nodes: networkNodes(services),
      };
      return { status: 200, body };
    },
    "GET /api/guts/genesis": () => ({
      status: 200,
      type: "application/octet-stream",
      bytes: services.network.genesis(),
      headers: { "content-disposition": 'attachment; filename="genesis.guts"' },
    }),
    "GET /api/guts/validators": () => ({ status: 200, body: networkValidators(services) }),
    "GET /api/guts/status": () => ({ status: 200, body: statusOf(services) }),
    "GET /api/guts/blocks": async ({ query, actor, signal }) => {
      const before = Math.min(query.before ?? Number.MAX_SAFE_INTEGER, ledger.height() + 1);
      const blocks = chain.blocksBefore(before, query.limit ?? 30);
      const present = presenterOf(services);
      if (query.deeds !== true) return { status: 200, body: blocks.map(present) };
      const deeds = await deedsOf(services, blocks, audienceOf(services, actor, signal));
      return { status: 200, body: blocks.map((block, index) => ({ ...present(block), ...deeds[index] })) };
    },
    "GET /api/guts/blocks/{height}": async ({ path, actor, signal }) => {
      const height = heightOf(path.height);
      const block = height === undefined ? undefined : chain.block(height);
      if (height === undefined || block === undefined) throw notFound();
      const audience = audienceOf(services, actor, signal);
      const described = await Promise.all(
        chain
          .transactions(height)
          .map((transaction, index) => describeTransaction(services, { block, transaction, index }, audience)),
      );
      return { status: 200, body: { ...presentBlockHeader(services, block), transactions: described } };
    },
    "GET /api/guts/transactions/{id}": async ({ path, actor, signal }) => {
      const id = parseDigest(fromHex(path.id) ?? new Uint8Array());
      const place = id === undefined ? undefined : chain.locate(id);
      const block = place === undefined ? undefined : chain.block(place.height);
      const transaction = place === undefined ? undefined : chain.transactions(place.height)[place.index];
      if (place === undefined || block === undefined || transaction === undefined) throw notFound();
      const { index } = place;
      const placed = { block, transaction, index };
      const told = await describeTransaction(services, placed, audienceOf(services, actor, signal));
      return { status: 200, body: { ...told, pushCertificate: presentPushCertificate(transaction, told) } };
    },
    "POST /api/guts/transactions": async ({ body, signal }) => {
      const bytes = new Uint8Array(Buffer.from(body.envelope, "base64"));
      const outcome = await transactions.submitSigned(bytes, contentsOf(body), signal);
      if (outcome.outcome === "refused") throw refusalOfOutcome(outcome);
      const height = outcome.outcome === "unknown" ? undefined : outcome.height;
      return { status: 200, body: presentOutcome(outcome), ...(height !== undefined && { height }) };
    },
  };
}

function audienceOf({ commitCounts }: Services, actor: Actor, signal: AbortSignal): Audience {
  return { actor, countCommits: commitCounts.forAnswer(signal) };
}

type Submitted = Exclude<Awaited<ReturnType<Services["transactions"]["submitSigned"]>>, { outcome: "refused" }>;

function presentOutcome(outcome: Submitted): TransactionOutcome {
  const transactionId = toHex(outcome.transactionId);
  const nothing = { transactionId, height: null, rejection: null, untilTime: null };
  if (outcome.outcome === "applied") return { ...nothing, outcome: "applied", height: outcome.height };
  if (outcome.outcome === "unknown") return { ...nothing, outcome: "unknown", untilTime: isoMs(outcome.untilTime) };
  const { message } = refusalOfRejection(outcome.rejection);
  return { ...nothing, outcome: "rejected", height: outcome.height, rejection: { code: outcome.rejection, message } };
}

function statusOf({ parts, ledger, readModel, git, version, startedAtMs, sshAddress, sshHostKey }: Services) {
  const states = parts.map((part) => {
    const { state, detail } = part.state();
    return { name: part.name, state, detail: detail ?? null };
  });
  return {
    isReady: states.every(({ state }) => state === "ready"),
    parts: states,
    nodeId: ledger.nodeId,
    version,
    gitVersion: git.gitVersion,
    startedAt: isoMs(startedAtMs),
    height: ledger.height(),
    readModelHeight: readModel.cursor()?.height ?? 0,
    time: isoMs(ledger.time()),
    ssh:
      sshAddress === undefined || sshHostKey === undefined
        ? null
        : { url: sshUrlOf(sshAddress), fingerprint: sshHostKey.fingerprint, publicKey: sshHostKey.publicLine },
  };
}

/** Presents blocks by what the validators are called. */
function presenterOf({ ledger }: Services): (block: ChainBlock) => BlockSummary {
  const { validators } = ledger.state().network();
  return ({ header, hash, transactionCount }) => ({
    height: header.height,
    id: toHex(hash),
    time: isoMs(header.time),
    transactionCount,
    proposer: validators[header.proposer]?.name ?? null,
  });
}

/** Transactions that one list of blocks reads; blocks beyond are listed without words. */
const toldTransactionsMax = 500;
/** Deeds told of one block. */
const toldPerBlockMax = 3;

/** What the blocks did, newest first, until so much was read that a list is no place for more. */
function deedsOf(
  services: Services,
  blocks: readonly ChainBlock[],
  audience: Audience,
): Promise<readonly { deeds?: string[] }[]> {
  let left = toldTransactionsMax;
  return Promise.all(
    blocks.map(async (block) => {
      left -= block.transactionCount;
      if (left < 0) return {};
      const told = services.chain.transactions(block.header.height).slice(0, toldPerBlockMax);
      const tell = async (transaction: ChainTransaction, index: number): Promise<string> => {
        const { summary, rejection } = await describeTransaction(services, { block, transaction, index }, audience);
        return rejection === null ? summary : `${summary} (refused: ${rejection.message})`;
      };
      return { deeds: await Promise.all(told.map(tell)) };
    }),
  );
}

function presentBlockHeader(services: Services, block: ChainBlock): Omit<Block, "transactions"> {
  const { header } = block;
  return {
    ...presenterOf(services)(block),
    parentId: toHex(header.parent),
    stateRoot: toHex(header.stateRoot),
    resultRoot: toHex(header.resultsRoot),
    transactionRoot: toHex(header.transactionsRoot),
    rulesVersion: header.rulesVersion,
  };
}

function heightOf(text: string): Height | undefined {
  return /^\d{1,15}$/.test(text) ? parseHeight(Number(text)) : undefined;
}

function isoMs(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
