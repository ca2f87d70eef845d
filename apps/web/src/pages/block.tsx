import type { Block, Transaction } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { blockQuery } from "../api/queries.ts";
import { Blankslate } from "../components/blankslate.tsx";
import { CopyButton } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { PulseIcon } from "@primer/octicons-react/PulseIcon";
import { TransactionSentence } from "../network/block-list.tsx";
import { formatCount, formatNumber } from "../text/quantity.ts";

export const blockRoute = createLazyRoute("/status/blocks/$height")({ component: BlockPage });

const route = getRouteApi("/status/blocks/$height");

/** One block: what it did, and the hashes that bind it. */
function BlockPage(): ReactElement {
  const { height } = route.useParams();
  const { data: block } = useSuspenseQuery(blockQuery(Number(height)));
  return (
    <div className="page stack loose">
      <title>{`Block ${formatNumber(block.height)} · Guts`}</title>
      <div className="page-title">
        <h1>Block {formatNumber(block.height)}</h1>
        <span className="muted">
          <RelativeTime time={block.time} />, {formatCount(block.transactionCount, "change")}
        </span>
      </div>
      <Transactions block={block} />
      <Hashes block={block} />
      <p>
        <Link to="/status">All blocks</Link>
      </p>
    </div>
  );
}

function Transactions({ block }: { readonly block: Block }): ReactElement {
  if (block.transactions.length === 0) {
    return (
      <div className="box">
        <Blankslate icon={PulseIcon} title="An empty block">
          It carries the time, so that what is due expires, and shows that the network is alive.
        </Blankslate>
      </div>
    );
  }
  return (
    <ul className="box" aria-label="Changes">
      {block.transactions.map((transaction) => (
        <TransactionRow key={transaction.id} transaction={transaction} />
      ))}
    </ul>
  );
}

function TransactionRow({ transaction }: { readonly transaction: Transaction }): ReactElement {
  return (
    <li className="box-row">
      <p>
        <TransactionSentence transaction={transaction} />
      </p>
      <div className="meta">
        <span>{transaction.kind}</span>
        {transaction.signedBy === null ? (
          <span>authorized by {transaction.authority}</span>
        ) : (
          <span>
            signed by <span className="fingerprint">{transaction.signedBy}</span>
          </span>
        )}
        <span className="mono" title={transaction.id}>
          {transaction.id.slice(0, 16)}…
        </span>
        <CopyButton small text={transaction.id} label="Copy transaction id" />
      </div>
    </li>
  );
}

function Hashes({ block }: { readonly block: Block }): ReactElement {
  const hashes = [
    ["Block id", block.id],
    ["Parent", block.parentId],
    ["State after it", block.stateRoot],
    ["Results", block.resultRoot],
    ["Transactions", block.transactionRoot],
  ] as const;
  return (
    <section className="stack tight" aria-labelledby="hashes">
      <h2 id="hashes">Hashes</h2>
      <dl className="box">
        {hashes.map(([name, hash]) => (
          <div key={name} className="box-row">
            <dt className="muted small">{name}</dt>
            <dd className="fingerprint">{hash}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
