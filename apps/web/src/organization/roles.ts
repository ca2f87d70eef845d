import type { OrganizationRole, OrganizationView, TeamRole } from "@guts/api";

/** A member's role in an organization as people say it. */
export const organizationRoleNames: Readonly<Record<OrganizationRole, string>> = { owner: "Owner", member: "Member" };

/** A member's role in a team as people say it. */
export const teamRoleNames: Readonly<Record<TeamRole, string>> = { maintainer: "Maintainer", member: "Member" };

/** The role of {@link organizationRoleNames} in GitHub's words. */
export function githubRoleOf(role: OrganizationRole): "admin" | "member" {
  return role === "owner" ? "admin" : "member";
}

type Settings = NonNullable<OrganizationView["settings"]>;

/** A value of a setting, its name and what it means. */
interface SettingChoice<Value> {
  readonly value: Value;
  readonly label: string;
  readonly meaning: string;
}

/** What every member may do with every repository, from least to most. */
export const basePermissions: readonly SettingChoice<Settings["basePermission"]>[] = [
  { value: "none", label: "None", meaning: "Members have what teams and invitations give them." },
  { value: "read", label: "Read", meaning: "Members see and clone every repository." },
  { value: "write", label: "Write", meaning: "Members push to every repository, too." },
  { value: "admin", label: "Admin", meaning: "Members change settings and access of every repository, too." },
];

/** Which repositories members may make for the organization. */
export const repositoryCreations: readonly SettingChoice<Settings["repositoryCreation"]>[] = [
  { value: "all", label: "Public and private", meaning: "Members make repositories of any kind." },
  { value: "private", label: "Private only", meaning: "Only owners make something public." },
  { value: "none", label: "None", meaning: "Only owners make repositories." },
];
