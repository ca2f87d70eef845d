import type { BlockSummary, Transaction } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { blockQuery } from "../api/queries.ts";
import { RelativeTime } from "../components/relative-time.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { formatCount, formatNumber } from "../text/quantity.ts";
import { groupQuietBlocks, type BlockGroup } from "./quiet-blocks.ts";

/** Most transactions of one block that a list tells about. */
const toldMax = 5;

/** Blocks, newest first, each with what it did. */
export function BlockList({ blocks }: { readonly blocks: readonly BlockSummary[] }): ReactElement {
  return (
    <ol className="box block-list">
      {groupQuietBlocks(blocks).map((group) =>
        group.kind === "block" ? (
          <BlockRow key={group.block.height} block={group.block} />
        ) : (
          <QuietRow key={group.oldest.height} group={group} />
        ),
      )}
    </ol>
  );
}

function BlockRow({ block }: { readonly block: BlockSummary }): ReactElement {
  return (
    <li>
      <HeightLink height={block.height} />
      <div className="events">
        <Told block={block} />
      </div>
      <span className="muted small">
        <RelativeTime time={block.time} />
      </span>
    </li>
  );
}

function QuietRow({ group }: { readonly group: Extract<BlockGroup, { kind: "quiet" }> }): ReactElement {
  const { newest, oldest, count } = group;
  return (
    <li>
      <HeightLink height={newest.height} />
      <span className="events muted">
        {oldest.height === 0 ? "The network began" : `Quiet for ${formatCount(count, "block")}; the network is alive`}
      </span>
      <span className="muted small">
        <RelativeTime time={newest.time} />
      </span>
    </li>
  );
}

function HeightLink({ height }: { readonly height: number }): ReactElement {
  return (
    <Link to="/status/blocks/$height" params={{ height: String(height) }} className="height">
      {formatNumber(height)}
    </Link>
  );
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
