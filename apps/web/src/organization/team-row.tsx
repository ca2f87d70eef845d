import { EyeClosedIcon } from "@primer/octicons-react/EyeClosedIcon";
import { PeopleIcon } from "@primer/octicons-react/PeopleIcon";
import type { TeamCard } from "@guts/api";
import { Link } from "@tanstack/react-router";
import type { ReactElement, ReactNode } from "react";

import { formatCount } from "../text/quantity.ts";
import { teamRoleNames } from "./roles.ts";

interface TeamLineProps {
  readonly org: string;
  readonly team: TeamCard;
  readonly children?: ReactNode;
}

/** A team in a list: its name, what it is for, and how many are in it. `children` stand at its end. */
export function TeamLine({ org, team, children }: TeamLineProps): ReactElement {
  return (
    <div className="setting-row">
      <div>
        <div className="row wrap">
          <PeopleIcon className="muted" />
          <Link to="/orgs/$org/teams/$team" params={{ org, team: team.slug }}>
            <strong>{team.name}</strong>
          </Link>
          {team.isSecret ? <SecretLabel /> : null}
          {team.viewerRole === null ? null : (
            <span className="label accent">
              {team.viewerRole === "maintainer" ? teamRoleNames.maintainer : "Joined"}
            </span>
          )}
        </div>
        {team.description ? <p className="muted">{team.description}</p> : null}
      </div>
      <div className="row wrap">
        <span className="small muted nowrap">{formatCount(team.memberCount, "member")}</span>
        {children}
      </div>
    </div>
  );
}

/** Says that only its members and owners know of a team. */
export function SecretLabel(): ReactElement {
  return (
    <span className="label">
      <EyeClosedIcon size={12} /> Secret
    </span>
  );
}
