import { CodeIcon } from "@primer/octicons-react/CodeIcon";
import { FileZipIcon } from "@primer/octicons-react/FileZipIcon";
import { TriangleDownIcon } from "@primer/octicons-react/TriangleDownIcon";
import type { ReactElement } from "react";
import type { ResolvedRef } from "@guts/api";

import { Button, buttonClass } from "../components/button.tsx";
import { CommandBlock, CopyLine } from "../components/copyable.tsx";
import { Popover } from "../components/popover.tsx";
import { encodePath } from "../paths/repository-path.ts";
import { useRepository } from "./use-repository.ts";

/** How to get a copy of the repository. */
export function CloneBox({ at }: { readonly at: ResolvedRef }): ReactElement {
  const { cloneUrls, repository } = useRepository();
  const prefix = { branch: "refs/heads/", tag: "refs/tags/", commit: "" }[at.kind];
  const archive = `/${repository.owner}/${repository.name}/archive/${prefix}${encodePath(at.name)}`;
  return (
    <Popover
      kind="dialog"
      label="Clone this repository"
      align="end"
      trigger={(trigger) => (
        <Button variant="primary" {...trigger}>
          <CodeIcon /> Clone <TriangleDownIcon className="caret" />
        </Button>
      )}
    >
      {() => (
        <div className="clone-box box-body stack tight">
          <h2>Clone with any git</h2>
          <CopyLine label="Clone URL" text={cloneUrls.http} />
          <p className="small muted">
            {repository.isPrivate
              ? "git asks for a name and password: give your handle and an access token."
              : "Reading needs no account. To push, give your handle and an access token as the password."}
          </p>
          {cloneUrls.ssh !== null && (
            <>
              <h2>Or over SSH</h2>
              <CopyLine label="Clone URL for SSH" text={cloneUrls.ssh} />
              <p className="small muted">
                Add your <a href="/settings/ssh-keys">public key</a> first.
              </p>
              {cloneUrls.sshFingerprint !== null && (
                <p className="small muted">
                  When ssh asks whether to go on, its key must be <code>{cloneUrls.sshFingerprint}</code>
                </p>
              )}
            </>
          )}
          <h2>In a terminal</h2>
          <CommandBlock
            label="Commands to clone"
            lines={[`git clone ${cloneUrls.http}`, `guts repo clone ${repository.owner}/${repository.name}`]}
          />
          <h2>Without git</h2>
          <div className="button-group">
            <a href={`${archive}.zip`} className={buttonClass({ small: true })} download>
              <FileZipIcon /> Download ZIP
            </a>
            <a href={`${archive}.tar.gz`} className={buttonClass({ small: true })} download>
              Download tar.gz
            </a>
          </div>
        </div>
      )}
    </Popover>
  );
}
