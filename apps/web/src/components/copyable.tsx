import { useId, type ReactElement } from "react";

import { CopyButton } from "./button.tsx";

/** One line of text to copy, such as a clone URL: selectable, with a button. */
export function CopyLine({ label, text }: { readonly label: string; readonly text: string }): ReactElement {
  const id = useId();
  return (
    <div className="field">
      <label className="visually-hidden" htmlFor={id}>
        {label}
      </label>
      <div className="copy-line">
        <input id={id} className="input" readOnly value={text} onFocus={(event) => event.target.select()} />
        <CopyButton text={text} label={copyLabelOf(label)} />
      </div>
    </div>
  );
}

/** Commands for a terminal, to copy as a whole. */
export function CommandBlock({
  label,
  lines,
}: {
  readonly label: string;
  readonly lines: readonly string[];
}): ReactElement {
  const text = lines.join("\n");
  return (
    <div className="command-block">
      <pre tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <CopyButton small text={text} label={copyLabelOf(label)} />
    </div>
  );
}

/** "Clone URL" is copied by "Copy clone URL". */
function copyLabelOf(label: string): string {
  return `Copy ${label.charAt(0).toLowerCase()}${label.slice(1)}`;
}
