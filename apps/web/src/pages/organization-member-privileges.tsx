import { createLazyRoute } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactElement } from "react";

import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { Choices } from "../components/choices.tsx";
import { basePermissions, repositoryCreations } from "../organization/roles.ts";
import { useOrganizationUpdate } from "../organization/use-organization-update.ts";
import { useOrganization } from "../organization/use-organization.ts";
import { NotFoundPage } from "../shell/error-page.tsx";

export const memberPrivilegesRoute = createLazyRoute("/organizations/$org/settings/member_privileges")({
  component: MemberPrivilegesPage,
});

/** What members may do by themselves. */
function MemberPrivilegesPage(): ReactElement {
  const { organization, settings } = useOrganization();
  if (settings === null) return <NotFoundPage />;
  return (
    <>
      <title>{`Member privileges · Settings · ${organization.handle}`}</title>
      <PrivilegesForm initial={settings} />
    </>
  );
}

type Settings = NonNullable<ReturnType<typeof useOrganization>["settings"]>;

function PrivilegesForm({ initial }: { readonly initial: Settings }): ReactElement {
  const [draft, setDraft] = useState(initial);
  const save = useOrganizationUpdate("Member privileges saved");
  const isSame =
    draft.basePermission === initial.basePermission && draft.repositoryCreation === initial.repositoryCreation;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate({
      default_repository_permission: draft.basePermission,
      members_allowed_repository_creation_type: draft.repositoryCreation,
    });
  };
  return (
    <form className="form" onSubmit={submit}>
      <h1>Member privileges</h1>
      <FailureBanner error={save.error} />
      <fieldset className="fieldset stack tight">
        <legend>Base permission</legend>
        <p className="muted">
          What every member has on every repository, at least. Teams and invitations give more to some. Anyone reads
          what is public anyway.
        </p>
        <Choices
          name="base"
          choices={basePermissions}
          value={draft.basePermission}
          onChange={(basePermission) => setDraft({ ...draft, basePermission })}
        />
      </fieldset>
      <fieldset className="fieldset stack tight">
        <legend>Repositories that members may make</legend>
        <p className="muted">Who makes a repository administers it. Owners may always make any.</p>
        <Choices
          name="creation"
          choices={repositoryCreations}
          value={draft.repositoryCreation}
          onChange={(repositoryCreation) => setDraft({ ...draft, repositoryCreation })}
        />
      </fieldset>
      <div className="form-actions">
        <Button type="submit" variant="primary" busy={save.isPending} disabled={isSame}>
          Save
        </Button>
      </div>
    </form>
  );
}
