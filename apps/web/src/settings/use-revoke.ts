import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api } from "../api/client.ts";
import { explainFailure } from "../api/explain.ts";
import { credentialsQuery } from "../api/queries.ts";
import { useToasts } from "../components/toast.tsx";

/** Revokes a token or session everywhere, at once. */
export function useRevoke(done: string) {
  const cache = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: (id: string) => api.call("DELETE /api/guts/tokens/{id}", { path: { id } }),
    onSuccess: async () => {
      toasts.succeed(done);
      await cache.invalidateQueries({ queryKey: credentialsQuery.queryKey });
    },
    onError: (error) => toasts.fail(explainFailure(error)),
  });
}
