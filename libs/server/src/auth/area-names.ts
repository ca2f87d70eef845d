import type { AreaPermissions } from "@guts/governance";

/** The areas of a repository as GitHub's API names the permissions of fine-grained tokens. */
export const areaNames = {
  contents: "contents",
  administration: "administration",
  metadata: "metadata",
  issues: "issues",
  pullRequests: "pull_requests",
} as const satisfies Readonly<Record<keyof AreaPermissions, string>>;
