import { KeyIcon } from "@primer/octicons-react/KeyIcon";
import type { CreatedToken, Token } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { credentialsQuery } from "../api/queries.ts";
import { Banner, FailureBanner } from "../components/banner.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { Button } from "../components/button.tsx";
import { CopyLine } from "../components/copyable.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { ConfirmDialog } from "../settings/confirm-dialog.tsx";
import { NewTokenForm } from "../settings/new-token-form.tsx";
import { useRevoke } from "../settings/use-revoke.ts";

export const settingsTokensRoute = createLazyRoute("/settings/tokens")({ component: TokensPage });

/** Access tokens: what git and scripts sign in with. */
function TokensPage(): ReactElement {
  const { data, error } = useQuery(credentialsQuery);
  const [isAdding, setIsAdding] = useState(false);
  const [created, setCreated] = useState<CreatedToken>();
  const tokens = data?.filter((credential) => credential.kind === "token");
  return (
    <div className="stack">
      <title>Access tokens · Settings · Guts</title>
      <div className="row apart wrap">
        <h1>Access tokens</h1>
        {isAdding ? null : (
          <Button variant="primary" onClick={() => setIsAdding(true)}>
            New token
          </Button>
        )}
      </div>
      <p className="muted">
        git, the <code>guts</code> command and GitHub’s tools sign in with a token: your handle as the name, the token
        as the password.
      </p>
      <FailureBanner error={error} />
      {created === undefined ? null : <ShownOnce token={created} />}
      {isAdding ? (
        <NewTokenForm
          onCancel={() => setIsAdding(false)}
          onCreated={(token) => {
            setCreated(token);
            setIsAdding(false);
          }}
        />
      ) : null}
      {tokens === undefined ? <SkeletonRows count={3} /> : <TokenList tokens={tokens} />}
    </div>
  );
}

function ShownOnce({ token }: { readonly token: CreatedToken }): ReactElement {
  return (
    <Banner tone="success">
      <div className="token-once">
        <p>
          <strong>Copy “{token.label}” now.</strong> It is not shown again; the node itself keeps only its hash.
        </p>
        <CopyLine label="Token" text={token.token} />
      </div>
    </Banner>
  );
}

function TokenList({ tokens }: { readonly tokens: readonly Token[] }): ReactElement {
  if (tokens.length === 0) {
    return (
      <div className="box">
        <Blankslate icon={KeyIcon} title="No tokens">
          Create one to push from a terminal.
        </Blankslate>
      </div>
    );
  }
  return (
    <ul className="box" aria-label="Access tokens">
      {tokens.map((token) => (
        <TokenRow key={token.id} token={token} />
      ))}
    </ul>
  );
}

function TokenRow({ token }: { readonly token: Token }): ReactElement {
  const [isAsking, setIsAsking] = useState(false);
  const revoke = useRevoke(`Revoked “${token.label}”`);
  return (
    <li className="box-row row apart wrap">
      <div className="grow">
        <div className="row wrap">
          <strong>{token.label}</strong>
          {token.scopes.map((scope) => (
            <span key={scope} className="label">
              {scope}
            </span>
          ))}
        </div>
        <div className="meta">
          <span>
            Created <RelativeTime time={token.createdAt} />
          </span>
          <span>
            {token.expiresAt === null ? (
              "Never expires"
            ) : (
              <>
                Expires <RelativeTime time={token.expiresAt} />
              </>
            )}
          </span>
          <span>
            {token.lastUsedAt === null ? (
              "Not used here yet"
            ) : (
              <>
                Last used <RelativeTime time={token.lastUsedAt} />
              </>
            )}
          </span>
        </div>
      </div>
      <Button variant="danger" small aria-label={`Revoke ${token.label}`} onClick={() => setIsAsking(true)}>
        Revoke
      </Button>
      {isAsking ? (
        <ConfirmDialog
          title={`Revoke “${token.label}”?`}
          action="Revoke token"
          busy={revoke.isPending}
          error={revoke.error}
          onConfirm={() => revoke.mutate(token.id, { onSuccess: () => setIsAsking(false) })}
          onClose={() => setIsAsking(false)}
        >
          <p>Whatever uses it stops working at once, at every node. This cannot be undone.</p>
        </ConfirmDialog>
      ) : null}
    </li>
  );
}
