import { memberFields, organizationFields, organizationInvitationFields, organizationViewFields } from "./fields.ts";
import { choice, command, group, type GutsCommand, type OpenContext } from "./guts-command.ts";

/** `guts org`: organizations and who is in them. */
export function organizationCommand(open: OpenContext): GutsCommand {
  const made = group("org", "Make and run organizations, invite people, join", groupText);
  for (const child of [list, view, create, edit, rename, remove, invite, join, leave, member, invitation])
    made.addCommand(child(open));
  return made;
}

const groupText =
  "Make and run organizations: accounts that have repositories of their own and act through their members. Owners do " +
  "everything; what other members may, the settings and teams say (`guts org edit`, `guts team`). A token needs the " +
  "scope admin:org for most of it.";

const load = {
  org: () => import("../commands/org/org.ts"),
  settings: () => import("../commands/org/settings.ts"),
  member: () => import("../commands/org/member.ts"),
  invitation: () => import("../commands/org/invitation.ts"),
};

const list = (open: OpenContext) =>
  command("list", "List the organizations that you are in")
    .withJson(organizationFields)
    .runs(open, async () => (await load.org()).listOrganizations);

const view = (open: OpenContext) =>
  command(
    "view <organization>",
    "Show an organization",
    "Show an organization's profile and, to its members, its settings.",
  )
    .withJson(organizationViewFields)
    .runs(open, async () => (await load.settings()).viewOrganization);

const create = (open: OpenContext) =>
  command(
    "create <handle>",
    "Make an organization",
    "Make an organization. You are its owner; it has repositories and teams of its own and acts through its members.",
  )
    .option("-n, --name <name>", "What it is called on its page")
    .withExamples(["Found one", "guts org create acme --name 'Acme Corporation'"])
    .runs(open, async () => (await load.org()).createOrganization);

const edit = (open: OpenContext) =>
  command(
    "edit <organization>",
    "Change an organization's profile and settings",
    "Change an organization's profile and settings; what is not given stays, an empty text clears. The base permission is " +
      "what every member may do with every repository, beside what teams and collaborators give. For owners.",
  )
    .option("-n, --name <name>", "What it is called on its page")
    .option("-d, --description <text>", "What it is")
    .option("--location <text>", "Where it is")
    .option("--website <url>", "Its address")
    .addOption(choice("--base-permission <level>", "What every member may do", ["none", "read", "write", "admin"]))
    .addOption(
      choice("--repository-creation <kind>", "Which repositories members may create", ["all", "private", "none"]),
    )
    .withExamples(
      ["Access by teams alone", "guts org edit acme --base-permission none"],
      ["Only owners create repositories", "guts org edit acme --repository-creation none"],
    )
    .runs(open, async () => (await load.settings()).editOrganization);

const rename = (open: OpenContext) =>
  command(
    "rename <organization> <new-handle>",
    "Give an organization another handle",
    "Give an organization another handle. The former one stays with it and redirects, for git and the web. For owners.",
  ).runs(open, async () => (await load.settings()).renameOrganization);

const remove = (open: OpenContext) =>
  command(
    "delete <organization>",
    "Delete an organization",
    "Delete an organization with its teams and memberships. It must have no repositories any more: transfer or delete " +
      "them first. Its handle stays taken. For owners; this cannot be undone.",
  )
    .option("-y, --yes", "Do not ask for confirmation")
    .withExamples(["Asks you to type the handle", "guts org delete acme"])
    .runs(open, async () => (await load.settings()).deleteOrganization);

const invite = (open: OpenContext) =>
  command(
    "invite <organization> <handle>",
    "Invite somebody, or change a member's role",
    "Invite somebody to an organization, or change what a member is in it. Who is invited joins with `guts org join`.",
  )
    .option("--owner", "As an owner, who may do everything")
    .option("--team <teams>", "Into these teams too, by name, separated by commas")
    .withExamples(["Ask bob in", "guts org invite acme bob"], ["Into a team", "guts org invite acme bob --team core"])
    .runs(open, async () => (await load.org()).inviteToOrganization);

const join = (open: OpenContext) =>
  command("join <organization>", "Accept an invitation to an organization").runs(
    open,
    async () => (await load.org()).joinOrganization,
  );

const leave = (open: OpenContext) =>
  command(
    "leave <organization>",
    "Leave an organization",
    "Leave an organization, with your teams and roles there. The last owner cannot: make somebody else one first.",
  )
    .option("-y, --yes", "Do not ask for confirmation")
    .runs(open, async () => (await load.member()).leaveOrganization);

const member = (open: OpenContext) =>
  group("member", "Say who is in an organization, and as what")
    .addCommand(
      command(
        "list <organization>",
        "List members and their roles",
        "List members and their roles, owners first. Who is no member sees those who show that they are.",
      )
        .withJson(memberFields)
        .runs(open, async () => (await load.member()).listMembers),
    )
    .addCommand(
      command("set <organization> <handle> <role>", "Make a member an owner, or an owner a member")
        .withExamples(["Another owner", "guts org member set acme bob owner"])
        .runs(open, async () => (await load.member()).setMember),
    )
    .addCommand(
      command(
        "remove <organization> <handle>",
        "Remove a member",
        "Remove a member, with their teams and their roles on the organization's repositories. For owners.",
      )
        .option("-y, --yes", "Do not ask for confirmation")
        .runs(open, async () => (await load.member()).removeMember),
    )
    .addCommand(
      command("show <organization>", "Let everybody see that you are a member").runs(open, async () =>
        (await load.member()).showMembership(true),
      ),
    )
    .addCommand(
      command("hide <organization>", "Let members alone see that you are one").runs(open, async () =>
        (await load.member()).showMembership(false),
      ),
    );

const invitation = (open: OpenContext) =>
  group("invitation", "See invitations to organizations, take them back, decline yours")
    .addCommand(
      command(
        "list [organization]",
        "List open invitations",
        "List the invitations of an organization that have not been answered; without one those to you.",
      )
        .withJson(organizationInvitationFields)
        .runs(open, async () => (await load.invitation()).listInvitations),
    )
    .addCommand(
      command("cancel <organization> <handle>", "Take an invitation back").runs(
        open,
        async () => (await load.invitation()).cancelInvitation,
      ),
    )
    .addCommand(
      command("accept <organization>", "Accept an invitation, like `guts org join`").runs(
        open,
        async () => (await load.org()).joinOrganization,
      ),
    )
    .addCommand(
      command("decline <organization>", "Decline an invitation").runs(
        open,
        async () => (await load.invitation()).declineInvitation,
      ),
    );
