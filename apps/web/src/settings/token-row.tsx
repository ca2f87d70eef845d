import type { Token } from "@guts/api";
import { useState, type ReactElement } from "react";

import { Button } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { Expiry, LastUse } from "./expiry.tsx";
import { permissionWords, placeWords } from "./token-areas.ts";
import { useRevoke } from "./use-revoke.ts";

/** A token in the list: what it may do and where, when it ends, when it was used, and a way to end it. */
export function TokenRow({ token }: { readonly token: Token }): ReactElement {
  const [isAsking, setIsAsking] = useState(false);
  const revoke = useRevoke(`Revoked “${token.label}”`);
  const { restriction } = token;
  return (
    <li className="box-row row apart wrap">
      <div className="grow">
        <div className="row wrap">
          <strong>{token.label}</strong>
          {restriction === null ? null : <span className="label accent">fine-grained</span>}
          {(restriction === null ? token.scopes : permissionWords(restriction)).map((word) => (
            <span key={word} className="label">
              {word}
            </span>
          ))}
        </div>
        {restriction === null ? null : <p className="small">{placeWords(restriction)}</p>}
        <div className="meta">
          <span>
            Created <RelativeTime time={token.createdAt} />
          </span>
          <Expiry time={token.expiresAt} />
          <LastUse time={token.lastUsedAt} />
        </div>
      </div>
      <Button variant="danger" small aria-label={`Revoke ${token.label}`} onClick={() => setIsAsking(true)}>
        Revoke
      </Button>
      {isAsking ? (
        <ConfirmDialog
          title={`Revoke “${token.label}”?`}
          action="Revoke token"
          busy={revoke.isPending}
          error={revoke.error}
          onConfirm={() => revoke.mutate(token.id, { onSuccess: () => setIsAsking(false) })}
          onClose={() => setIsAsking(false)}
        >
          <p>Whatever uses it stops working at once, at every node. This cannot be undone.</p>
        </ConfirmDialog>
      ) : null}
    </li>
  );
}
