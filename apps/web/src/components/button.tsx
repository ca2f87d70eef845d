import { CheckIcon } from "@primer/octicons-react/CheckIcon";
import { CopyIcon } from "@primer/octicons-react/CopyIcon";
import { useEffect, useState, type ButtonHTMLAttributes, type ReactElement, type ReactNode } from "react";

import { classNames } from "./class-names.ts";
import { copyText } from "./clipboard.ts";

/** How much a button stands out. */
export type ButtonVariant = "default" | "primary" | "danger" | "invisible";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: ButtonVariant;
  readonly small?: boolean;
  readonly square?: boolean;
  readonly block?: boolean;
  /** Shows that work is under way and ignores clicks meanwhile; keyboard focus stays on the button. */
  readonly busy?: boolean;
}

/** A button in the interface's style; `type="button"` unless said otherwise. */
export function Button({
  variant = "default",
  small,
  square,
  block,
  busy,
  children,
  ...rest
}: ButtonProps): ReactElement {
  return (
    <button
      type="button"
      {...rest}
      {...(busy ? { "aria-disabled": true, onClick: (event) => event.preventDefault() } : {})}
      className={buttonClass({ variant, small, square, block }, rest.className)}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : null}
      {children}
    </button>
  );
}

interface ButtonLook {
  readonly variant?: ButtonVariant | undefined;
  readonly small?: boolean | undefined;
  readonly square?: boolean | undefined;
  readonly block?: boolean | undefined;
}

/** The classes of a button, for links that look like one. */
export function buttonClass(look: ButtonLook = {}, extra?: string): string {
  const { variant = "default", small, square, block } = look;
  return classNames(
    "button",
    variant !== "default" && variant,
    small && "small",
    square && "square",
    block && "block",
    extra,
  );
}

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for those who do not see the icon: "Copy clone URL". */
  readonly label: string;
  readonly small?: boolean;
  readonly children?: ReactNode;
}

/** Copies `text` and says so for two seconds. */
export function CopyButton({ text, label, small, children }: CopyButtonProps): ReactElement {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setIsCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (): Promise<void> => {
    await copyText(text);
    setIsCopied(true);
  };
  return (
    <Button
      square={children === undefined}
      small={small ?? false}
      aria-label={children === undefined ? label : undefined}
      title={label}
      onClick={() => void copy()}
    >
      {isCopied ? <CheckIcon className="file-added" /> : <CopyIcon />}
      {children}
      <span className="visually-hidden" role="status">
        {isCopied ? "Copied" : ""}
      </span>
    </Button>
  );
}
