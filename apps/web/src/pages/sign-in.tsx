import { KeyIcon } from "@primer/octicons-react/KeyIcon";
import type { PasskeySignIn, SignedIn } from "@guts/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactElement } from "react";

import { AuthFrame } from "../account/auth-frame.tsx";
import { enterSession } from "../account/session.ts";
import { api } from "../api/client.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";
import { useSuggestedPasskey } from "../account/use-suggested-passkey.ts";
import { canUsePasskeys, signWithPasskey } from "../identity/passkey.ts";
import { parseReturnPath } from "../paths/return-path.ts";

export const signInRoute = createLazyRoute("/signin")({ component: SignInPage });

const route = getRouteApi("/signin");

/** Signs in with handle and password at the account's home node. */
function SignInPage(): ReactElement {
  const { return: returnTo } = route.useSearch();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useSignIn();
  const passkey = useSignIn();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate(() =>
      api.call("POST /api/guts/signin", { body: { login: login.trim(), password, session: "cookie" } }),
    );
  };
  const enter = (signed: PasskeySignIn) =>
    api.call("POST /api/guts/signin/passkey", { body: { ...signed, session: "cookie" } });
  const suggested = useSuggestedPasskey((signed) => passkey.mutate(() => enter(signed)));
  const usePasskey = (): void => {
    suggested.stop(); // A browser asks one question at a time.
    passkey.mutate(() => signWithPasskey().then(enter));
  };
  return (
    <AuthFrame title="Sign in" lead="With the password or passkey of this node.">
      <form className="form" onSubmit={submit}>
        <FailureBanner error={signIn.error ?? passkey.error} />
        <TextField
          label="Handle"
          required
          autoFocus
          autoComplete="username webauthn"
          autoCapitalize="off"
          spellCheck={false}
          value={login}
          onChange={(event) => setLogin(event.target.value)}
        />
        <TextField
          label="Password"
          type="password"
          required
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" variant="primary" block busy={signIn.isPending}>
          Sign in
        </Button>
        {canUsePasskeys() ? (
          <Button block busy={passkey.isPending} onClick={usePasskey}>
            <KeyIcon /> Use a passkey
          </Button>
        ) : null}
      </form>
      <ul className="auth-links">
        <li>
          New here?{" "}
          <Link to="/signup" search={returnTo === undefined ? {} : { return: returnTo }}>
            Create an account
          </Link>
        </li>
        <li>
          Is another node your home?{" "}
          <Link to="/login/elsewhere" search={returnTo === undefined ? {} : { return: returnTo }}>
            Sign in with your home node
          </Link>
        </li>
        <li>
          Lost the password, or is your home node gone? <Link to="/recover">Use your recovery code</Link>
        </li>
      </ul>
    </AuthFrame>
  );
}

function useSignIn() {
  const cache = useQueryClient();
  const router = useRouter();
  const { return: returnTo } = route.useSearch();
  return useMutation({
    mutationFn: (start: () => Promise<SignedIn>) => start(),
    onSuccess: async () => {
      await enterSession(cache);
      router.history.push(parseReturnPath(returnTo));
    },
  });
}
