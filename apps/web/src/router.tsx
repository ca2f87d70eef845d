import type { QueryClient } from "@tanstack/react-query";
import { createRoute, createRouter, redirect } from "@tanstack/react-router";

import { requireViewer } from "./account/session.ts";
import { auditSearch } from "./audit/audit-search.ts";
import { isAbsent } from "./api/explain.ts";
import {
  accountQuery,
  blobQuery,
  blockQuery,
  blocksQuery,
  commitQuery,
  commitsQuery,
  homeQuery,
  networkQuery,
  ownInvitationsQuery,
  ownTransfersQuery,
  refsQuery,
  repositoryQuery,
  sessionQuery,
  treeQuery,
} from "./api/queries.ts";
import { organizationQuery, ownOrganizationsQuery } from "./api/organization-queries.ts";
import { administrationRoutes } from "./routes/administration-routes.ts";
import { organizationRoutes } from "./routes/organization-routes.ts";
import { codeRoutes } from "./routes/code-routes.ts";
import { repository, splatOf } from "./routes/repository-route.ts";
import { root } from "./routes/root-route.ts";
import { filterSearch, isFollowTab, ownerSearch, pageSearch, textIn } from "./routes/search.ts";
import { ErrorPage, NotFoundPage } from "./shell/error-page.tsx";
import { PagePending } from "./shell/page-pending.tsx";

/**
 * Every page's address and what it must have before it can be shown. The code of a page is fetched with its data, at
 * the same time; hovering over a link fetches both.
 */

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  loader: ({ context }) =>
    Promise.all([context.cache.ensureQueryData(homeQuery), context.cache.ensureQueryData(networkQuery)]),
}).lazy(() => import("./pages/home.tsx").then((page) => page.homeRoute));

const returnSearch = (search: Record<string, unknown>): { return?: string } =>
  typeof search["return"] === "string" ? { return: search["return"] } : {};

const signIn = createRoute({ getParentRoute: () => root, path: "/signin", validateSearch: returnSearch }).lazy(() =>
  import("./pages/sign-in.tsx").then((page) => page.signInRoute),
);

const signUp = createRoute({
  getParentRoute: () => root,
  path: "/signup",
  validateSearch: returnSearch,
  loader: ({ context }) => context.cache.ensureQueryData(sessionQuery),
}).lazy(() => import("./pages/sign-up.tsx").then((page) => page.signUpRoute));

const recover = createRoute({
  getParentRoute: () => root,
  path: "/recover",
  loader: ({ context }) => context.cache.ensureQueryData(networkQuery),
}).lazy(() => import("./pages/recover.tsx").then((page) => page.recoverRoute));

const device = createRoute({
  getParentRoute: () => root,
  path: "/login/device",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
}).lazy(() => import("./pages/device.tsx").then((page) => page.deviceRoute));

const visitBegin = createRoute({
  getParentRoute: () => root,
  path: "/login/elsewhere",
  validateSearch: returnSearch,
}).lazy(() => import("./pages/visit-begin.tsx").then((page) => page.visitBeginRoute));

const visitConsent = createRoute({
  getParentRoute: () => root,
  path: "/login/visit",
  // A handle of digits arrives as a number; it is only a hint.
  validateSearch: ({ node, request, login }: Record<string, unknown>) => ({
    ...(typeof node === "string" && { node }),
    ...(typeof request === "string" && { request }),
    ...(typeof login === "string" && { login }),
  }),
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
}).lazy(() => import("./pages/visit-consent.tsx").then((page) => page.visitConsentRoute));

const visitReturn = createRoute({ getParentRoute: () => root, path: "/login/visited" }).lazy(() =>
  import("./pages/visit-return.tsx").then((page) => page.visitReturnRoute),
);

const newRepository = createRoute({
  getParentRoute: () => root,
  path: "/new",
  validateSearch: (search: Record<string, unknown>): { owner?: string } => {
    const wanted = textIn(search, "owner");
    return wanted === undefined ? {} : { owner: wanted };
  },
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
}).lazy(() => import("./pages/new-repository.tsx").then((page) => page.newRepositoryRoute));

const invitations = createRoute({
  getParentRoute: () => root,
  path: "/invitations",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
  loader: ({ context }) =>
    Promise.all([
      context.cache.ensureQueryData(ownInvitationsQuery),
      context.cache.ensureQueryData(ownTransfersQuery),
      context.cache.ensureQueryData(ownOrganizationsQuery),
    ]),
}).lazy(() => import("./pages/invitations.tsx").then((page) => page.invitationsRoute));

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
}).lazy(() => import("./pages/settings-layout.tsx").then((page) => page.settingsRoute));

const settingsIndex = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/profile", replace: true });
  },
});

const settingsProfile = createRoute({ getParentRoute: () => settings, path: "/profile" }).lazy(() =>
  import("./pages/settings-profile.tsx").then((page) => page.settingsProfileRoute),
);
const settingsEmails = createRoute({ getParentRoute: () => settings, path: "/emails" }).lazy(() =>
  import("./pages/settings-emails.tsx").then((page) => page.settingsEmailsRoute),
);
const settingsAppearance = createRoute({ getParentRoute: () => settings, path: "/appearance" }).lazy(() =>
  import("./pages/settings-appearance.tsx").then((page) => page.settingsAppearanceRoute),
);
const settingsOrganizations = createRoute({ getParentRoute: () => settings, path: "/organizations" }).lazy(() =>
  import("./pages/settings-organizations.tsx").then((page) => page.settingsOrganizationsRoute),
);
const settingsPasskeys = createRoute({ getParentRoute: () => settings, path: "/passkeys" }).lazy(() =>
  import("./pages/settings-passkeys.tsx").then((page) => page.settingsPasskeysRoute),
);
const settingsTokens = createRoute({ getParentRoute: () => settings, path: "/tokens" }).lazy(() =>
  import("./pages/settings-tokens.tsx").then((page) => page.settingsTokensRoute),
);
const settingsSshKeys = createRoute({ getParentRoute: () => settings, path: "/ssh-keys" }).lazy(() =>
  import("./pages/settings-ssh-keys.tsx").then((page) => page.settingsSshKeysRoute),
);
const settingsSessions = createRoute({ getParentRoute: () => settings, path: "/sessions" }).lazy(() =>
  import("./pages/settings-sessions.tsx").then((page) => page.settingsSessionsRoute),
);
const settingsKeys = createRoute({ getParentRoute: () => settings, path: "/keys" }).lazy(() =>
  import("./pages/settings-keys.tsx").then((page) => page.settingsKeysRoute),
);
const settingsSecurityLog = createRoute({
  getParentRoute: () => settings,
  path: "/security-log",
  validateSearch: auditSearch,
}).lazy(() => import("./pages/settings-security-log.tsx").then((page) => page.settingsSecurityLogRoute));
const settingsLimits = createRoute({ getParentRoute: () => settings, path: "/limits" }).lazy(() =>
  import("./pages/settings-limits.tsx").then((page) => page.settingsLimitsRoute),
);

const status = createRoute({
  getParentRoute: () => root,
  path: "/status",
  validateSearch: (search: Record<string, unknown>): { before?: number } => {
    const before = Number(search["before"]);
    return Number.isSafeInteger(before) && before > 0 ? { before } : {};
  },
  loaderDeps: ({ search }) => ({ before: search.before }),
  loader: ({ context, deps }) =>
    Promise.all([context.cache.ensureQueryData(networkQuery), context.cache.ensureQueryData(blocksQuery(deps.before))]),
}).lazy(() => import("./pages/status.tsx").then((page) => page.statusRoute));

const block = createRoute({
  getParentRoute: () => root,
  path: "/status/blocks/$height",
  loader: ({ context, params }) => context.cache.ensureQueryData(blockQuery(Number(params.height))),
}).lazy(() => import("./pages/block.tsx").then((page) => page.blockRoute));

const owner = createRoute({
  getParentRoute: () => root,
  path: "/$owner",
  validateSearch: ownerSearch,
  loaderDeps: ({ search: { page = 1, query = "", tab } }) =>
    isFollowTab(tab) ? { page: 1, query } : { page, query, ...(tab !== undefined && { tab }) },
  loader: async ({ context, params, deps }) => {
    const view = await context.cache.ensureQueryData(accountQuery(params.owner, deps.page, deps.query, deps.tab));
    if (view.isOrganization) await context.cache.ensureQueryData(organizationQuery(view.account.handle));
  },
}).lazy(() => import("./pages/owner.tsx").then((page) => page.ownerRoute));

const repositoryHome = createRoute({
  getParentRoute: () => repository,
  path: "/",
  loader: async ({ context, params }) => {
    const name = { owner: params.owner, name: params.repo };
    const frame = await context.cache.ensureQueryData(repositoryQuery(name));
    if (!frame.repository.isEmpty) {
      await context.cache.ensureQueryData(treeQuery(name, frame.repository.defaultBranch)).catch(unlessAbsent);
    }
  },
}).lazy(() => import("./pages/repository-home.tsx").then((page) => page.repositoryHomeRoute));

const tree = createRoute({
  getParentRoute: () => repository,
  path: "/tree/$",
  beforeLoad: ({ params }) => {
    if (splatOf(params) === "") throw redirect({ to: "/$owner/$repo", params, replace: true });
  },
  loader: ({ context, params }) =>
    context.cache.ensureQueryData(treeQuery({ owner: params.owner, name: params.repo }, splatOf(params))),
}).lazy(() => import("./pages/tree.tsx").then((page) => page.treeRoute));

const blob = createRoute({
  getParentRoute: () => repository,
  path: "/blob/$",
  validateSearch: (search: Record<string, unknown>): { plain?: 1 } =>
    Number(search["plain"]) === 1 ? { plain: 1 } : {},
  loader: ({ context, params }) =>
    context.cache.ensureQueryData(blobQuery({ owner: params.owner, name: params.repo }, splatOf(params))),
}).lazy(() => import("./pages/blob.tsx").then((page) => page.blobRoute));

const commits = createRoute({
  getParentRoute: () => repository,
  path: "/commits/$",
  beforeLoad: async ({ context, params }) => {
    if (splatOf(params) !== "") return;
    const frame = await context.cache.ensureQueryData(repositoryQuery({ owner: params.owner, name: params.repo }));
    // Without a revision it is the default branch's history; without any commit, the page that says how to push one.
    if (frame.repository.isEmpty) throw redirect({ to: "/$owner/$repo", params, replace: true });
    const target = { ...params, _splat: frame.repository.defaultBranch };
    throw redirect({ to: "/$owner/$repo/commits/$", params: target, replace: true });
  },
  validateSearch: pageSearch,
  loaderDeps: ({ search }) => ({ page: search.page ?? 1 }),
  loader: ({ context, params, deps }) =>
    context.cache
      .ensureQueryData(commitsQuery({ owner: params.owner, name: params.repo }, splatOf(params), deps.page))
      .then(() => undefined),
}).lazy(() => import("./pages/commits.tsx").then((page) => page.commitsRoute));

const commit = createRoute({
  getParentRoute: () => repository,
  path: "/commit/$sha",
  loader: ({ context, params }) =>
    context.cache.ensureQueryData(commitQuery({ owner: params.owner, name: params.repo }, params.sha)),
}).lazy(() => import("./pages/commit.tsx").then((page) => page.commitRoute));

const branches = createRoute({
  getParentRoute: () => repository,
  path: "/branches",
  validateSearch: filterSearch,
  loaderDeps: ({ search }) => ({ page: search.page ?? 1, query: search.query ?? "" }),
  loader: ({ context, params, deps }) =>
    context.cache.ensureQueryData(
      refsQuery({ owner: params.owner, name: params.repo }, { kind: "heads", detail: "commits", ...deps }),
    ),
}).lazy(() => import("./pages/refs.tsx").then((page) => page.branchesRoute));

const tags = createRoute({
  getParentRoute: () => repository,
  path: "/tags",
  validateSearch: filterSearch,
  loaderDeps: ({ search }) => ({ page: search.page ?? 1, query: search.query ?? "" }),
  loader: ({ context, params, deps }) =>
    context.cache.ensureQueryData(
      refsQuery({ owner: params.owner, name: params.repo }, { kind: "tags", detail: "commits", ...deps }),
    ),
}).lazy(() => import("./pages/refs.tsx").then((page) => page.tagsRoute));

const repositorySettings = createRoute({
  getParentRoute: () => repository,
  path: "/settings",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
}).lazy(() => import("./pages/repository-settings.tsx").then((page) => page.repositorySettingsRoute));

const repositoryAccess = createRoute({
  getParentRoute: () => repository,
  path: "/settings/access",
  validateSearch: (search: Record<string, unknown>): { why?: string } => {
    const why = textIn(search, "why");
    return why === undefined ? {} : { why };
  },
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
}).lazy(() => import("./pages/repository-access.tsx").then((page) => page.repositoryAccessRoute));

const repositoryProtection = createRoute({
  getParentRoute: () => repository,
  path: "/settings/branches",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
}).lazy(() => import("./pages/repository-protection.tsx").then((page) => page.repositoryProtectionRoute));

const repositoryDeployKeys = createRoute({
  getParentRoute: () => repository,
  path: "/settings/keys",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
}).lazy(() => import("./pages/repository-deploy-keys.tsx").then((page) => page.repositoryDeployKeysRoute));

/** Outside of the repository's frame: an invitee may not read a private repository before accepting. */
const repositoryInvitation = createRoute({
  getParentRoute: () => root,
  path: "/$owner/$repo/invitations",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
  loader: ({ context }) => context.cache.ensureQueryData(ownInvitationsQuery),
}).lazy(() => import("./pages/repository-invitation.tsx").then((page) => page.repositoryInvitationRoute));

const routeTree = root.addChildren([
  home,
  signIn,
  signUp,
  recover,
  device,
  visitBegin,
  visitConsent,
  visitReturn,
  newRepository,
  invitations,
  settings.addChildren([
    settingsIndex,
    settingsProfile,
    settingsEmails,
    settingsAppearance,
    settingsOrganizations,
    settingsPasskeys,
    settingsTokens,
    settingsSshKeys,
    settingsSessions,
    settingsKeys,
    settingsSecurityLog,
    settingsLimits,
  ]),
  status,
  block,
  ...administrationRoutes,
  ...organizationRoutes,
  owner,
  repositoryInvitation,
  repository.addChildren([
    repositoryHome,
    tree,
    blob,
    commits,
    commit,
    ...codeRoutes,
    branches,
    tags,
    repositorySettings,
    repositoryAccess,
    repositoryProtection,
    repositoryDeployKeys,
  ]),
]);

/** The router over a cache of answers. */
export function createAppRouter(cache: QueryClient) {
  return createRouter({
    routeTree,
    context: { cache },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 200,
    defaultPendingMinMs: 300,
    defaultPendingComponent: PagePending,
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}

function unlessAbsent(error: unknown): undefined {
  if (!isAbsent(error)) throw error;
  return undefined;
}
