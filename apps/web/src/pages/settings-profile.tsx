import type { PrivateUser } from "@guts/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute, Link } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { ownProfileQuery } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { TextArea, TextField } from "../components/field.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { useToasts } from "../components/toast.tsx";

export const settingsProfileRoute = createLazyRoute("/settings/profile")({ component: ProfilePage });

/** What others see of one's account. */
function ProfilePage(): ReactElement {
  const { data, error } = useQuery(ownProfileQuery);
  return (
    <>
      <title>Profile · Settings · Guts</title>
      <div className="page-title">
        <h1>Profile</h1>
      </div>
      <FailureBanner error={error} />
      {data === undefined ? <SkeletonRows count={3} /> : <ProfileForm profile={data} />}
    </>
  );
}

function ProfileForm({ profile }: { readonly profile: PrivateUser }): ReactElement {
  const [draft, setDraft] = useState({
    name: profile.name ?? "",
    bio: profile.bio ?? "",
    location: profile.location ?? "",
    blog: profile.blog ?? "",
  });
  const save = useSave();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(draft);
  };
  return (
    <form className="form" onSubmit={submit}>
      <FailureBanner error={save.error} />
      <p className="muted">
        Anyone can see this on{" "}
        <Link to="/$owner" params={{ owner: profile.login }}>
          your page
        </Link>
        . All fields are optional.
      </p>
      <TextField
        label="Name"
        maxLength={255}
        value={draft.name}
        onChange={(event) => setDraft({ ...draft, name: event.target.value })}
      />
      <TextArea
        label="About you"
        maxLength={1024}
        value={draft.bio}
        onChange={(event) => setDraft({ ...draft, bio: event.target.value })}
      />
      <TextField
        label="Location"
        maxLength={255}
        value={draft.location}
        onChange={(event) => setDraft({ ...draft, location: event.target.value })}
      />
      <TextField
        label="Website"
        type="url"
        placeholder="https://"
        maxLength={255}
        value={draft.blog}
        onChange={(event) => setDraft({ ...draft, blog: event.target.value })}
      />
      <div className="form-actions">
        <Button type="submit" variant="primary" busy={save.isPending}>
          Save profile
        </Button>
      </div>
    </form>
  );
}

function useSave() {
  const cache = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: (body: Readonly<Record<"name" | "bio" | "location" | "blog", string>>) =>
      api.call("PATCH /api/v3/user", { body }),
    onSuccess: async () => {
      toasts.succeed("Profile saved");
      await cache.invalidateQueries({
        predicate: ({ queryKey }) => ["own", "account", "session"].includes(String(queryKey[0])),
      });
    },
  });
}
