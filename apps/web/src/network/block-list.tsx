import type { BlockSummary, Transaction } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { blockQuery } from "../api/queries.ts";
import { RelativeTime } from "../components/relative-time.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { formatCount, formatNumber } from "../text/quantity.ts";

/** Most transactions of one block that a list tells about. */
const toldMax = 5;

/** Blocks, newest first, each with what it did. */
export function BlockList({ blocks }: { readonly blocks: readonly BlockSummary[] }): ReactElement {
  return (
    <ol className="box block-list">
      {blocks.map((block) => (
        <BlockRow key={block.height} block={block} />
      ))}
    </ol>
  );
}

function BlockRow({ block }: { readonly block: BlockSummary }): ReactElement {
  return (
    <li>
      <Link to="/status/blocks/$height" params={{ height: String(block.height) }} className="height">
        {formatNumber(block.height)}
      </Link>
      <div className="events">
        {block.transactionCount === 0 ? <Heartbeat height={block.height} /> : <Told block={block} />}
      </div>
      <span className="muted small">
        <RelativeTime time={block.time} />
      </span>
    </li>
  );
}

function Heartbeat({ height }: { readonly height: number }): ReactElement {
  return <span className="muted">{height === 0 ? "The network began" : "Nothing happened; the network is alive"}</span>;
}

function Told({ block }: { readonly block: BlockSummary }): ReactElement {
  const { data } = useQuery(blockQuery(block.height));
  if (data === undefined) return <Skeleton width="w-20" />;
  const rest = data.transactions.length - toldMax;
  return (
    <ul>
      {data.transactions.slice(0, toldMax).map((transaction) => (
        <li key={transaction.id}>
          <TransactionSentence transaction={transaction} />
        </li>
      ))}
      {rest > 0 ? <li className="muted">and {formatCount(rest, "more change", "more changes")}</li> : null}
    </ul>
  );
}

/** What a transaction did, or that it was refused and why. */
export function TransactionSentence({ transaction }: { readonly transaction: Transaction }): ReactElement {
  return (
    <>
      {transaction.summary}
      {transaction.rejection === null ? null : (
        <span className="muted"> (refused: {transaction.rejection.message || transaction.rejection.code})</span>
      )}
    </>
  );
}
