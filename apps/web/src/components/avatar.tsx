import type { ReactElement } from "react";

import { classNames } from "./class-names.ts";

const toneCount = 8;

interface AvatarProps {
  readonly handle: string;
  /** Where the picture is, if the page knows; else it is found by the handle, and may be a minute old. */
  readonly path?: string;
  readonly size?: number;
  readonly square?: boolean;
}

/** An account's picture, from this node: what it chose, or a pattern that follows from its number. */
export function Avatar({ handle, path = `/${handle}.png`, size = 20, square }: AvatarProps): ReactElement {
  return (
    <img
      className={classNames("avatar", square && "square")}
      src={path}
      width={size}
      height={size}
      alt=""
      decoding="async"
    />
  );
}

interface MarkProps {
  readonly name: string;
  readonly size?: number;
}

/** The mark of somebody without an account: their initial on a colour that follows from the name. */
export function Mark({ name, size = 20 }: MarkProps): ReactElement {
  return (
    <svg className="avatar" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" className={`tone-${toneOf(name)}`} />
      <text x="16" y="21.5">
        {name.charAt(0).toUpperCase()}
      </text>
    </svg>
  );
}

function toneOf(name: string): number {
  let sum = 7;
  for (const character of name.toLowerCase()) sum = (sum * 31 + character.charCodeAt(0)) % 65_521;
  return sum % toneCount;
}
