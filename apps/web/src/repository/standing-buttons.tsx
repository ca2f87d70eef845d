import { BellSlashIcon } from "@primer/octicons-react/BellSlashIcon";
import { CheckIcon } from "@primer/octicons-react/CheckIcon";
import { EyeIcon } from "@primer/octicons-react/EyeIcon";
import { StarFillIcon } from "@primer/octicons-react/StarFillIcon";
import { StarIcon } from "@primer/octicons-react/StarIcon";
import { TriangleDownIcon } from "@primer/octicons-react/TriangleDownIcon";
import { Link, useLocation } from "@tanstack/react-router";
import type { ReactElement, ReactNode } from "react";

import { useViewer } from "../account/session.ts";
import { Button, buttonClass } from "../components/button.tsx";
import { Popover } from "../components/popover.tsx";
import { formatNumber } from "../text/quantity.ts";
import { ForkButton } from "./fork-button.tsx";
import { useRepository } from "./use-repository.ts";
import { useStar, useSubscription, type Subscription } from "./use-standing.ts";

/** Watches and stars the repository; who is not signed in is led there first. */
export function StandingButtons(): ReactElement {
  const { repository } = useRepository();
  const viewer = useViewer();
  const isOwn = viewer?.handle === repository.owner;
  if (viewer === undefined || viewer === null)
    return (
      <div className="standing">
        <SignInLink label="Watch" count={repository.watcherCount} icon={<EyeIcon />} />
        <SignInLink label="Star" count={repository.starCount} icon={<StarIcon />} />
      </div>
    );
  return (
    <div className="standing">
      <WatchButton />
      {isOwn ? null : <ForkButton />}
      <StarButton />
    </div>
  );
}

interface SignInLinkProps {
  readonly label: string;
  readonly count: number;
  readonly icon: ReactNode;
}

function SignInLink({ label, count, icon }: SignInLinkProps): ReactElement {
  const { href } = useLocation();
  return (
    <Link
      to="/signin"
      search={{ return: href }}
      className={buttonClass({ small: true })}
      aria-label={`${label} (${count}); sign in first`}
    >
      {icon} {label} <span className="counter">{formatNumber(count)}</span>
    </Link>
  );
}

function StarButton(): ReactElement {
  const { repository, viewer } = useRepository();
  const star = useStar();
  const { isStarred } = viewer;
  return (
    <Button small onClick={() => star.mutate(!isStarred)}>
      {isStarred ? <StarFillIcon className="starred" /> : <StarIcon />} {isStarred ? "Starred" : "Star"}{" "}
      <span className="counter">{formatNumber(repository.starCount)}</span>
    </Button>
  );
}

const choices: readonly { readonly value: Subscription; readonly title: string; readonly hint: string }[] = [
  { value: null, title: "Participating", hint: "Hear of what you take part in, and of mentions." },
  { value: "subscribed", title: "All activity", hint: "Hear of everything here." },
  { value: "ignored", title: "Ignore", hint: "Hear of nothing, not even of mentions." },
];

const shown = {
  subscribed: { icon: <EyeIcon />, label: "Watching" },
  ignored: { icon: <BellSlashIcon />, label: "Ignoring" },
  none: { icon: <EyeIcon />, label: "Watch" },
} as const;

function WatchButton(): ReactElement {
  const { repository, viewer } = useRepository();
  const subscription = useSubscription();
  const { icon, label } = shown[viewer.subscription ?? "none"];
  return (
    <Popover
      kind="menu"
      align="end"
      label="What to hear of this repository"
      trigger={(props) => (
        <Button small {...props}>
          {icon} {label} <span className="counter">{formatNumber(repository.watcherCount)}</span>
          <TriangleDownIcon className="caret" />
        </Button>
      )}
    >
      {(close) =>
        choices.map(({ value, title, hint }) => (
          <button
            key={title}
            type="button"
            role="menuitemradio"
            aria-checked={viewer.subscription === value}
            tabIndex={-1}
            className="menu-item choice"
            onClick={() => {
              close();
              if (viewer.subscription !== value) subscription.mutate(value);
            }}
          >
            <span className="check">{viewer.subscription === value ? <CheckIcon /> : null}</span>
            <span>
              <strong>{title}</strong>
              <span className="hint">{hint}</span>
            </span>
          </button>
        ))
      }
    </Popover>
  );
}
