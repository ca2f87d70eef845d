import { createLazyRoute } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactElement } from "react";

import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { TextArea, TextField } from "../components/field.tsx";
import { OrganizationDangerZone } from "../organization/organization-danger-zone.tsx";
import { AvatarEditor } from "../settings/avatar-editor.tsx";
import { useOrganizationUpdate } from "../organization/use-organization-update.ts";
import { useOrganization } from "../organization/use-organization.ts";

export const organizationProfileRoute = createLazyRoute("/organizations/$org/settings/profile")({
  component: OrganizationProfilePage,
});

/** What others see of an organization, and what is hard to take back. */
function OrganizationProfilePage(): ReactElement {
  const { organization } = useOrganization();
  return (
    <>
      <title>{`Profile · Settings · ${organization.handle}`}</title>
      <ProfileForm key={organization.handle} />
      <AvatarEditor handle={organization.handle} square />
      <OrganizationDangerZone />
    </>
  );
}

function ProfileForm(): ReactElement {
  const { organization } = useOrganization();
  const [draft, setDraft] = useState({
    name: organization.name ?? "",
    description: organization.description ?? "",
    location: organization.location ?? "",
    blog: organization.blog ?? "",
  });
  const save = useOrganizationUpdate("Profile saved");
  const change = (part: Partial<typeof draft>): void => setDraft({ ...draft, ...part });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(draft);
  };
  return (
    <form className="form" onSubmit={submit}>
      <div>
        <h1>Profile</h1>
        <p className="muted">Anyone can see this on the organization’s page. All fields are optional.</p>
      </div>
      <FailureBanner error={save.error} />
      <TextField
        label="Display name"
        maxLength={255}
        value={draft.name}
        onChange={(event) => change({ name: event.target.value })}
      />
      <TextArea
        label="Description"
        maxLength={1000}
        value={draft.description}
        onChange={(event) => change({ description: event.target.value })}
      />
      <TextField
        label="Location"
        maxLength={255}
        value={draft.location}
        onChange={(event) => change({ location: event.target.value })}
      />
      <TextField
        label="Website"
        type="url"
        placeholder="https://"
        maxLength={255}
        value={draft.blog}
        onChange={(event) => change({ blog: event.target.value })}
      />
      <div className="form-actions">
        <Button type="submit" variant="primary" busy={save.isPending}>
          Save profile
        </Button>
      </div>
    </form>
  );
}
