import type { BlockSummary, Transaction } from "@guts/api";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { RelativeTime } from "../components/relative-time.tsx";
import { formatCount, formatNumber } from "../text/quantity.ts";
import { groupQuietBlocks, type BlockGroup } from "./quiet-blocks.ts";

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
  const deeds = block.deeds ?? [];
  const rest = block.transactionCount - deeds.length;
  if (deeds.length === 0) return <span className="muted">{formatCount(rest, "change")}</span>;
  return (
    <ul>
      {deeds.map((deed, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the place in its block is what identifies a transaction here
        <li key={index}>{deed}</li>
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
