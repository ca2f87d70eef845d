import { DownloadIcon } from "@primer/octicons-react/DownloadIcon";
import { useState, type ReactElement } from "react";

import { Banner } from "../components/banner.tsx";
import { Button, CopyButton } from "../components/button.tsx";
import { groupsOf, recoveryFile, type RecoveryCode } from "../identity/recovery.ts";

interface SaveCodeProps {
  readonly code: RecoveryCode;
  readonly handle: string;
  readonly networkName: string;
  readonly onBack: () => void;
  readonly onSaved: () => void;
}

/** The second step of signing up: the code is shown this once, to be written down or saved. */
export function SaveCode({ code, handle, networkName, onBack, onSaved }: SaveCodeProps): ReactElement {
  const [hasSaved, setHasSaved] = useState(false);
  const groups = groupsOf(code);
  return (
    <div className="form">
      <Banner tone="attention">
        <strong>This code is your account.</strong> It is made on your device and shown only now. Whoever has it owns
        the account, and nobody can give you another: not this node, not its operator.
      </Banner>
      <ol className="recovery-code" aria-label="Your recovery code" data-testid="recovery-code">
        {groups.map((group, index) => (
          <li key={index} data-position={index + 1}>
            {group}
          </li>
        ))}
      </ol>
      <div className="form-actions">
        <CopyButton text={code} label="Copy recovery code">
          Copy
        </CopyButton>
        <Button onClick={() => download(`guts-recovery-${handle}.txt`, recoveryFile(handle, networkName, code))}>
          <DownloadIcon /> Download
        </Button>
      </div>
      <label className="checkbox">
        <input type="checkbox" checked={hasSaved} onChange={(event) => setHasSaved(event.target.checked)} />
        <span>I saved it where I will find it again</span>
      </label>
      <div className="form-actions">
        <Button variant="primary" disabled={!hasSaved} onClick={onSaved}>
          Continue
        </Button>
        <Button variant="invisible" onClick={onBack}>
          Back
        </Button>
      </div>
    </div>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
