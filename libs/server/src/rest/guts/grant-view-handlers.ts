import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { awaitReadModel } from "../../use-cases/lists.ts";
import { openRepository } from "../../use-cases/open-repository.ts";
import { seesTeam } from "../../use-cases/organizations.ts";
import { permissionOf } from "../../use-cases/permission.ts";
import { textReader } from "../../use-cases/texts.ts";
import { presentPersonCard, presentTeamCard } from "./present-organization-views.ts";

type Repo = "GET /api/guts/view/repos/{owner}/{repo}";
type Name = `${Repo}/${"grants" | "collaborators"}`;

const perPage = 30;

/** Who gets to a repository: by its organization, by teams, by invitation. For who administers it. */
export function grantViewHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger, readModel } = services;
  const text = textReader(ledger);
  return {
    "GET /api/guts/view/repos/{owner}/{repo}/grants": ({ path, actor }) => {
      const { state, repository, owner } = openRepository(ledger, actor, path, "manage-collaborators");
      const { organizations } = state;
      const settings = organizations.settings(owner.id);
      const all = [...organizations.repositoryTeams(repository)];
      const known = all.filter(([team]) => seesTeam(state, actor, team));
      const organization =
        settings === undefined
          ? null
          : {
              handle: owner.handle,
              ownerCount: organizations.ownerCount(owner.id),
              memberCount: Array.from(organizations.members(owner.id)).length,
              basePermission: settings.basePermission,
            };
      const teams = known.map(([team, role]) => ({
        ...presentTeamCard(state, team, { viewer: actor.account, text }),
        role,
        childCount: Array.from(organizations.childTeams(team.id)).length,
      }));
      return { status: 200, body: { organization, teams, hiddenTeamCount: all.length - known.length } };
    },
    "GET /api/guts/view/repos/{owner}/{repo}/collaborators": async ({ path, query, actor, signal }) => {
      const { state, repository } = openRepository(ledger, actor, path, "manage-collaborators");
      await awaitReadModel(services, signal);
      const page = query.page ?? 1;
      const direct = {
        repository: repository.id,
        owner: repository.owner,
        affiliation: "direct",
        page,
        perPage,
      } as const;
      const { items, hasMore } = await readModel.organizations.people(direct, signal);
      const collaborators = items.flatMap((id) => {
        const account = state.account(id);
        const role = state.collaboratorRole(repository.id, id);
        const permission = permissionOf(state, repository, id);
        if (account === undefined || role === undefined || permission === "none") return [];
        return [{ ...presentPersonCard(account, text), role, permission }];
      });
      return { status: 200, body: { collaborators, page, hasMore } };
    },
  };
}
