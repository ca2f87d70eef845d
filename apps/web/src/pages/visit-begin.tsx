import { ServerIcon } from "@primer/octicons-react/ServerIcon";
import type { VisitHome } from "@guts/api";
import { useMutation } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, Link } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactElement } from "react";

import { AuthFrame } from "../account/auth-frame.tsx";
import { rememberReturn } from "../account/visit-return.ts";
import { api } from "../api/client.ts";
import { Banner, FailureBanner } from "../components/banner.tsx";
import { Button, buttonClass } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";

export const visitBeginRoute = createLazyRoute("/login/elsewhere")({ component: VisitBeginPage });

const route = getRouteApi("/login/elsewhere");

/** Begins a sign-in by the consent of a home node: who, then to which of their homes. */
function VisitBeginPage(): ReactElement {
  const { return: returnTo } = route.useSearch();
  const [login, setLogin] = useState("");
  const begin = useMutation({
    mutationFn: () => api.call("POST /api/guts/visits/requests", { body: { login: login.trim() } }),
    onSuccess: ({ homes }) => {
      rememberReturn(returnTo);
      const [home, another] = homes;
      if (another === undefined && home?.isConnected === true && home.consentUrl !== null)
        window.location.assign(home.consentUrl);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    begin.mutate();
  };
  return (
    <AuthFrame
      title="Sign in with your home node"
      lead="It asks you there, and sends you back. No password comes here."
    >
      <form className="form" onSubmit={submit}>
        <FailureBanner error={begin.error} />
        <TextField
          label="Handle"
          required
          autoFocus
          autoComplete="username"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={39}
          value={login}
          onChange={(event) => {
            setLogin(event.target.value);
            begin.reset();
          }}
        />
        {begin.data === undefined ? (
          <Button type="submit" variant="primary" block busy={begin.isPending} disabled={login.trim() === ""}>
            Continue
          </Button>
        ) : (
          <Homes homes={begin.data.homes} />
        )}
      </form>
      <ul className="auth-links">
        <li>
          Is this node your home?{" "}
          <Link to="/signin" search={returnTo === undefined ? {} : { return: returnTo }}>
            Sign in here
          </Link>
        </li>
        <li>
          Is your home node gone? <Link to="/recover">Use your recovery code</Link>
        </li>
      </ul>
    </AuthFrame>
  );
}

function Homes({ homes }: { readonly homes: readonly VisitHome[] }): ReactElement {
  return (
    <div className="stack">
      <ul className="box" aria-label="Your home nodes">
        {homes.map((home) => (
          <li key={home.nodeId} className="box-row key-row">
            <ServerIcon />
            <div className="grow">
              <strong>{home.name}</strong>
              {home.isConnected ? null : <p className="muted">This node does not see it right now.</p>}
            </div>
            {home.consentUrl === null ? null : (
              <a className={buttonClass({ small: true })} href={home.consentUrl}>
                Go there
              </a>
            )}
          </li>
        ))}
      </ul>
      {homes.every(({ consentUrl }) => consentUrl === null) ? (
        <Banner tone="attention">This node knows no address of your home yet. Try again once it is up.</Banner>
      ) : null}
    </div>
  );
}
