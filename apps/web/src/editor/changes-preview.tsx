import { useDeferredValue, useMemo, type ReactElement } from "react";

import { compareLines, nearChanges, type ComparedLine } from "../text/line-diff.ts";

const signs = { context: " ", addition: "+", deletion: "−" } as const;

/** What saving would change, as a unified diff. */
export function ChangesPreview({ before, after }: { readonly before: string; readonly after: string }): ReactElement {
  const shown = useDeferredValue(after);
  const lines = useMemo(() => nearChanges(compareLines(before, shown)), [before, shown]);
  if (lines.length === 0) return <p className="diff-note">No line is changed.</p>;
  return (
    <div className="code-scroll" tabIndex={0} role="region" aria-label="Preview of the changes">
      <table className="diff-lines">
        <tbody>
          {lines.map((line, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- a row is its place
            <PreviewRow key={index} line={line} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PreviewRow({ line }: { readonly line: ComparedLine | undefined }): ReactElement {
  if (line === undefined)
    return (
      <tr className="hunk">
        <td colSpan={4}>…</td>
      </tr>
    );
  return (
    <tr className={line.kind}>
      <td className="number">{line.oldNumber}</td>
      <td className="number">{line.newNumber}</td>
      <td className="sign">{signs[line.kind]}</td>
      <td className="text">{line.text === "" ? "\n" : line.text}</td>
    </tr>
  );
}
