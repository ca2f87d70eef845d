import { teamFields, teamMemberFields, teamRepositoryFields, teamViewFields } from "./fields.ts";
import { choice, command, group, type GutsCommand, type OpenContext } from "./guts-command.ts";

/** `guts team`: teams of organizations. */
export function teamCommand(open: OpenContext): GutsCommand {
  const made = group("team", "Make teams, say who is in them and what they may do", groupText);
  for (const child of [list, view, create, edit, remove, members, add, removeMember, repos])
    made.addCommand(child(open));
  return made;
}

const groupText =
  "Make teams of an organization, say who is in them and what they may do with its repositories. A team is named " +
  "ORGANIZATION/TEAM, such as acme/core. Child teams have their parent's roles too. `guts repo access` says by which " +
  "team somebody may do something. A token needs the scope admin:org to change teams, read:org to see them.";

const load = {
  team: () => import("../commands/team/team.ts"),
  access: () => import("../commands/team/team-access.ts"),
};

const list = (open: OpenContext) =>
  command(
    "list [organization]",
    "List teams",
    "List the teams of an organization that you may see; without one those that you are in.",
  )
    .withJson(teamFields)
    .runs(open, async () => (await load.team()).listTeams);

const view = (open: OpenContext) =>
  command("view <team>", "Show a team")
    .withJson(teamViewFields)
    .withExamples(["One of acme's", "guts team view acme/core"])
    .runs(open, async () => (await load.team()).viewTeam);

const privacy = () => choice("--privacy <kind>", "Who may see it (default: visible)", ["visible", "secret"]);

const create = (open: OpenContext) =>
  command(
    "create <organization> <name>",
    "Make a team",
    "Make a team. All members of the organization see it unless it is secret. A member who makes one maintains it; an " +
      "owner of the organization is not in it by that.",
  )
    .option("-d, --description <text>", "What it is for")
    .addOption(privacy())
    .option("--parent <team>", "Nest it under this team of the organization, whose roles it has too")
    .withExamples(
      ["A team", "guts team create acme core"],
      ["A child of it", "guts team create acme 'core reviewers' --parent core"],
    )
    .runs(open, async () => (await load.team()).createTeam);

const edit = (open: OpenContext) =>
  command("edit <team>", "Change a team's name, description, privacy or parent")
    .option("-n, --name <name>", "What it is called; its address follows")
    .option("-d, --description <text>", "What it is for")
    .addOption(choice("--privacy <kind>", "Who may see it", ["visible", "secret"]))
    .option("--parent <team>", "Nest it under this team of the organization")
    .option("--no-parent", "Take it out from under its parent")
    .runs(open, async () => (await load.team()).editTeam);

const remove = (open: OpenContext) =>
  command("delete <team>", "Delete a team with its child teams")
    .option("-y, --yes", "Do not ask for confirmation")
    .runs(open, async () => (await load.team()).deleteTeam);

const members = (open: OpenContext) =>
  command("members <team>", "List who is in a team, or in one of its child teams")
    .withJson(teamMemberFields)
    .runs(open, async () => (await load.access()).listTeamMembers);

const add = (open: OpenContext) =>
  command(
    "add <team> <handle>",
    "Add somebody to a team, or change their role there",
    "Add a member of the organization to a team, or change their role there. Whom an owner adds who is no member yet is " +
      "invited to the organization, and joins the team with it.",
  )
    .option("--maintainer", "As a maintainer, who looks after the team and its members")
    .withExamples(["Add bob", "guts team add acme/core bob"])
    .runs(open, async () => (await load.access()).addToTeam);

const removeMember = (open: OpenContext) =>
  command("remove <team> <handle>", "Remove somebody from a team").runs(
    open,
    async () => (await load.access()).removeFromTeam,
  );

const repos = (open: OpenContext) =>
  group("repos", "Say what a team may do with repositories of its organization")
    .addCommand(
      command("list <team>", "List the repositories that a team has a role on")
        .withJson(teamRepositoryFields)
        .runs(open, async () => (await load.access()).listTeamRepositories),
    )
    .addCommand(
      command(
        "add <team> <repository>",
        "Give a team a role on a repository, or another one",
        "Give a team a role on a repository of its organization, or another one. For who administers the repository.",
      )
        .addOption(
          choice("--role <role>", "What the team may do (default: write)", [
            "read",
            "triage",
            "write",
            "maintain",
            "admin",
          ]),
        )
        .withExamples(["Let a team push", "guts team repos add acme/core engine"])
        .runs(open, async () => (await load.access()).addTeamRepository),
    )
    .addCommand(
      command("remove <team> <repository>", "Take a team's role on a repository away").runs(
        open,
        async () => (await load.access()).removeTeamRepository,
      ),
    );
