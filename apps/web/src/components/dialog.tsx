import { XIcon } from "@primer/octicons-react/XIcon";
import { useEffect, useId, useRef, type ReactElement, type ReactNode } from "react";

import { Button } from "./button.tsx";
import { classNames } from "./class-names.ts";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly wide?: boolean;
  /** Leaves the title to assistive technology only, for dialogs that begin with their own field. */
  readonly hideTitle?: boolean;
  readonly children: ReactNode;
}

/** A modal dialog on the platform's own element: focus stays inside, Escape and a click outside close it. */
export function Dialog({ title, onClose, wide, hideTitle, children }: DialogProps): ReactElement {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = element.current;
    if (dialog !== null && !dialog.open) {
      dialog.showModal();
      // The platform would choose the button that closes it; a person comes to fill in what is asked.
      dialog.querySelector<HTMLElement>(":is(input, textarea, select):not([readonly], [type=hidden])")?.focus();
    }
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className={classNames("dialog", wide && "wide")}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <div className={hideTitle ? "visually-hidden" : "dialog-header"}>
        <h2 id={titleId}>{title}</h2>
        {hideTitle ? null : (
          <Button variant="invisible" small square aria-label="Close" onClick={onClose}>
            <XIcon />
          </Button>
        )}
      </div>
      {children}
    </dialog>
  );
}
