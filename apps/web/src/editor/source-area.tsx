import { useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from "react";

interface SourceAreaProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/**
 * A plain editor: the platform's own text area with line numbers beside it. Tab indents as the file does; Escape first gives Tab back
 * to the keyboard's way through the page.
 */
export function SourceArea({ label, value, onChange }: SourceAreaProps): ReactElement {
  const numbers = useRef<HTMLDivElement>(null);
  const [movesFocus, setMovesFocus] = useState(false);
  const count = value.split("\n").length;
  const text = useMemo(() => Array.from({ length: count }, (_, index) => index + 1).join("\n"), [count]);
  const indent = useMemo(() => indentOf(value), [value]);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === "Escape") setMovesFocus(true);
    if (event.key !== "Tab" || event.shiftKey || event.metaKey || event.ctrlKey || event.altKey || movesFocus) return;
    event.preventDefault();
    // Kept by the browser as one step that can be undone, unlike a new value.
    event.currentTarget.ownerDocument.execCommand("insertText", false, indent);
  };
  return (
    <div className="source-area">
      <div className="source-numbers" aria-hidden="true" ref={numbers}>
        {text}
      </div>
      <textarea
        className="source-text"
        aria-label={label}
        aria-description="Tab indents. Press Escape and then Tab to leave the field."
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
        rows={Math.min(Math.max(count + 1, 20), 40)}
        value={value}
        onKeyDown={onKeyDown}
        onBlur={() => setMovesFocus(false)}
        onScroll={(event) => {
          if (numbers.current !== null) numbers.current.scrollTop = event.currentTarget.scrollTop;
        }}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

/** What a file indents with: its first indented line tells. */
function indentOf(text: string): string {
  const first = /^(\t| {2,8})\S/m.exec(text)?.[1] ?? "  ";
  return first.length === 8 ? "    " : first;
}
