import { AlertFillIcon } from "@primer/octicons-react/AlertFillIcon";
import { useId, type ComponentPropsWithRef, type ReactElement, type ReactNode } from "react";

import { classNames } from "./class-names.ts";

interface FieldFrame {
  readonly label: string;
  readonly hint?: ReactNode;
  /** Why the value cannot be taken; shown under the control and announced with it. */
  readonly error?: string | undefined;
  readonly isOptional?: boolean;
}

interface TextFieldProps extends FieldFrame, ComponentPropsWithRef<"input"> {
  readonly isCode?: boolean;
}

/** A line of text with its label, hint and error tied together for assistive technology. */
export function TextField({ label, hint, error, isOptional, isCode, ...rest }: TextFieldProps): ReactElement {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error} isOptional={isOptional ?? false}>
      <input
        {...rest}
        id={id}
        className={classNames("input", isCode && "code")}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={describedBy(id, hint, error)}
      />
    </Frame>
  );
}

interface TextAreaProps extends FieldFrame, ComponentPropsWithRef<"textarea"> {}

/** Several lines of text with label, hint and error. */
export function TextArea({ label, hint, error, isOptional, ...rest }: TextAreaProps): ReactElement {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error} isOptional={isOptional ?? false}>
      <textarea
        {...rest}
        id={id}
        className="textarea"
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={describedBy(id, hint, error)}
      />
    </Frame>
  );
}

interface SelectFieldProps extends FieldFrame, ComponentPropsWithRef<"select"> {
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** A choice from a short list, as the platform's own control. */
export function SelectField({ label, hint, error, isOptional, options, ...rest }: SelectFieldProps): ReactElement {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} error={error} isOptional={isOptional ?? false}>
      <select {...rest} id={id} className="select" aria-describedby={describedBy(id, hint, error)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}

interface FrameProps {
  readonly id: string;
  readonly label: string;
  readonly hint: ReactNode;
  readonly error: string | undefined;
  readonly isOptional: boolean;
  readonly children: ReactNode;
}

function Frame({ id, label, hint, error, isOptional, children }: FrameProps): ReactElement {
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {isOptional ? <span className="optional"> (optional)</span> : null}
      </label>
      {children}
      {error === undefined ? null : (
        <p className="error" id={`${id}-error`}>
          <AlertFillIcon size={12} /> {error}
        </p>
      )}
      {hint === undefined ? null : (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

function describedBy(id: string, hint: ReactNode, error: string | undefined): string | undefined {
  const ids = [error !== undefined && `${id}-error`, hint !== undefined && `${id}-hint`].filter(Boolean);
  return ids.length === 0 ? undefined : ids.join(" ");
}
