import { parseRepositoryName } from "@guts/primitives";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { forgetRepository } from "../api/queries.ts";
import { Banner, FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { OwnerAndName } from "../repository/owner-and-name.tsx";
import { useOwners, type PossibleOwner } from "../repository/use-owners.ts";
import { VisibilityChoice } from "../repository/visibility-choice.tsx";

export const newRepositoryRoute = createLazyRoute("/new")({ component: NewRepositoryPage });

const route = getRouteApi("/new");

interface Draft {
  readonly owner: PossibleOwner;
  readonly name: string;
  readonly description: string;
  readonly isPrivate: boolean;
}

/** Creates a repository of one's own, or of an organization. */
function NewRepositoryPage(): ReactElement {
  const owners = useOwners();
  return (
    <div className="page narrow">
      <title>New repository · Guts</title>
      <div className="page-title">
        <h1>New repository</h1>
      </div>
      <p className="page-lead">A repository holds a project’s files and every version of them.</p>
      {owners === undefined ? <SkeletonRows count={3} /> : <NewRepositoryForm owners={owners} />}
    </div>
  );
}

function NewRepositoryForm({ owners }: { readonly owners: readonly PossibleOwner[] }): ReactElement {
  const { owner: asked } = route.useSearch();
  const found = owners.find(({ handle }) => handle.toLowerCase() === asked?.toLowerCase());
  const [owner, setOwner] = useState(found ?? owners[0]!);
  const [{ name, description, isPrivate: wantsPrivate }, setTexts] = useState({
    name: "",
    description: "",
    isPrivate: false,
  });
  const create = useCreate();
  const isPrivate = owner.mayCreatePublic ? wantsPrivate && owner.mayCreatePrivate : true;
  const isUsable = parseRepositoryName(name.trim()) !== undefined;
  const change = (part: Partial<Omit<Draft, "owner">>): void =>
    setTexts({ name, description, isPrivate: wantsPrivate, ...part });
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isUsable) create.mutate({ owner, name: name.trim(), description: description.trim(), isPrivate });
      }}
    >
      <FailureBanner error={create.error} />
      {asked !== undefined && found === undefined ? (
        <Banner tone="attention">
          You may not make repositories for {asked}. An owner of it can change that, or make the repository for you.
        </Banner>
      ) : null}
      <OwnerAndName
        owners={owners}
        owner={owner}
        name={name}
        onOwner={setOwner}
        onName={(value) => change({ name: value })}
      />
      <TextField
        label="Description"
        isOptional
        maxLength={350}
        value={description}
        onChange={(event) => change({ description: event.target.value })}
      />
      <VisibilityChoice owner={owner} isPrivate={isPrivate} onChange={(value) => change({ isPrivate: value })} />
      <div className="form-actions">
        <Button type="submit" variant="primary" busy={create.isPending} disabled={!isUsable}>
          Create repository
        </Button>
      </div>
    </form>
  );
}

function useCreate() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ owner, name, description, isPrivate }: Draft) => {
      const body = { name, private: isPrivate, ...(description === "" ? {} : { description }) };
      return owner.isOrganization
        ? api.call("POST /api/v3/orgs/{org}/repos", { path: { org: owner.handle }, body })
        : api.call("POST /api/v3/user/repos", { body });
    },
    onSuccess: async (created) => {
      const repository = { owner: created.owner.login, name: created.name };
      await forgetRepository(cache, repository);
      await navigate({ to: "/$owner/$repo", params: { owner: repository.owner, repo: repository.name } });
    },
  });
}
