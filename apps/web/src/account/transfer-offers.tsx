import type { TransferOffer } from "@guts/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { api } from "../api/client.ts";
import { explainFailure } from "../api/explain.ts";
import { forgetRepository, ownTransfersQuery } from "../api/queries.ts";
import { Avatar } from "../components/avatar.tsx";
import { Button } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { useToasts } from "../components/toast.tsx";
import { useViewer } from "./session.ts";

/** Repositories that their owners offer to hand over to the viewer. */
export function TransferOffers({ offers }: { readonly offers: readonly TransferOffer[] }): ReactElement | null {
  if (offers.length === 0) return null;
  return (
    <section className="stack tight" aria-labelledby="transfer-offers">
      <h2 id="transfer-offers">Repositories offered to you</h2>
      <ul className="box">
        {offers.map((offer) => (
          <OfferRow key={offer.repositoryId} offer={offer} />
        ))}
      </ul>
    </section>
  );
}

function OfferRow({ offer }: { readonly offer: TransferOffer }): ReactElement {
  const answer = useAnswer(offer);
  return (
    <li className="box-row row apart wrap">
      <div className="row wrap">
        <Avatar handle={offer.from} size={28} />
        <div>
          <p>
            <strong>{offer.from}</strong> offers you <strong>{offer.fullName}</strong>
          </p>
          <p className="muted small">
            You would own and answer for it. The offer ends <RelativeTime time={offer.expiresAt} />.
          </p>
        </div>
      </div>
      <div className="form-actions">
        <Button variant="primary" busy={answer.isPending} onClick={() => answer.mutate("accept")}>
          Take over
        </Button>
        <Button disabled={answer.isPending} onClick={() => answer.mutate("decline")}>
          Decline
        </Button>
      </div>
    </li>
  );
}

function useAnswer({ repositoryId, fullName, newName }: TransferOffer) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const viewer = useViewer();
  const path = { repository_id: String(repositoryId) };
  return useMutation({
    mutationFn: (answer: "accept" | "decline") =>
      answer === "accept"
        ? api.call("PUT /api/guts/transfers/{repository_id}", { path })
        : api.call("DELETE /api/guts/transfers/{repository_id}", { path }),
    onSuccess: async (_, answer) => {
      const owner = viewer?.handle ?? "";
      await forgetRepository(cache, { owner, name: newName });
      if (answer === "accept") await navigate({ to: "/$owner/$repo", params: { owner, repo: newName } });
      await cache.invalidateQueries({ queryKey: ownTransfersQuery.queryKey });
      toasts.succeed(answer === "accept" ? `${fullName} is yours now` : "Declined the offer");
    },
    onError: (error) => toasts.fail(explainFailure(error)),
  });
}
