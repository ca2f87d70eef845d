import type { PrivateSeed } from "@guts/primitives";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { networkQuery } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";
import { useToasts } from "../components/toast.tsx";
import { createPasskey, passkeyName } from "../identity/passkey.ts";
import { chooseGroup, isGroup, type RecoveryCode } from "../identity/recovery.ts";
import { signAccountCreation } from "../identity/signing.ts";
import type { Registration } from "./choose-handle.tsx";
import { enterSession } from "./session.ts";

interface ConfirmCodeProps {
  readonly code: RecoveryCode;
  readonly registration: Registration;
  /** What lets them in where registration is not open. */
  readonly invitation: PrivateSeed | undefined;
  readonly onBack: () => void;
  readonly onRename: () => void;
}

/** The last step of signing up: a part of the code shows that it was saved, then the account is created. */
export function ConfirmCode(props: ConfirmCodeProps): ReactElement {
  const { code, registration, invitation, onBack, onRename } = props;
  const [position] = useState(() => chooseGroup(code));
  const [answer, setAnswer] = useState("");
  const [isWrong, setIsWrong] = useState(false);
  const create = useCreateAccount({ code, invitation }, registration);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const isRight = isGroup(code, position, answer);
    setIsWrong(!isRight);
    if (isRight) create.mutate();
  };
  return (
    <form className="form" onSubmit={submit}>
      <FailureBanner error={create.error} />
      <TextField
        label={`Group ${position} of your recovery code`}
        isCode
        autoFocus
        required
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={12}
        value={answer}
        error={isWrong ? "That is not this group. Look at what you saved." : undefined}
        hint="Four characters, from what you saved. This makes sure that you have it."
        onChange={(event) => {
          setAnswer(event.target.value);
          setIsWrong(false);
        }}
      />
      <div className="form-actions">
        <Button type="submit" variant="primary" busy={create.isPending}>
          Create account
        </Button>
        <Button variant="invisible" onClick={onBack}>
          Show the code again
        </Button>
        {create.isError ? (
          <Button variant="invisible" onClick={onRename}>
            Change the handle
          </Button>
        ) : null}
      </div>
    </form>
  );
}

interface Keys {
  readonly code: RecoveryCode;
  readonly invitation: PrivateSeed | undefined;
}

function useCreateAccount({ code, invitation }: Keys, { handle, password, hasPasskey }: Registration) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  return useMutation({
    mutationFn: async () => {
      // First, since it may be cancelled: the account is made when everything for it is there.
      const made = hasPasskey ? { passkey: await createPasskey("register", { handle, name: passkeyName() }) } : {};
      // Read now, not when the page opened: the statement holds for a few minutes from the newest block.
      const network = await cache.fetchQuery({ ...networkQuery, staleTime: 0 });
      const statement = signAccountCreation(network, code, handle, invitation);
      const secret = password === "" ? {} : { password };
      return api.call("POST /api/guts/signup", { body: { ...statement, session: "cookie", ...secret, ...made } });
    },
    onSuccess: async ({ account }) => {
      await enterSession(cache);
      await navigate({ to: "/" });
      toasts.succeed(`Welcome, ${account.handle}. Your account is in the ledger.`);
    },
  });
}
