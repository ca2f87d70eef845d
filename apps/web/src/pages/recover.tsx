import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute, Link, useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactElement } from "react";

import { AuthFrame } from "../account/auth-frame.tsx";
import { passwordProblem } from "../account/password.ts";
import { enterSession } from "../account/session.ts";
import { api } from "../api/client.ts";
import { networkQuery } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";
import { useToasts } from "../components/toast.tsx";
import { parseRecoveryCode, type RecoveryCode } from "../identity/recovery.ts";
import { signDelegation } from "../identity/signing.ts";

export const recoverRoute = createLazyRoute("/recover")({ component: RecoverPage });

interface Draft {
  readonly handle: string;
  readonly code: string;
  readonly password: string;
}

/** Makes this node a home of an account by its recovery code, and sets the password to sign in with. */
function RecoverPage(): ReactElement {
  const [draft, setDraft] = useState<Draft>({ handle: "", code: "", password: "" });
  const [hasTried, setHasTried] = useState(false);
  const recover = useRecover();
  const code = parseRecoveryCode(draft.code);
  const passwordError = passwordProblem(draft.password);
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setHasTried(true);
    if (code !== undefined && passwordError === undefined) {
      recover.mutate({ handle: draft.handle.trim(), code, password: draft.password });
    }
  };
  return (
    <AuthFrame title="Recover your account" lead="Your recovery code signs you in at any node of the network." wide>
      <form className="form" onSubmit={submit}>
        <FailureBanner error={recover.error} />
        <TextField
          label="Handle"
          required
          autoFocus
          autoComplete="username"
          autoCapitalize="off"
          spellCheck={false}
          value={draft.handle}
          onChange={(event) => change({ handle: event.target.value })}
        />
        <TextField
          label="Recovery code"
          isCode
          required
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          placeholder="XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX"
          value={draft.code}
          error={
            hasTried && code === undefined
              ? "This is not a whole recovery code; one character may be wrong."
              : undefined
          }
          hint="Used on this device to sign, and not sent to the node. Case, spaces and hyphens do not matter."
          onChange={(event) => change({ code: event.target.value })}
        />
        <TextField
          label="New password"
          type="password"
          required
          autoComplete="new-password"
          value={draft.password}
          error={hasTried ? passwordError : undefined}
          hint="For signing in at this node from now on."
          onChange={(event) => change({ password: event.target.value })}
        />
        <Button type="submit" variant="primary" block busy={recover.isPending}>
          Recover and sign in
        </Button>
      </form>
      <ul className="auth-links">
        <li>
          Your other home nodes keep their permission. Take back what you no longer trust in <em>Settings</em>,{" "}
          <em>Keys and nodes</em>.
        </li>
        <li>
          Remember the password? <Link to="/signin">Sign in</Link>
        </li>
      </ul>
    </AuthFrame>
  );
}

interface RecoverRequest {
  readonly handle: string;
  readonly code: RecoveryCode;
  readonly password: string;
}

function useRecover() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  return useMutation({
    mutationFn: async ({ handle, code, password }: RecoverRequest) => {
      const [network, { account }] = await Promise.all([
        cache.fetchQuery({ ...networkQuery, staleTime: 0 }),
        api.call("GET /api/guts/view/accounts/{handle}", { path: { handle } }),
      ]);
      const statement = signDelegation(network, code, account.id);
      return api.call("POST /api/guts/recover", { body: { ...statement, password, session: "cookie" } });
    },
    onSuccess: async ({ account }) => {
      await enterSession(cache);
      await navigate({ to: "/" });
      toasts.succeed(`Welcome back, ${account.handle}.`);
    },
  });
}
