import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { CommandBlock, CopyLine } from "../components/copyable.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { RepoIcon } from "@primer/octicons-react/RepoIcon";
import { useRepository } from "./use-repository.ts";

/** A repository without a branch: what to type to fill it. */
export function EmptyRepository(): ReactElement {
  const { repository, viewer, cloneUrls } = useRepository();
  if (!viewer.canPush) {
    return (
      <div className="box">
        <Blankslate icon={RepoIcon} title="Nothing has been pushed yet">
          Once {repository.owner} pushes a first commit, it is shown here.
        </Blankslate>
      </div>
    );
  }
  const url = cloneUrls.http;
  const params = { owner: repository.owner, repo: repository.name, _splat: repository.defaultBranch };
  const format = repository.objectFormat === "sha1" ? "" : ` --object-format=${repository.objectFormat}`;
  return (
    <div className="stack loose">
      <section className="box">
        <div className="box-header">
          <h2>Push a first commit</h2>
        </div>
        <div className="box-body stack">
          <CopyLine label="Clone URL" text={url} />
          <p className="muted">
            git asks for a name and password when you push: give your handle and an{" "}
            <a href="/settings/tokens">access token</a>. The first branch you push becomes the default branch.
          </p>
          <p className="muted">
            Or begin by{" "}
            <Link to="/$owner/$repo/new/$" params={params}>
              creating a file
            </Link>{" "}
            here.
          </p>
        </div>
      </section>
      <section className="stack tight">
        <h3>From a new directory</h3>
        <CommandBlock
          label="Commands for a new directory"
          lines={[
            `git init -b ${repository.defaultBranch}${format} ${repository.name}`,
            `cd ${repository.name}`,
            `echo "# ${repository.name}" > README.md`,
            "git add README.md",
            `git commit -m "Begin"`,
            `git remote add origin ${url}`,
            `git push -u origin ${repository.defaultBranch}`,
          ]}
        />
      </section>
      <section className="stack tight">
        <h3>From a repository you have</h3>
        <CommandBlock
          label="Commands for an existing repository"
          lines={[`git remote add origin ${url}`, "git push -u origin --all", "git push origin --tags"]}
        />
      </section>
    </div>
  );
}
