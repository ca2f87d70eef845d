import { CheckCircleIcon } from "@primer/octicons-react/CheckCircleIcon";
import type { DeviceLogin } from "@guts/api";
import { useMutation } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactElement } from "react";

import { AuthFrame } from "../account/auth-frame.tsx";
import { useViewer } from "../account/session.ts";
import { api } from "../api/client.ts";
import { isAbsent } from "../api/explain.ts";
import { Banner, FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { scopeChoices } from "../settings/token-scopes.ts";

export const deviceRoute = createLazyRoute("/login/device")({ component: DevicePage });

type Outcome = "approved" | "denied";

/** Lets a program on another device in: first its code, then what it asks for, then yes or no. */
function DevicePage(): ReactElement {
  const [login, setLogin] = useState<DeviceLogin>();
  const [outcome, setOutcome] = useState<Outcome>();
  if (outcome !== undefined) return <Answered outcome={outcome} />;
  if (login !== undefined) return <Confirm login={login} onAnswered={setOutcome} onBack={() => setLogin(undefined)} />;
  return <EnterCode onFound={setLogin} />;
}

function EnterCode({ onFound }: { readonly onFound: (login: DeviceLogin) => void }): ReactElement {
  const [code, setCode] = useState("");
  const find = useMutation({
    mutationFn: () => api.call("GET /api/guts/devices/{code}", { path: { code: code.trim() } }),
    onSuccess: onFound,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    find.mutate();
  };
  const isUnknown = isAbsent(find.error);
  return (
    <AuthFrame title="Sign in a device" lead="Enter the code that the other device or terminal shows.">
      <form className="form" onSubmit={submit}>
        <FailureBanner error={isUnknown ? null : find.error} />
        <TextField
          label="Code"
          isCode
          required
          autoFocus
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={12}
          placeholder="XXXX-XXXX"
          value={code}
          error={
            isUnknown ? "No login waits for this code. It may have expired: begin again on the device." : undefined
          }
          hint="Only a code that you asked for yourself. Nobody who helps you needs you to enter theirs."
          onChange={(event) => {
            setCode(event.target.value);
            find.reset();
          }}
        />
        <Button type="submit" variant="primary" block busy={find.isPending} disabled={code.trim() === ""}>
          Continue
        </Button>
      </form>
    </AuthFrame>
  );
}

interface ConfirmProps {
  readonly login: DeviceLogin;
  readonly onAnswered: (outcome: Outcome) => void;
  readonly onBack: () => void;
}

function Confirm({ login, onAnswered, onBack }: ConfirmProps): ReactElement {
  const viewer = useViewer();
  const answer = useMutation({
    mutationFn: (decision: "approve" | "deny") =>
      api.call("POST /api/guts/devices/{code}", { path: { code: login.userCode }, body: { decision } }),
    onSuccess: (_data, decision) => onAnswered(decision === "approve" ? "approved" : "denied"),
  });
  return (
    <AuthFrame
      title={`Let “${login.clientName}” in?`}
      lead={`It will act for ${viewer?.handle ?? "you"} at this node.`}
    >
      <div className="stack">
        <FailureBanner error={answer.error} />
        <div className="box">
          <div className="box-header">
            <h2>It will be able to</h2>
          </div>
          <ul aria-label="What it will be able to do">
            {login.scopes.length === 0 ? <li className="box-row">See what everybody can see</li> : null}
            {login.scopes.map((scope) => (
              <li key={scope} className="box-row">
                {scopeChoices.find((choice) => choice.scope === scope)?.label ??
                  "Use an area that this network has not"}{" "}
                <code>{scope}</code>
              </li>
            ))}
          </ul>
        </div>
        <p className="muted">
          Code <code>{login.userCode}</code>. Begun <RelativeTime time={login.requestedAt} />, at the address{" "}
          <code>{login.address}</code>. The token lives a year; you can revoke it in your settings at any time.
        </p>
        <div className="form-actions">
          <Button variant="primary" busy={answer.isPending} onClick={() => answer.mutate("approve")}>
            Authorize
          </Button>
          <Button variant="danger" disabled={answer.isPending} onClick={() => answer.mutate("deny")}>
            Refuse
          </Button>
          <Button variant="invisible" onClick={onBack}>
            Another code
          </Button>
        </div>
      </div>
    </AuthFrame>
  );
}

function Answered({ outcome }: { readonly outcome: Outcome }): ReactElement {
  if (outcome === "denied")
    return (
      <AuthFrame title="Refused">
        <Banner>The device was sent away. Nothing was granted.</Banner>
      </AuthFrame>
    );
  return (
    <AuthFrame title="The device is signed in">
      <Banner tone="success">
        <CheckCircleIcon /> Go back to it; it continues in a few seconds. You can close this page.
      </Banner>
    </AuthFrame>
  );
}
