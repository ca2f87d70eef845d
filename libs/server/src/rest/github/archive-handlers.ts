import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { openAtPresentName } from "../../use-cases/open-repository.ts";
import { resolveCommit } from "../../use-cases/resolve-ref.ts";
import { encodePath } from "./urls.ts";

type Repo = "GET /api/v3/repos/{owner}/{repo}";
type Name = `${Repo}/${"tarball" | "zipball"}` | `${Repo}/${"tarball" | "zipball"}/{+ref}`;

/** Archives: the API sends to where they are. */
export function archiveHandlers(services: Services): Pick<RouteHandlers, Name> {
  type ArchiveCall = Parameters<RouteHandlers[`${Repo}/tarball`]>[0];
  const redirect = async (call: ArchiveCall, format: "tar.gz" | "zip", ref: string) => {
    const opened = openAtPresentName(services.ledger, call, "read-contents");
    await resolveCommit(services, opened, { name: ref === "" ? undefined : ref, signal: call.signal });
    const location = `${call.baseUrl}/${opened.fullName}/legacy.${format}/${encodePath(ref === "" ? "HEAD" : ref)}`;
    return { status: 302 as const, body: undefined, headers: { location } };
  };
  return {
    "GET /api/v3/repos/{owner}/{repo}/tarball": (call) => redirect(call, "tar.gz", ""),
    "GET /api/v3/repos/{owner}/{repo}/tarball/{+ref}": (call) => redirect(call, "tar.gz", call.path.ref),
    "GET /api/v3/repos/{owner}/{repo}/zipball": (call) => redirect(call, "zip", ""),
    "GET /api/v3/repos/{owner}/{repo}/zipball/{+ref}": (call) => redirect(call, "zip", call.path.ref),
  };
}
