import { handleLengthMax, parseHandle } from "@guts/primitives";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useDeferredValue, useState, type FormEvent, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { isAbsent } from "../api/explain.ts";
import { Button } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";
import { canUsePasskeys } from "../identity/passkey.ts";
import { passwordProblem } from "./password.ts";

/** What a person decides about their account before it exists. */
export interface Registration {
  readonly handle: string;
  /** Empty when they want none. */
  readonly password: string;
  /** Whether a passkey is made on this device. */
  readonly hasPasskey: boolean;
}

interface ChooseHandleProps {
  readonly initial: Registration;
  readonly onChosen: (registration: Registration) => void;
}

/** The first step of signing up. */
export function ChooseHandle({ initial, onChosen }: ChooseHandleProps): ReactElement {
  const [handle, setHandle] = useState(initial.handle);
  const [password, setPassword] = useState(initial.password);
  const [hasPasskey, setHasPasskey] = useState(initial.hasPasskey);
  const [hasTried, setHasTried] = useState(false);
  const wanted = handle.trim();
  const handleError = useHandleProblem(wanted, hasTried);
  const passwordError = password === "" ? undefined : passwordProblem(password);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setHasTried(true);
    if (parseHandle(wanted) !== undefined && handleError === undefined && passwordError === undefined) {
      onChosen({ handle: wanted, password, hasPasskey });
    }
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <TextField
        label="Handle"
        required
        autoFocus
        autoComplete="username"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={handleLengthMax}
        value={handle}
        error={handleError}
        hint="Your name here and in the addresses of your repositories. Letters, digits and single hyphens."
        onChange={(event) => setHandle(event.target.value)}
      />
      {canUsePasskeys() ? (
        <label className="checkbox">
          <input type="checkbox" checked={hasPasskey} onChange={(event) => setHasPasskey(event.target.checked)} />
          <span>
            Make a passkey
            <br />
            <span className="muted">Sign in at this node with the lock of this device or a security key.</span>
          </span>
        </label>
      ) : null}
      <TextField
        label="Password"
        isOptional
        type="password"
        autoComplete="new-password"
        value={password}
        error={hasTried ? passwordError : undefined}
        hint="For signing in at this node. It is kept by this node alone; your recovery code works at every node."
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" variant="primary" block>
        Continue
      </Button>
      <p className="muted">
        Have an account? <Link to="/signin">Sign in</Link>
      </p>
    </form>
  );
}

/** Why a handle cannot be taken: its form at once, and whether somebody has it as soon as the node says so. */
function useHandleProblem(handle: string, hasTried: boolean): string | undefined {
  const settled = useDeferredValue(handle);
  const isWellFormed = parseHandle(settled) !== undefined;
  const { data: isTaken } = useQuery({
    queryKey: ["handle-taken", settled.toLowerCase()],
    enabled: isWellFormed,
    queryFn: ({ signal }) =>
      api.call("GET /api/v3/users/{username}", { path: { username: settled }, signal }).then(
        () => true,
        (error: unknown) => {
          if (isAbsent(error)) return false;
          throw error;
        },
      ),
  });
  if (handle === "") return hasTried ? "Choose a handle." : undefined;
  if (parseHandle(handle) === undefined) return "This cannot be a handle, or it is reserved.";
  return isTaken === true && settled === handle ? `The handle ${handle} is taken.` : undefined;
}
