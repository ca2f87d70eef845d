import type { Network, NodeStatus } from "@guts/api";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { blocksQuery, networkQuery, nodeStatusQuery } from "../api/queries.ts";
import { buttonClass } from "../components/button.tsx";
import { classNames } from "../components/class-names.ts";
import { RelativeTime } from "../components/relative-time.tsx";
import { BlockList } from "../network/block-list.tsx";
import { NodeTable } from "../network/node-table.tsx";
import { QuorumLine } from "../network/quorum-line.tsx";
import { formatCount, formatNumber } from "../text/quantity.ts";

export const statusRoute = createLazyRoute("/status")({ component: StatusPage });

const route = getRouteApi("/status");
const pollMs = 5_000;

/** The network: how far it is, who runs it, and what happened lately in plain words. */
function StatusPage(): ReactElement {
  const { before } = route.useSearch();
  const { data: network } = useSuspenseQuery({ ...networkQuery, refetchInterval: pollMs });
  const { data: status } = useQuery({ ...nodeStatusQuery, refetchInterval: pollMs });
  return (
    <div className="page stack loose">
      <title>{`Network ${network.name} · Guts`}</title>
      <div>
        <div className="page-title">
          <h1>{network.name}</h1>
          <span className="label">{registrationText(network.registration)}</span>
        </div>
        <p className="page-lead">
          Every change that people rely on is an entry in a ledger, in one order that all nodes share. This page shows
          it.
        </p>
        <QuorumLine network={network} />
      </div>
      <Stats network={network} status={status} />
      <NodeTable network={network} />
      <RecentBlocks before={before} />
      {status === undefined ? null : <ThisNode status={status} />}
    </div>
  );
}

function registrationText(registration: Network["registration"]): string {
  return { open: "Anyone may join", invite: "By invitation", closed: "Closed to new accounts" }[registration];
}

function Stats({
  network,
  status,
}: {
  readonly network: Network;
  readonly status: NodeStatus | undefined;
}): ReactElement {
  const lag = status === undefined ? undefined : status.height - status.readModelHeight;
  return (
    <dl className="stat-grid">
      <div className="stat">
        <dt>Height</dt>
        <dd>{formatNumber(network.height)}</dd>
      </div>
      <div className="stat">
        <dt>Newest block</dt>
        <dd>
          <RelativeTime time={network.time} />
        </dd>
      </div>
      <div className="stat">
        <dt>Lists are</dt>
        <dd>{lag === undefined ? "…" : lag <= 0 ? "up to date" : `${formatCount(lag, "block")} behind`}</dd>
      </div>
      <div className="stat">
        <dt>Epoch and view</dt>
        <dd>
          {formatNumber(network.consensus.epoch)} / {formatNumber(network.consensus.view)}
        </dd>
      </div>
      <div className="stat">
        <dt>Network id</dt>
        <dd className="identifier">{network.networkId}</dd>
      </div>
    </dl>
  );
}

function RecentBlocks({ before }: { readonly before: number | undefined }): ReactElement {
  const { data: blocks } = useSuspenseQuery({
    ...blocksQuery(before),
    refetchInterval: before === undefined ? pollMs : false,
  });
  const oldest = blocks.at(-1)?.height ?? 0;
  return (
    <section className="stack tight" aria-labelledby="recent-blocks">
      <h2 id="recent-blocks">
        {before === undefined ? "What happened lately" : `Before block ${formatNumber(before)}`}
      </h2>
      <BlockList blocks={blocks} />
      {before === undefined && oldest <= 1 ? null : (
        <nav className="pagination" aria-label="Pages of blocks">
          {before === undefined ? null : (
            <Link to="/status" className={buttonClass()}>
              Newest
            </Link>
          )}
          {oldest > 1 ? (
            <Link to="/status" search={{ before: oldest }} className={buttonClass()}>
              Older
            </Link>
          ) : null}
        </nav>
      )}
    </section>
  );
}

function ThisNode({ status }: { readonly status: NodeStatus }): ReactElement {
  return (
    <section className="stack tight" aria-labelledby="this-node">
      <h2 id="this-node">This node</h2>
      <div className="box">
        {status.parts.map((part) => (
          <div key={part.name} className="box-row row apart wrap">
            <span className="row">
              <span
                className={classNames("pulse-dot", { ready: "", starting: "late", failing: "down" }[part.state])}
                aria-hidden="true"
              />
              {part.name}
            </span>
            <span className="muted">
              {part.state}
              {part.detail === null ? "" : `: ${part.detail}`}
            </span>
          </div>
        ))}
        <div className="box-row muted small">
          Guts {status.version}, git {status.gitVersion}, started <RelativeTime time={status.startedAt} />
        </div>
      </div>
    </section>
  );
}
