import { AlertIcon } from "@primer/octicons-react/AlertIcon";
import { CheckIcon } from "@primer/octicons-react/CheckIcon";
import { XIcon } from "@primer/octicons-react/XIcon";
import type { VisitedNode } from "@guts/api";
import { useMutation, useQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, Link } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { AuthFrame } from "../account/auth-frame.tsx";
import { leaveSession, useViewer } from "../account/session.ts";
import { api } from "../api/client.ts";
import { isAbsent } from "../api/explain.ts";
import { visitedNodeQuery } from "../api/queries.ts";
import { Banner, FailureBanner } from "../components/banner.tsx";
import { Button, buttonClass } from "../components/button.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";

export const visitConsentRoute = createLazyRoute("/login/visit")({ component: VisitConsentPage });

const route = getRouteApi("/login/visit");

/** At home: says which node asks to sign the viewer in, and what it could do then, and asks whether it shall. */
function VisitConsentPage(): ReactElement {
  const { node: nodeId = "", request = "", login } = route.useSearch();
  const { data: node, error } = useQuery(visitedNodeQuery(nodeId));
  const viewer = useViewer();
  const isOther = login !== undefined && viewer?.handle.toLowerCase() !== login.toLowerCase();
  if (isOther) return <OtherAccount handle={viewer?.handle ?? ""} login={login} />;
  return (
    <AuthFrame title={node === undefined ? "Sign in elsewhere" : `Sign in at ${node.name}?`} lead={node?.url}>
      {isAbsent(error) ? (
        <Banner tone="danger">
          No node of this network asks for this. Begin again at the node where you want to sign in.
        </Banner>
      ) : (
        <FailureBanner error={error} />
      )}
      {node === undefined ? error === null && <SkeletonRows count={3} /> : <Ask node={node} request={request} />}
    </AuthFrame>
  );
}

const allowed = [
  "Read and push the repositories you can, private ones too",
  "Change your profile, and what you may in repositories and organizations",
] as const;
const refused = [
  "Not change your password, passkeys or keys",
  "Not make tokens, SSH keys or further sessions",
  "Not administer the network",
] as const;

function Ask({ node, request }: { readonly node: VisitedNode; readonly request: string }): ReactElement {
  const viewer = useViewer();
  const [isLeaving, setIsLeaving] = useState(false);
  const agree = useMutation({
    mutationFn: () => api.call("POST /api/guts/visits", { body: { nodeId: node.nodeId, request } }),
    onSuccess: ({ returnUrl }) => {
      setIsLeaving(true);
      window.location.assign(returnUrl);
    },
  });
  return (
    <div className="stack">
      <FailureBanner error={agree.error} />
      <p>
        <strong>{node.name}</strong> is run by somebody else. You will be signed in there as{" "}
        <strong>{viewer?.handle}</strong>, and until that session ends it can act for you:
      </p>
      <ul className="box" aria-label="What it will be able to do">
        {allowed.map((words) => (
          <li key={words} className="box-row row">
            <CheckIcon /> <span>{words}</span>
          </li>
        ))}
        {refused.map((words) => (
          <li key={words} className="box-row row muted">
            <XIcon /> <span>{words}</span>
          </li>
        ))}
      </ul>
      <Banner tone="attention">
        Go on only if you were at <code>{node.url}</code> a moment ago and wanted to sign in there. Nobody who helps you
        needs you to do this.
      </Banner>
      <div className="form-actions">
        <Button variant="primary" busy={agree.isPending || isLeaving} onClick={() => agree.mutate()}>
          Sign in at {node.name}
        </Button>
        <Link to="/" className={buttonClass({ variant: "invisible" })}>
          Cancel
        </Link>
      </div>
      <p className="muted">The session ends after 14 days, when you sign out there, or here in your settings.</p>
    </div>
  );
}

function OtherAccount({ handle, login }: { readonly handle: string; readonly login: string }): ReactElement {
  const signOut = useMutation({ mutationFn: () => api.call("POST /api/guts/signout", {}), onSuccess: leaveSession });
  return (
    <AuthFrame title="Another account">
      <div className="stack">
        <FailureBanner error={signOut.error} />
        <Banner tone="attention">
          <AlertIcon /> You wanted to sign in as <strong>{login}</strong>, and are signed in here as{" "}
          <strong>{handle}</strong>. Sign out here first, then begin again at the other node.
        </Banner>
        <div className="form-actions">
          <Button variant="primary" busy={signOut.isPending} onClick={() => signOut.mutate()}>
            Sign out
          </Button>
        </div>
      </div>
    </AuthFrame>
  );
}
