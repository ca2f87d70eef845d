import { GitBranchIcon } from "@primer/octicons-react/GitBranchIcon";
import { GitCommitIcon } from "@primer/octicons-react/GitCommitIcon";
import { parseBranchName } from "@guts/primitives";
import { useState, type ReactElement } from "react";

import { useViewer } from "../account/session.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { TextArea, TextField } from "../components/field.tsx";
import type { CommitWords } from "./use-commit.ts";

interface CommitFormProps {
  readonly branch: string;
  /** What is done, for whom leaves the first line empty: `Update README.md`. */
  readonly suggestion: string;
  /** There is something to commit. */
  readonly isReady: boolean;
  readonly isBusy: boolean;
  readonly isDanger?: boolean;
  readonly error: unknown;
  /** A repository without commits has one branch only. */
  readonly isFirst?: boolean;
  readonly onCommit: (words: CommitWords) => void;
}

/** What a commit says, and whether it goes to the branch or to a new one. */
export function CommitForm({ branch, suggestion, isReady, isBusy, isFirst, ...rest }: CommitFormProps): ReactElement {
  const handle = useViewer()?.handle ?? "patch";
  const [words, setWords] = useState({ title: "", body: "", isNew: false, newBranch: `${handle}-patch-1` });
  const change = (part: Partial<typeof words>): void => setWords({ ...words, ...part });
  const isBranchSound = !words.isNew || parseBranchName(words.newBranch.trim()) !== undefined;
  const title = words.title.trim() === "" ? suggestion : words.title.trim();
  return (
    <form
      className="box box-body stack"
      aria-label="Commit changes"
      onSubmit={(event) => {
        event.preventDefault();
        const newBranch = words.isNew ? words.newBranch.trim() : undefined;
        if (isReady && isBranchSound) rest.onCommit({ title, body: words.body, newBranch });
      }}
    >
      <h2>Commit changes</h2>
      <FailureBanner error={rest.error} />
      <TextField
        label="Commit message"
        placeholder={suggestion}
        maxLength={500}
        value={words.title}
        onChange={(event) => change({ title: event.target.value })}
      />
      <TextArea
        label="Description"
        isOptional
        rows={3}
        maxLength={60_000}
        value={words.body}
        onChange={(event) => change({ body: event.target.value })}
      />
      {isFirst === true ? null : (
        <fieldset className="fieldset stack tight">
          <legend>Where it goes</legend>
          <div className="choices">
            <label className="choice">
              <input type="radio" name="target" checked={!words.isNew} onChange={() => change({ isNew: false })} />
              <GitCommitIcon />
              <strong>Commit directly to {branch}</strong>
              <small>Everybody who reads the branch has it at once. A protection rule may refuse it.</small>
            </label>
            <label className="choice">
              <input type="radio" name="target" checked={words.isNew} onChange={() => change({ isNew: true })} />
              <GitBranchIcon />
              <strong>Create a new branch</strong>
              <small>The branch {branch} stays as it is until somebody merges this.</small>
            </label>
          </div>
          {words.isNew ? (
            <TextField
              label="Name of the new branch"
              isCode
              spellCheck={false}
              value={words.newBranch}
              error={isBranchSound ? undefined : "This is no name that git allows for a branch."}
              onChange={(event) => change({ newBranch: event.target.value })}
            />
          ) : null}
        </fieldset>
      )}
      <div className="form-actions">
        <Button
          type="submit"
          variant={rest.isDanger === true ? "danger" : "primary"}
          busy={isBusy}
          disabled={!isReady || !isBranchSound}
        >
          Commit changes
        </Button>
      </div>
    </form>
  );
}
