import type { ReactElement } from "react";

import { api } from "../api/client.ts";
import { explainFailure } from "../api/explain.ts";
import { useChange } from "../api/use-change.ts";
import { Button } from "../components/button.tsx";
import { useToasts } from "../components/toast.tsx";

interface FollowButtonProps {
  readonly handle: string;
  readonly isFollowed: boolean;
}

/** Follows somebody, or no longer. Every page that counts or lists it is read again. */
export function FollowButton({ handle, isFollowed }: FollowButtonProps): ReactElement {
  const toasts = useToasts();
  const change = useChange(
    { queryKey: ["account"] },
    isFollowed ? `You no longer follow ${handle}` : `You follow ${handle}`,
    () =>
      api.call(`${isFollowed ? "DELETE" : "PUT"} /api/v3/user/following/{username}`, { path: { username: handle } }),
  );
  return (
    <Button
      small
      busy={change.isPending}
      aria-label={`${isFollowed ? "Unfollow" : "Follow"} ${handle}`}
      onClick={() => change.mutate(undefined, { onError: (error) => toasts.fail(explainFailure(error)) })}
    >
      {isFollowed ? "Unfollow" : "Follow"}
    </Button>
  );
}
