import type { CommitSummary } from "@guts/api";
import type { ReactElement } from "react";

import { classNames } from "../components/class-names.ts";
import { Popover } from "../components/popover.tsx";
import { signatureWords } from "./signature-words.ts";

const KEY_NAMES = { ssh: "SSH key", openpgp: "GPG key", unknown: "Key" } as const;

interface SignatureBadgeProps {
  readonly commit: Pick<CommitSummary, "signature" | "committer">;
  /** Which edge of the badge its details keep to. */
  readonly align?: "start" | "end";
}

/** What a commit's signature comes to; nothing beside one that nobody signed. */
export function SignatureBadge({ commit, align = "end" }: SignatureBadgeProps): ReactElement | null {
  const { signature, committer } = commit;
  if (signature === null) return null;
  const { label, tone, text } = signatureWords(signature, committer.email);
  return (
    <Popover
      kind="dialog"
      label="Signature"
      align={align}
      trigger={(props) => (
        <button type="button" className={classNames("label", "signature", tone)} {...props}>
          {label}
        </button>
      )}
    >
      {() => (
        <div className="signature-details stack tight">
          <strong>{label}</strong>
          <p>{text}</p>
          {signature.key === null ? null : (
            <p className="small muted">
              {KEY_NAMES[signature.format]} <code>{signature.key}</code>
            </p>
          )}
        </div>
      )}
    </Popover>
  );
}
