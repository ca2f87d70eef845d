import { useMutation, useQueryClient, type QueryKey } from "@tanstack/react-query";

import { useToasts } from "../components/toast.tsx";

/** A change that says when it is done and has the list that it changed read again. */
export function useChange<Given = void>(
  { queryKey }: { readonly queryKey: QueryKey },
  done: string,
  change: (given: Given) => Promise<unknown>,
) {
  const cache = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      toasts.succeed(done);
      await cache.invalidateQueries({ queryKey });
    },
  });
}
