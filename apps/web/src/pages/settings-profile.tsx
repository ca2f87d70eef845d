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
import { AvatarEditor } from "../settings/avatar-editor.tsx";

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
      {data === undefined ? (
        error === null ? (
          <SkeletonRows count={3} />
        ) : null
      ) : (
        <>
          <AvatarEditor handle={data.login} />
          <ProfileForm profile={data} />
        </>
      )}
    </>
  );
}

function ProfileForm({ profile }: { readonly profile: PrivateUser }): ReactElement {
  const [draft, setDraft] = useState(() => draftOf(profile));
  const save = useSave();
  const field = (name: keyof Texts) => ({
    value: draft[name],
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      setDraft({ ...draft, [name]: target.value }),
  });
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
      <TextField label="Name" autoComplete="name" maxLength={255} {...field("name")} />
      <TextArea label="About you" maxLength={1024} {...field("bio")} />
      <TextField label="Company" autoComplete="organization" maxLength={255} {...field("company")} />
      <TextField label="Location" maxLength={255} {...field("location")} />
      <TextField label="Website" type="url" placeholder="https://" maxLength={255} {...field("blog")} />
      <TextField
        label="X (Twitter) username"
        maxLength={16}
        pattern="@?[A-Za-z0-9_]{1,15}"
        title="Up to 15 letters, digits and underscores"
        spellCheck={false}
        {...field("twitter_username")}
      />
      <label className="checkbox">
        <input
          type="checkbox"
          checked={draft.hireable === true}
          onChange={({ target }) => setDraft({ ...draft, hireable: target.checked ? true : null })}
        />
        Available for hire
      </label>
      <div className="form-actions">
        <Button type="submit" variant="primary" busy={save.isPending}>
          Save profile
        </Button>
      </div>
    </form>
  );
}

type Texts = Readonly<Record<"name" | "bio" | "company" | "location" | "blog" | "twitter_username", string>>;
type Draft = Texts & { readonly hireable: boolean | null };

function draftOf(profile: PrivateUser): Draft {
  return {
    name: profile.name ?? "",
    bio: profile.bio ?? "",
    company: profile.company ?? "",
    location: profile.location ?? "",
    blog: profile.blog ?? "",
    twitter_username: profile.twitter_username ?? "",
    hireable: profile.hireable,
  };
}

function useSave() {
  const cache = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: (body: Draft) => api.call("PATCH /api/v3/user", { body }),
    onSuccess: async () => {
      toasts.succeed("Profile saved");
      await cache.invalidateQueries({
        predicate: ({ queryKey }) => ["own", "account", "session"].includes(String(queryKey[0])),
      });
    },
  });
}
