/** The roles one can have in a repository, as GitHub's API names them, with what each allows. */
export const roleChoices = [
  { value: "pull", label: "Read: see and clone it" },
  { value: "triage", label: "Triage: see and clone it, sort issues" },
  { value: "push", label: "Write: push to it" },
  { value: "maintain", label: "Maintain: push, and describe it" },
  { value: "admin", label: "Admin: change settings and access" },
] as const;

/** The value of one of {@link roleChoices}. */
export type RoleChoice = (typeof roleChoices)[number]["value"];

const names: Readonly<Record<string, string>> = {
  read: "Read",
  pull: "Read",
  triage: "Triage",
  write: "Write",
  push: "Write",
  maintain: "Maintain",
  admin: "Admin",
};

/** A role's name as people say it. */
export function roleName(role: string): string {
  return names[role] ?? role;
}

/** A role as the choice that stands for it. */
export function roleChoiceOf(role: string): RoleChoice {
  if (role === "write") return "push";
  return roleChoices.find(({ value }) => value === role)?.value ?? "pull";
}
