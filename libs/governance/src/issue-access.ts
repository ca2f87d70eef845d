/** Who may be given an issue. */
import { resolvePermission, type PermissionGrant } from "./permission-grant.ts";
import { permits } from "./permission.ts";

/** Whether somebody with these grants can be assigned: an issue's author, or who reads the repository as more than a stranger. */
export function isAssignable(grants: readonly PermissionGrant[], isAuthor: boolean): boolean {
  const personal = grants.filter(({ source }) => source !== "public");
  return isAuthor || permits(resolvePermission(personal).permission, "read");
}
