import { PeopleIcon } from "@primer/octicons-react/PeopleIcon";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { teamQuery } from "../api/organization-queries.ts";
import { Blankslate } from "../components/blankslate.tsx";
import { buttonClass } from "../components/button.tsx";
import { TeamLine } from "../organization/team-row.tsx";
import { useTeamName } from "../organization/use-organization.ts";

export const teamChildrenRoute = createLazyRoute("/orgs/$org/teams/$team/teams")({ component: TeamChildrenPage });

/** The teams inside a team. */
function TeamChildrenPage(): ReactElement {
  const name = useTeamName();
  const { data } = useSuspenseQuery(teamQuery(name));
  const add = data.viewer.mayUpdate ? (
    <Link
      to="/orgs/$org/new-team"
      params={{ org: name.org }}
      search={{ parent: data.team.id }}
      className={buttonClass({ variant: "primary" })}
    >
      New team inside
    </Link>
  ) : undefined;
  return (
    <section className="stack" aria-label="Teams inside">
      {data.children.length === 0 ? (
        <div className="box">
          <Blankslate icon={PeopleIcon} title="No team is inside this one" actions={add}>
            A team inside has every role of this one, and can have more of its own.
          </Blankslate>
        </div>
      ) : (
        <>
          <div className="row apart wrap">
            <p className="muted">Each has every role of {data.team.name}, beside its own.</p>
            {add}
          </div>
          <ul className="box">
            {data.children.map((child) => (
              <li key={child.id} className="box-row">
                <TeamLine org={name.org} team={child} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
