import type { ResolvedRef } from "@guts/api";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";

import { useToasts } from "../components/toast.tsx";
import { joinLocation } from "../paths/repository-path.ts";
import { useRepositoryName } from "./use-repository.ts";

const routes = {
  tree: "/$owner/$repo/tree/$",
  blob: "/$owner/$repo/blob/$",
  commits: "/$owner/$repo/commits/$",
} as const;

/** Brings who came by a name that a branch had to the address with the name that it has, and says so. */
export function useRenamedBranch(
  kind: keyof typeof routes,
  { ref, path }: { readonly ref: ResolvedRef; readonly path: string },
): void {
  const { owner, name: repo } = useRepositoryName();
  const navigate = useNavigate();
  const { succeed } = useToasts();
  const { name, formerName } = ref;
  useEffect(() => {
    if (formerName === undefined) return;
    succeed(`${formerName} is called ${name} now`);
    const params = { owner, repo, _splat: joinLocation(name, path) };
    void navigate({ to: routes[kind], params, replace: true });
  }, [formerName, kind, name, navigate, owner, path, repo, succeed]);
}
