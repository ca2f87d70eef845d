import type { ReactElement } from "react";

import { CopyButton } from "../components/button.tsx";
import { pathPrefixes } from "../paths/repository-path.ts";
import { LocationLink } from "./links.tsx";
import { useRepositoryName } from "./use-repository.ts";

interface PathCrumbsProps {
  readonly revision: string;
  readonly path: string;
}

/** Where in the repository this is, each directory a link. */
export function PathCrumbs({ revision, path }: PathCrumbsProps): ReactElement {
  const repository = useRepositoryName();
  const prefixes = pathPrefixes(path);
  return (
    <nav className="path-crumbs" aria-label="Path">
      <LocationLink repository={repository} kind="tree" revision={revision}>
        <strong>{repository.name}</strong>
      </LocationLink>
      {prefixes.map((prefix, index) => (
        <span key={prefix.path}>
          <span className="separator" aria-hidden="true">
            /{" "}
          </span>
          {index === prefixes.length - 1 ? (
            <span className="current" aria-current="page">
              {prefix.name}
            </span>
          ) : (
            <LocationLink repository={repository} kind="tree" revision={revision} path={prefix.path}>
              {prefix.name}
            </LocationLink>
          )}
        </span>
      ))}
      {path === "" ? null : <CopyButton small text={path} label="Copy path" />}
    </nav>
  );
}
