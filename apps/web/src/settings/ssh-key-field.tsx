import type { ReactElement } from "react";

import { TextArea } from "../components/field.tsx";
import { previewSshKey } from "./ssh-key-line.ts";

interface SshKeyFieldProps {
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** Where a public key is pasted; its type and fingerprint are shown to compare with `ssh-keygen -l`. */
export function SshKeyField({ value, onChange }: SshKeyFieldProps): ReactElement {
  const preview = value.trim() === "" ? undefined : previewSshKey(value);
  const problem = preview !== undefined && "problem" in preview ? preview.problem : undefined;
  return (
    <div className="stack tight">
      <TextArea
        label="Public key"
        required
        rows={4}
        maxLength={4096}
        spellCheck={false}
        autoComplete="off"
        placeholder="ssh-ed25519 AAAA…"
        value={value}
        error={problem}
        hint="The line in a file such as ~/.ssh/id_ed25519.pub. Make one with: ssh-keygen -t ed25519"
        onChange={(event) => onChange(event.target.value)}
      />
      {preview === undefined || "problem" in preview ? null : (
        <p className="fingerprint" role="status">
          {preview.kind} · {preview.fingerprint}
        </p>
      )}
    </div>
  );
}
