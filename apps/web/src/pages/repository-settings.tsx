import { createLazyRoute } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { DangerZone } from "../repository/danger-zone.tsx";
import { GeneralSettings } from "../repository/general-settings.tsx";
import { RepositorySettingsFrame } from "../repository/settings-nav.tsx";

export const repositorySettingsRoute = createLazyRoute("/$owner/$repo/settings")({ component: RepositorySettingsPage });

/** What a repository is called and says of itself, and what is hard to take back. */
function RepositorySettingsPage(): ReactElement {
  return (
    <RepositorySettingsFrame title="Settings">
      <GeneralSettings />
      <DangerZone />
    </RepositorySettingsFrame>
  );
}
