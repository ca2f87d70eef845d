import { FileBinaryIcon } from "@primer/octicons-react/FileBinaryIcon";
import { FileIcon } from "@primer/octicons-react/FileIcon";
import { FileSubmoduleIcon } from "@primer/octicons-react/FileSubmoduleIcon";
import type { BlobView } from "@guts/api";
import { assertNever } from "@guts/primitives";
import type { ReactElement, ReactNode } from "react";

import { Blankslate } from "../components/blankslate.tsx";
import { buttonClass } from "../components/button.tsx";
import { baseName } from "../paths/repository-path.ts";
import { formatBytes } from "../text/quantity.ts";
import { CodeLines } from "./code-lines.tsx";
import { Markdown } from "./markdown.tsx";

/** A file in the form that suits it; what cannot be shown says so and offers the bytes. */
export function BlobContent({ blob, isPlain }: { readonly blob: BlobView; readonly isPlain: boolean }): ReactElement {
  switch (blob.kind) {
    case "markdown":
      return !isPlain && blob.html !== null ? (
        <div className="readme">
          <Markdown html={blob.html} />
        </div>
      ) : (
        <Lines blob={blob} />
      );
    case "text":
    case "symlink":
      return <Lines blob={blob} />;
    case "image":
      return (
        <div className="image-view">
          <img src={blob.rawUrl} alt={baseName(blob.path)} />
        </div>
      );
    case "binary":
      return (
        <Unshown icon={FileBinaryIcon} title="A binary file" blob={blob}>
          Its {formatBytes(blob.sizeBytes)} are not text, so there is nothing to read here.
        </Unshown>
      );
    case "too-large":
      return (
        <Unshown icon={FileIcon} title="Too large to show" blob={blob}>
          This file is {formatBytes(blob.sizeBytes)}. It is shown raw, or in a clone.
        </Unshown>
      );
    case "submodule":
      return (
        <Blankslate icon={FileSubmoduleIcon} title="A submodule">
          This directory is another repository at commit {blob.id.slice(0, 10)}; a clone with{" "}
          <code>--recurse-submodules</code> fetches it.
        </Blankslate>
      );
    default:
      return assertNever(blob.kind);
  }
}

function Lines({ blob }: { readonly blob: BlobView }): ReactElement {
  if (blob.lines === null || blob.lines.length === 0 || blob.sizeBytes === 0) {
    return <p className="diff-note">This file is empty.</p>;
  }
  return (
    <>
      {blob.kind === "symlink" ? <p className="diff-note">A symbolic link. It points to:</p> : null}
      <CodeLines lines={blob.lines} label={`Contents of ${blob.path}`} />
    </>
  );
}

interface UnshownProps {
  readonly icon: typeof FileIcon;
  readonly title: string;
  readonly blob: BlobView;
  readonly children: ReactNode;
}

function Unshown({ icon, title, blob, children }: UnshownProps): ReactElement {
  return (
    <Blankslate
      icon={icon}
      title={title}
      actions={
        <>
          <a href={blob.rawUrl} className={buttonClass()}>
            View raw
          </a>
          <a href={blob.rawUrl} download={baseName(blob.path)} className={buttonClass()}>
            Download
          </a>
        </>
      }
    >
      {children}
    </Blankslate>
  );
}
