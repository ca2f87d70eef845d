import { isPublicRef } from "@guts/governance";
import { parseBranchName, parseRefName, shortRefName, type ObjectId, type RefName } from "@guts/primitives";

import { invalidField, notFound, Refusal } from "../../errors.ts";
import type { RouteHandlers } from "../../http/call.ts";
import type { GitTreeEntry, LogFilter } from "../../ports/index.ts";
import type { Services } from "../../services.ts";
import { listHistory } from "../../use-cases/browse.ts";
import { openAtPresentName, type OpenedRepository } from "../../use-cases/open-repository.ts";
import { pathParts, requireCommit, requirePath, requireReachable, resolveCommit } from "../../use-cases/resolve-ref.ts";
import { ruleFinder } from "../../use-cases/protection.ts";
import { pageLinks, pageOf, slicePage } from "../paging.ts";
import { formatPatch } from "./format-patch.ts";
import { placeOf, presentBranch, protectionOf, redirectFromFormerBranch } from "./present-branch.ts";
import { blobBytesMax, blobTooLarge } from "./content-handlers.ts";
import {
  patchFormatOf,
  presentCommit,
  presentCommitWithFiles,
  presentGitCommit,
  presentGitTag,
  wrapBase64,
} from "./present-git.ts";
import { nodeIdOf, Urls } from "./urls.ts";

type Repo = "/api/v3/repos/{owner}/{repo}";
type RefListName = `GET ${Repo}/branches` | `GET ${Repo}/branches/{+branch}` | `GET ${Repo}/tags`;
type GitRefName = `GET ${Repo}/git/ref/{+ref}` | `GET ${Repo}/git/matching-refs/{+ref}`;
type CommitName = `GET ${Repo}/commits` | `GET ${Repo}/commits/{+ref}`;
type ObjectName =
  `GET ${Repo}/git/${"blobs/{file_sha}" | "commits/{commit_sha}" | "tags/{tag_sha}" | "trees/{+tree_sha}"}`;

/** Entries of a tree that is listed with everything below it; GitHub's limit. */
const recursiveEntryCountMax = 100_000;

/** Branches, tags, commits and objects, in GitHub's shapes. */
export function gitHandlers(
  services: Services,
): Pick<RouteHandlers, RefListName | GitRefName | CommitName | ObjectName> {
  return {
    ...refListHandlers(services),
    ...gitRefHandlers(services),
    ...commitHandlers(services),
    ...objectHandlers(services),
  };
}

function refListHandlers(services: Services): Pick<RouteHandlers, RefListName> {
  const { ledger, git, refs } = services;
  return {
    "GET /api/v3/repos/{owner}/{repo}/branches": (call) => {
      const opened = openAtPresentName(ledger, call, "read-contents");
      const page = pageOf(call.query);
      const { items, hasMore } = slicePage(refs.list(opened.state, opened.repository).under("refs/heads/"), page);
      const api = new Urls(call.baseUrl).repository(opened.fullName);
      const find = ruleFinder(opened.state, opened.repository.id);
      const body = items.map(({ name, id }) => ({
        name: shortRefName(name),
        commit: { sha: id, url: `${api}/commits/${id}` },
        ...protectionOf(opened, find(name), `${api}/branches/${encodeURIComponent(shortRefName(name))}`),
      }));
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/repos/{owner}/{repo}/branches/{+branch}": async (call) => {
      const opened = openAtPresentName(ledger, call, "read-contents");
      const name = parseBranchName(call.path.branch);
      if (name === undefined) throw new Refusal("not-found", "Branch not found");
      redirectFromFormerBranch(opened, name, call);
      return { status: 200, body: await presentBranch(services, opened, { name, call }) };
    },
    "GET /api/v3/repos/{owner}/{repo}/tags": async (call) => {
      const opened = openAtPresentName(ledger, call, "read-contents");
      const page = pageOf(call.query);
      const { items, hasMore } = slicePage(
        refs.list(opened.state, opened.repository).under("refs/tags/").toReversed(),
        page,
      );
      const ids = items.map(({ id }) => id);
      const peeled = await git.peel(opened.repository.id, ids, call.signal);
      const api = new Urls(call.baseUrl).repository(opened.fullName);
      const body = items.map(({ name, id }) => {
        const short = shortRefName(name);
        const sha = peeled.get(id) ?? id;
        return {
          name: short,
          node_id: nodeIdOf("Ref", opened.repository.id, `refs/tags/${short}`),
          commit: { sha, url: `${api}/commits/${sha}` },
          zipball_url: `${api}/zipball/refs/tags/${short}`,
          tarball_url: `${api}/tarball/refs/tags/${short}`,
        };
      });
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
  };
}

function gitRefHandlers(services: Services): Pick<RouteHandlers, GitRefName> {
  const { ledger, git, refs } = services;
  const present = async (
    opened: OpenedRepository,
    refs: readonly { name: RefName; id: ObjectId }[],
    call: { baseUrl: string; signal: AbortSignal },
  ) => {
    const tags = refs.filter(({ name }) => name.startsWith("refs/tags/")).map(({ id }) => id);
    const peeled = await git.peel(opened.repository.id, tags, call.signal);
    const api = new Urls(call.baseUrl).repository(opened.fullName);
    return refs.map(({ name, id }) => {
      const type = (peeled.get(id) ?? id) === id ? "commit" : "tag";
      return {
        ref: name,
        node_id: nodeIdOf("Ref", opened.repository.id, name),
        url: `${api}/git/${name}`,
        object: { type, sha: id, url: `${api}/git/${type}s/${id}` },
      };
    });
  };
  return {
    "GET /api/v3/repos/{owner}/{repo}/git/ref/{+ref}": async (call) => {
      const opened = openAtPresentName(ledger, call, "read-contents");
      const name = parseRefName(`refs/${call.path.ref.replace(/^refs\//, "")}`);
      const id = name === undefined || !isPublicRef(name) ? undefined : opened.state.ref(opened.repository.id, name);
      if (name === undefined || id === undefined) throw notFound();
      const [body] = await present(opened, [{ name, id }], call);
      if (body === undefined) throw notFound();
      return { status: 200, body };
    },
    "GET /api/v3/repos/{owner}/{repo}/git/matching-refs/{+ref}": async (call) => {
      const opened = openAtPresentName(ledger, call, "read-contents");
      const prefix = `refs/${call.path.ref.replace(/^refs\//, "")}`;
      const matching = refs.list(opened.state, opened.repository).under(prefix);
      return { status: 200, body: await present(opened, matching, call) };
    },
  };
}

function commitHandlers(services: Services): Pick<RouteHandlers, CommitName> {
  const { ledger, git } = services;
  return {
    "GET /api/v3/repos/{owner}/{repo}/commits": async (call) => {
      const opened = openAtPresentName(ledger, call, "read-contents");
      if (opened.repository.refCount === 0) throw new Refusal("conflict", "Git Repository is empty.");
      const { sha, path = "" } = call.query;
      const filter = historyFilterOf(call.query);
      const resolved = await resolveCommit(services, opened, { name: sha, signal: call.signal });
      const at = { ...resolved, path: requirePath(pathParts(path)) };
      const page = pageOf(call.query);
      const { commits, hasMore } = await listHistory(
        services,
        { opened, at, signal: call.signal },
        { ...page, filter },
      );
      const place = placeOf(services, opened, call.baseUrl);
      const body = commits.map((commit) => presentCommit(commit, place));
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/repos/{owner}/{repo}/commits/{+ref}": async (call) => {
      const opened = openAtPresentName(ledger, call, "read-contents");
      const { commit: id } = await resolveCommit(services, opened, { name: call.path.ref, signal: call.signal });
      const commit = await requireCommit(services, opened, { commit: id, signal: call.signal });
      const diff = await git.diff(opened.repository.id, { commit: id, signal: call.signal });
      if (diff === undefined) throw notFound();
      const format = patchFormatOf(call.accept);
      if (format !== undefined)
        return {
          status: 200,
          type: `application/vnd.github.v3.${format}; charset=utf-8`,
          bytes: formatPatch(commit, diff, format),
        };
      return { status: 200, body: presentCommitWithFiles(commit, diff, placeOf(services, opened, call.baseUrl)) };
    },
  };
}

function objectHandlers(services: Services): Pick<RouteHandlers, ObjectName> {
  const { ledger, git } = services;
  return {
    "GET /api/v3/repos/{owner}/{repo}/git/blobs/{file_sha}": async (call) => {
      const opened = openAtPresentName(ledger, call, "read-contents");
      const blobId = await requireReachable(services, opened, { idText: call.path.file_sha, signal: call.signal });
      const options = { blob: blobId, bytesMax: blobBytesMax, signal: call.signal };
      const blob = await git.readBlob(opened.repository.id, options);
      if (blob === undefined) throw notFound();
      if (blob.isTruncated) throw blobTooLarge();
      const url = `${new Urls(call.baseUrl).repository(opened.fullName)}/git/blobs/${blobId}`;
      const node_id = nodeIdOf("Blob", opened.repository.id, blobId);
      return {
        status: 200,
        body: { sha: blobId, node_id, size: blob.sizeBytes, url, content: wrapBase64(blob.bytes), encoding: "base64" },
      };
    },
    "GET /api/v3/repos/{owner}/{repo}/git/commits/{commit_sha}": async (call) => {
      const opened = openAtPresentName(ledger, call, "read-contents");
      const commitId = await requireReachable(services, opened, { idText: call.path.commit_sha, signal: call.signal });
      const commit = await requireCommit(services, opened, { commit: commitId, signal: call.signal });
      return { status: 200, body: presentGitCommit(commit, placeOf(services, opened, call.baseUrl)) };
    },
    "GET /api/v3/repos/{owner}/{repo}/git/tags/{tag_sha}": async (call) => {
      const opened = openAtPresentName(ledger, call, "read-contents");
      const tagId = await requireReachable(services, opened, { idText: call.path.tag_sha, signal: call.signal });
      const tag = await git.readTag(opened.repository.id, tagId, call.signal);
      if (tag === undefined) throw notFound();
      return { status: 200, body: presentGitTag(tag, placeOf(services, opened, call.baseUrl)) };
    },
    "GET /api/v3/repos/{owner}/{repo}/git/trees/{+tree_sha}": async (call) => {
      const opened = openAtPresentName(ledger, call, "read-contents");
      const { commit } = await resolveCommit(services, opened, { name: call.path.tree_sha, signal: call.signal });
      const isRecursive = call.query.recursive !== undefined;
      const tree = await collectTree(services, { opened, commit, isRecursive, signal: call.signal });
      const api = new Urls(call.baseUrl).repository(opened.fullName);
      // The id of a tree is as good as that of a commit.
      const sha = (await git.readCommit(opened.repository.id, commit, call.signal))?.tree ?? commit;
      const entries = tree.entries.map(({ path, entry }) => ({
        path,
        mode: entry.mode,
        type: entry.type,
        sha: entry.id,
        ...(entry.sizeBytes !== undefined && { size: entry.sizeBytes }),
        url: `${api}/git/${entry.type}s/${entry.id}`,
      }));
      return { status: 200, body: { sha, url: `${api}/git/trees/${sha}`, tree: entries, truncated: tree.isTruncated } };
    },
  };
}

interface TreeWalk {
  readonly opened: OpenedRepository;
  readonly commit: ObjectId;
  readonly isRecursive: boolean;
  readonly signal: AbortSignal;
}

/** Entries of a commit's tree, with all below it when asked for, in git's order. */
async function collectTree({ git }: Services, { opened, commit, isRecursive, signal }: TreeWalk) {
  const entries: { readonly path: string; readonly entry: GitTreeEntry }[] = [];
  const visit = async (directory: string): Promise<void> => {
    for (const entry of (await git.listTree(opened.repository.id, { commit, path: directory, signal })) ?? []) {
      if (entries.length >= recursiveEntryCountMax) return;
      const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
      entries.push({ path, entry });
      if (isRecursive && entry.type === "tree") await visit(path);
    }
  };
  await visit("");
  return { entries, isTruncated: entries.length >= recursiveEntryCountMax };
}

/** The filters of a history's query. Throws `Refusal` for what is no time. */
function historyFilterOf({
  author,
  committer,
  since,
  until,
}: {
  readonly author?: string;
  readonly committer?: string;
  readonly since?: string;
  readonly until?: string;
}): LogFilter {
  return {
    ...(author !== undefined && { author }),
    ...(committer !== undefined && { committer }),
    ...(since !== undefined && { sinceSeconds: secondsOf("since", since) }),
    ...(until !== undefined && { untilSeconds: secondsOf("until", until) }),
  };
}

function secondsOf(field: string, text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time) || time < 0)
    throw invalidField({ resource: "Commit", field, message: "is no time such as 2026-01-31T12:00:00Z" });
  return Math.floor(time / 1000);
}
