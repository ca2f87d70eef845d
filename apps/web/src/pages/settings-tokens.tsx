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
import { SkeletonRows } from "../components/skeleton.tsx";
import { FineGrainedForm } from "../settings/fine-grained-form.tsx";
import { NewTokenForm } from "../settings/new-token-form.tsx";
import { TokenRow } from "../settings/token-row.tsx";

export const settingsTokensRoute = createLazyRoute("/settings/tokens")({ component: TokensPage });

/** Access tokens: what git and scripts sign in with. */
function TokensPage(): ReactElement {
  const { data, error } = useQuery(credentialsQuery);
  const [adding, setAdding] = useState<"fine-grained" | "classic">();
  const [created, setCreated] = useState<CreatedToken>();
  const tokens = data?.filter((credential) => credential.kind === "token");
  const close = (): void => setAdding(undefined);
  const finish = (token: CreatedToken): void => {
    setCreated(token);
    close();
  };
  return (
    <div className="stack">
      <title>Access tokens · Settings · Guts</title>
      <div className="row apart wrap">
        <h1>Access tokens</h1>
        {adding === undefined ? (
          <div className="row wrap">
            <Button variant="primary" onClick={() => setAdding("fine-grained")}>
              New fine-grained token
            </Button>
            <Button onClick={() => setAdding("classic")}>New classic token</Button>
          </div>
        ) : null}
      </div>
      <p className="muted">
        git, the <code>guts</code> command and GitHub’s tools sign in with a token: your handle as the name, the token
        as the password. A fine-grained one reaches the repositories that you choose and nothing of your account; a
        classic one is bounded by scopes alone.
      </p>
      <FailureBanner error={error} />
      {created === undefined ? null : <ShownOnce token={created} />}
      {adding === "fine-grained" ? <FineGrainedForm onCancel={close} onCreated={finish} /> : null}
      {adding === "classic" ? <NewTokenForm onCancel={close} onCreated={finish} /> : null}
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
