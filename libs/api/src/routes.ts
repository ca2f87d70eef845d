import { githubRoutes } from "./github/routes.ts";
import { administrationRoutes } from "./guts/administration.ts";
import { accessRoutes } from "./guts/access.ts";
import { auditRoutes } from "./guts/audit.ts";
import { gutsRoutes } from "./guts/routes.ts";
import { registrationRoutes } from "./guts/registration.ts";
import type { RouteInput, RouteOutput } from "./route.ts";

/** The whole HTTP API, keyed by method and URI template. */
export const routes = {
  ...githubRoutes,
  ...gutsRoutes,
  ...administrationRoutes,
  ...accessRoutes,
  ...auditRoutes,
  ...registrationRoutes,
} as const;

/** The table's type, for clients that must not load the schemas. */
export type Routes = typeof routes;
/** The name of a route that exists. */
export type ApiRouteName = keyof Routes;
/** What a request to the named route carries. */
export type ApiInput<Name extends ApiRouteName> = RouteInput<Name, Routes[Name]>;
/** What the named route answers when it succeeds. */
export type ApiOutput<Name extends ApiRouteName> = RouteOutput<Routes[Name]>;
