import type { ReactElement } from "react";

import { classNames } from "./class-names.ts";

const toneCount = 8;

interface AvatarProps {
  readonly handle: string;
  readonly size?: number;
  readonly square?: boolean;
}

/** An account's mark: its initial on a colour that follows from the handle. Nothing is fetched from elsewhere. */
export function Avatar({ handle, size = 20, square }: AvatarProps): ReactElement {
  return (
    <svg
      className={classNames("avatar", square && "square")}
      width={size}
      height={size}
      viewBox="0 0 32 32"
      aria-hidden="true"
    >
      <rect width="32" height="32" className={`tone-${toneOf(handle)}`} />
      <text x="16" y="21.5">
        {handle.charAt(0).toUpperCase()}
      </text>
    </svg>
  );
}

function toneOf(handle: string): number {
  let sum = 7;
  for (const character of handle.toLowerCase()) sum = (sum * 31 + character.charCodeAt(0)) % 65_521;
  return sum % toneCount;
}
