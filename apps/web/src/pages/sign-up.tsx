import { parseInvitation } from "@guts/ledger";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { AuthFrame } from "../account/auth-frame.tsx";
import { ChooseHandle, type Registration } from "../account/choose-handle.tsx";
import { ConfirmCode } from "../account/confirm-code.tsx";
import { InvitationNeeded } from "../account/invitation-needed.tsx";
import { SaveCode } from "../account/save-code.tsx";
import { sessionQuery } from "../api/queries.ts";
import { createRecoveryCode } from "../identity/recovery.ts";

export const signUpRoute = createLazyRoute("/signup")({ component: SignUpPage });

const steps = ["Name", "Recovery code", "Confirm"] as const;

/** Creates an account in three steps: choose a handle, keep the recovery code, show that it was kept. */
function SignUpPage(): ReactElement {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const [step, setStep] = useState(0);
  const [registration, setRegistration] = useState<Registration>({ handle: "", password: "", hasPasskey: false });
  const [code] = useState(createRecoveryCode);
  const [invitation, setInvitation] = useState(() => parseInvitation(window.location.hash.slice(1)));
  const { name, registration: rule } = session.network;
  if (rule !== "open" && invitation === undefined)
    return <InvitationNeeded networkName={name} isClosed={rule === "closed"} onInvited={setInvitation} />;
  return (
    <AuthFrame title="Create your account" lead={`On the network “${name}”`} wide>
      <Steps current={step} />
      {step === 0 ? (
        <ChooseHandle
          initial={registration}
          onChosen={(chosen) => {
            setRegistration(chosen);
            setStep(1);
          }}
        />
      ) : null}
      {step === 1 ? (
        <SaveCode
          code={code}
          handle={registration.handle}
          networkName={name}
          onBack={() => setStep(0)}
          onSaved={() => setStep(2)}
        />
      ) : null}
      {step === 2 ? (
        <ConfirmCode
          code={code}
          registration={registration}
          invitation={invitation}
          onBack={() => setStep(1)}
          onRename={() => setStep(0)}
        />
      ) : null}
    </AuthFrame>
  );
}

function Steps({ current }: { readonly current: number }): ReactElement {
  return (
    <ol className="steps" aria-label="Steps">
      {steps.map((name, index) => (
        <li
          key={name}
          className={index < current ? "done" : undefined}
          aria-current={index === current ? "step" : undefined}
        >
          {index + 1}. {name}
        </li>
      ))}
    </ol>
  );
}
