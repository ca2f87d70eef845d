import { organizationFields } from "./fields.ts";
import { command, group, type GutsCommand, type OpenContext } from "./guts-command.ts";

/** `guts org`: organizations and who is in them. */
export function organizationCommand(open: OpenContext): GutsCommand {
  const made = group("org", "Make organizations, see yours, invite people and join");
  for (const child of [list, create, invite, join]) made.addCommand(child(open));
  return made;
}

const list = (open: OpenContext) =>
  command("list", "List the organizations that you are in")
    .withJson(organizationFields)
    .runs(open, async () => (await import("../commands/org/org.ts")).listOrganizations);

const create = (open: OpenContext) =>
  command(
    "create <handle>",
    "Make an organization",
    "Make an organization. You are its owner; it has repositories and teams of its own and acts through its members.",
  )
    .option("-n, --name <name>", "What it is called on its page")
    .withExamples(["Found one", "guts org create acme --name 'Acme Corporation'"])
    .runs(open, async () => (await import("../commands/org/org.ts")).createOrganization);

const invite = (open: OpenContext) =>
  command(
    "invite <organization> <handle>",
    "Invite somebody, or change a member's role",
    "Invite somebody to an organization, or change what a member is in it. Who is invited joins with `guts org join`.",
  )
    .option("--owner", "As an owner, who may do everything")
    .withExamples(["Ask bob in", "guts org invite acme bob"])
    .runs(open, async () => (await import("../commands/org/org.ts")).inviteToOrganization);

const join = (open: OpenContext) =>
  command("join <organization>", "Accept an invitation to an organization").runs(
    open,
    async () => (await import("../commands/org/org.ts")).joinOrganization,
  );
