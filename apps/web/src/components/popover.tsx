import { useEffect, useId, useRef, useState, type ReactElement, type ReactNode } from "react";

import { classNames } from "./class-names.ts";

/** What the button that opens a popover must carry. */
export interface PopoverTrigger {
  readonly "aria-expanded": boolean;
  readonly "aria-controls": string;
  readonly "aria-haspopup": "menu" | "dialog";
  readonly onClick: () => void;
}

interface PopoverProps {
  readonly kind: "menu" | "dialog";
  readonly label: string;
  /** Which edge of the button the panel keeps to. */
  readonly align?: "start" | "end";
  readonly wide?: boolean;
  readonly trigger: (props: PopoverTrigger) => ReactNode;
  readonly children: (close: () => void) => ReactNode;
  /** Opens it from elsewhere, such as a shortcut, whenever the number changes. */
  readonly openSignal?: number;
}

/**
 * A panel under its button. It closes on Escape, on a click outside and when focus leaves, and gives focus back to
 * the button. As a menu it moves between items with the arrow keys, Home and End.
 */
export function Popover({ kind, label, align, wide, trigger, children, openSignal = 0 }: PopoverProps): ReactElement {
  const [isOpen, setIsOpen] = useState(false);
  const anchor = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (openSignal > 0) setIsOpen(true);
  }, [openSignal]);
  useEffect(() => {
    if (!isOpen) return undefined;
    const onPointerDown = (event: PointerEvent): void => {
      if (event.target instanceof Node && !anchor.current?.contains(event.target)) setIsOpen(false);
    };
    // On the document: the element that had focus may have gone from the panel, and focus with it.
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      setIsOpen(false);
      anchor.current?.querySelector<HTMLElement>("[aria-haspopup]")?.focus();
    };
    document.addEventListener("pointerdown", onPointerDown);
    document.addEventListener("keydown", onKeyDown);
    if (kind === "menu") itemsOf(anchor.current)[0]?.focus();
    return () => {
      document.removeEventListener("pointerdown", onPointerDown);
      document.removeEventListener("keydown", onKeyDown);
    };
  }, [isOpen, kind]);
  return (
    <div
      ref={anchor}
      className="popover-anchor"
      onBlur={(event) => {
        if (event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget)) setIsOpen(false);
      }}
      onKeyDown={(event) => {
        if (isOpen && kind === "menu" && moveFocus(anchor.current, event.key)) event.preventDefault();
      }}
    >
      {trigger({
        "aria-expanded": isOpen,
        "aria-controls": id,
        "aria-haspopup": kind,
        onClick: () => setIsOpen(!isOpen),
      })}
      {isOpen ? (
        <div
          id={id}
          role={kind}
          aria-label={label}
          className={classNames("popover", kind === "menu" && "menu", align === "end" && "end", wide && "wide")}
        >
          {children(() => setIsOpen(false))}
        </div>
      ) : null}
    </div>
  );
}

function itemsOf(anchor: HTMLElement | null): readonly HTMLElement[] {
  return Array.from(anchor?.querySelectorAll<HTMLElement>("[role=menuitem], [role=menuitemradio]") ?? []);
}

function moveFocus(anchor: HTMLElement | null, key: string): boolean {
  const items = itemsOf(anchor);
  const present = items.findIndex((item) => item === document.activeElement);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: present + 1,
    ArrowUp: present - 1 + items.length,
    Home: 0,
    End: items.length - 1,
  };
  const target = steps[key];
  if (target === undefined || items.length === 0) return false;
  items[target % items.length]?.focus();
  return true;
}
