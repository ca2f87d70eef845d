import { createLazyRoute } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { CollaboratorList } from "../repository/collaborator-list.tsx";
import { InvitationList } from "../repository/invitation-list.tsx";
import { InviteForm } from "../repository/invite-form.tsx";
import { RepositorySettingsFrame } from "../repository/settings-nav.tsx";

export const repositoryAccessRoute = createLazyRoute("/$owner/$repo/settings/access")({
  component: RepositoryAccessPage,
});

/** Who else may read, push to and administer the repository. */
function RepositoryAccessPage(): ReactElement {
  return (
    <RepositorySettingsFrame title="Access">
      <h1>Access</h1>
      <InviteForm />
      <InvitationList />
      <CollaboratorList />
    </RepositorySettingsFrame>
  );
}
