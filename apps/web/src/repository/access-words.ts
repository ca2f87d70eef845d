import type { AccessReason, RepositoryAccess } from "@guts/api";

const abilities: Readonly<Record<RepositoryAccess["permission"], string>> = {
  none: "has no access",
  read: "may read and clone, and not push",
  triage: "may read and clone and sort issues, and not push",
  write: "may push",
  maintain: "may push, and describe the repository",
  admin: "may push, and change settings and access",
};

/** What somebody may do, in a sentence. */
export function abilityOf({ login, permission }: RepositoryAccess): string {
  return `${login} ${abilities[permission]}.`;
}

/** A reason in a sentence about the person. */
export function reasonOf(login: string, { source, text }: AccessReason): string {
  return source === "public" ? "Everybody reads a public repository." : `${login} ${text}.`;
}
