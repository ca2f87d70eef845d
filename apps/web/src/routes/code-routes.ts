import { createRoute, redirect } from "@tanstack/react-router";

import { requireViewer } from "../account/session.ts";
import { blameQuery, compareQuery } from "../api/code-queries.ts";
import { blobQuery, repositoryQuery, treeQuery } from "../api/queries.ts";
import { repository, splatOf } from "./repository-route.ts";

/** Addresses of pages that compare, blame and change files: GitHub's. */

const nameOf = ({ owner, repo }: { readonly owner: string; readonly repo: string }) => ({ owner, name: repo });

const compare = createRoute({
  getParentRoute: () => repository,
  path: "/compare/$",
  beforeLoad: async ({ context, params }) => {
    const range = splatOf(params);
    if (range.includes("..")) return;
    const frame = await context.cache.ensureQueryData(repositoryQuery(nameOf(params)));
    if (frame.repository.isEmpty) throw redirect({ to: "/$owner/$repo", params, replace: true });
    const { defaultBranch } = frame.repository;
    const target = { ...params, _splat: `${defaultBranch}...${range === "" ? defaultBranch : range}` };
    throw redirect({ to: "/$owner/$repo/compare/$", params: target, replace: true });
  },
  loader: ({ context, params }) =>
    context.cache.ensureQueryData(compareQuery(nameOf(params), splatOf(params))).then(() => undefined),
}).lazy(() => import("../pages/compare.tsx").then((page) => page.compareRoute));

const blame = createRoute({
  getParentRoute: () => repository,
  path: "/blame/$",
  validateSearch: (search: Record<string, unknown>): { ignore?: "off" } =>
    search["ignore"] === "off" ? { ignore: "off" } : {},
  loaderDeps: ({ search }) => ({ ignore: search.ignore }),
  loader: ({ context, params, deps }) =>
    context.cache.ensureQueryData(blameQuery(nameOf(params), splatOf(params), deps.ignore)).then(() => undefined),
}).lazy(() => import("../pages/blame.tsx").then((page) => page.blameRoute));

const editFile = createRoute({
  getParentRoute: () => repository,
  path: "/edit/$",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
  loader: ({ context, params }) =>
    context.cache.fetchQuery(blobQuery(nameOf(params), splatOf(params))).then(() => undefined),
}).lazy(() => import("../editor/edit-file-page.tsx").then((page) => page.editFileRoute));

const newFile = createRoute({
  getParentRoute: () => repository,
  path: "/new/$",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
  loader: async ({ context, params }) => {
    const frame = await context.cache.ensureQueryData(repositoryQuery(nameOf(params)));
    if (!frame.repository.isEmpty) await context.cache.fetchQuery(treeQuery(nameOf(params), splatOf(params)));
  },
}).lazy(() => import("../editor/edit-file-page.tsx").then((page) => page.newFileRoute));

const deleteFile = createRoute({
  getParentRoute: () => repository,
  path: "/delete/$",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
  loader: ({ context, params }) =>
    context.cache.fetchQuery(blobQuery(nameOf(params), splatOf(params))).then(() => undefined),
}).lazy(() => import("../editor/delete-file-page.tsx").then((page) => page.deleteFileRoute));

const uploadFiles = createRoute({
  getParentRoute: () => repository,
  path: "/upload/$",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
  loader: ({ context, params }) =>
    context.cache.fetchQuery(treeQuery(nameOf(params), splatOf(params))).then(() => undefined),
}).lazy(() => import("../editor/upload-files-page.tsx").then((page) => page.uploadFilesRoute));

/** Children of a repository's frame. */
export const codeRoutes = [compare, blame, editFile, newFile, deleteFile, uploadFiles] as const;
