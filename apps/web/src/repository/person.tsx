import type { Person } from "@guts/api";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { Avatar, Mark } from "../components/avatar.tsx";

/** Whoever a commit names: an account with a page, or only a name in the commit. */
export function PersonName({ person }: { readonly person: Person }): ReactElement {
  const title = `${person.name} <${person.email}>`;
  if (person.handle === null) return <strong title={title}>{person.name}</strong>;
  return (
    <Link to="/$owner" params={{ owner: person.handle }} title={title} className="quiet">
      <strong>{person.handle}</strong>
    </Link>
  );
}

/** The mark of whoever a commit names. */
export function PersonAvatar({ person, size = 20 }: { readonly person: Person; readonly size?: number }): ReactElement {
  const { handle, name } = person;
  return handle === null ? <Mark name={name} size={size} /> : <Avatar handle={handle} size={size} />;
}
