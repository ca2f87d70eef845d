import { useQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { repositoryGrantsQuery } from "../api/organization-queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { BaseAccess } from "../repository/base-access.tsx";
import { CollaboratorList } from "../repository/collaborator-list.tsx";
import { AccessDialog, ExplainAccessForm } from "../repository/explain-access.tsx";
import { InvitationList } from "../repository/invitation-list.tsx";
import { InviteForm } from "../repository/invite-form.tsx";
import { RepositorySettingsFrame } from "../repository/settings-nav.tsx";
import { TeamAccess } from "../repository/team-access.tsx";
import { useRepository } from "../repository/use-repository.ts";

export const repositoryAccessRoute = createLazyRoute("/$owner/$repo/settings/access")({
  component: RepositoryAccessPage,
});

const route = getRouteApi("/$owner/$repo/settings/access");

/** Who may read, push to and administer the repository, and why. */
function RepositoryAccessPage(): ReactElement {
  return (
    <RepositorySettingsFrame title="Access">
      <Access />
    </RepositorySettingsFrame>
  );
}

function Access(): ReactElement {
  const { repository } = useRepository();
  const { why } = route.useSearch();
  const navigate = useNavigate();
  const { data: grants, error } = useQuery(repositoryGrantsQuery(repository));
  const explain = (username: string | undefined): void =>
    void navigate({ to: ".", search: (username === undefined ? {} : { why: username }) as never, replace: true });
  const org = grants?.organization?.handle;
  return (
    <>
      <div className="stack">
        <h1>Access</h1>
        <FailureBanner error={error} />
        <BaseAccess grants={grants} />
      </div>
      {grants === undefined || org === undefined ? null : <TeamAccess org={org} grants={grants} />}
      <section className="stack" aria-labelledby="people">
        <h2 id="people">People</h2>
        <InviteForm org={org} />
        <InvitationList />
        <CollaboratorList owner={grants?.organization === null ? repository.owner : undefined} onExplain={explain} />
      </section>
      <ExplainAccessForm onExplain={explain} />
      {why === undefined ? null : <AccessDialog key={why} username={why} onClose={() => explain(undefined)} />}
    </>
  );
}
