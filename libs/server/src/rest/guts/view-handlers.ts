import type { BlobView, RefEntry } from "@guts/api";
import { permits, refuseRepositoryAction } from "@guts/governance";
import { shortRefName, type ObjectId, type RefName } from "@guts/primitives";

import { refuseActor, type Actor } from "../../auth/actor.ts";
import { notFound } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import { renderLimits } from "../../limits.ts";
import type { GitTreeEntry } from "../../ports/index.ts";
import type { Services } from "../../services.ts";
import {
  findEntry,
  findReadme,
  findRename,
  highlightBlob,
  isImage,
  isMarkdown,
  latestCommit,
  linkBaseOf,
  listDirectory,
  listHistory,
  renderDocument,
  treeEntryCountMax,
  type Spot,
} from "../../use-cases/browse.ts";
import { highlightPatch } from "../../use-cases/highlight-patch.ts";
import { awaitReadModel, readableRepositories } from "../../use-cases/lists.ts";
import { openRepository, type OpenedRepository } from "../../use-cases/open-repository.ts";
import { ruleFinder } from "../../use-cases/protection.ts";
import { requireCommit, requireCommitId, resolveRefPath } from "../../use-cases/resolve-ref.ts";
import { sshRemoteOf } from "../../use-cases/ssh-address.ts";
import { textReader } from "../../use-cases/texts.ts";
import { encodePath } from "../github/urls.ts";
import { slicePage } from "../paging.ts";
import { accountPresenter } from "./identity-handlers.ts";
import { cardsPerPage, commitPresenter, kindOf, presentCard, presentRef, presentTreeEntry } from "./present-views.ts";

type View = "GET /api/guts/view";
type Repo = `${View}/repos/{owner}/{repo}`;
type ListName = `${View}/home`;
type RepositoryName = Repo | `${Repo}/refs`;
type BrowseName = `${Repo}/${"tree" | "last-commits" | "blob" | "commits"}/{+ref_path}` | `${Repo}/commit/{sha}`;

const refsPerPage = 50;
const commitsPerPage = 35;

/** What each page of the web client needs, in one answer. */
export function viewHandlers(services: Services): Pick<RouteHandlers, ListName | RepositoryName | BrowseName> {
  return { ...listHandlers(services), ...repositoryHandlers(services), ...browseHandlers(services) };
}

function listHandlers(services: Services): Pick<RouteHandlers, ListName> {
  const { ledger, readModel } = services;
  const text = textReader(ledger);
  const presentAccount = accountPresenter(services);
  return {
    "GET /api/guts/view/home": async ({ actor, signal }) => {
      await awaitReadModel(services, signal);
      const { account } = actor;
      const page = { page: 1, perPage: cardsPerPage };
      const order = { sort: "pushed", direction: "desc" } as const;
      const [own, open, counts] = await Promise.all([
        account === undefined
          ? { items: [] }
          : readModel.listRepositories(
              { ...page, ...order, account: account.id, viewer: account.id, affiliation: "any" },
              signal,
            ),
        readModel.listPublicRepositories({ ...page, ...order }, signal),
        account === undefined ? { invitations: 0 } : readModel.accountCounts(account.id, ledger.time(), signal),
      ]);
      const { standing } = ledger.state();
      const cards = (items: typeof open.items) =>
        readableRepositories(services, actor, items).map((located) => presentCard(located, { text, standing }));
      const body = {
        account: account === undefined ? null : presentAccount(account),
        repositories: cards(own.items),
        publicRepositories: cards(open.items),
        invitationCount: counts.invitations,
      };
      return { status: 200, body };
    },
  };
}

function repositoryHandlers(services: Services): Pick<RouteHandlers, RepositoryName> {
  const { ledger } = services;
  const text = textReader(ledger);
  return {
    "GET /api/guts/view/repos/{owner}/{repo}": ({ path, actor, baseUrl }) => {
      const opened = openRepository(ledger, actor, path);
      const { repository, state, held, fullName } = opened;
      const access = state.repositoryAccess(repository, actor.account?.id, actor.scopes);
      const list = services.refs.list(state, repository);
      const counts = { branchCount: list.count("refs/heads/"), tagCount: list.count("refs/tags/") };
      const body = {
        repository: {
          ...presentCard(opened, { text, standing: state.standing }),
          homepage: text(repository.homepage),
          objectFormat: repository.objectFormat,
          isEmpty: counts.branchCount === 0,
          watcherCount: state.standing.counts(repository.id).subscribers,
          forkCount: state.standing.counts(repository.id).forks,
          parent: parentOf(opened, actor),
        },
        viewer: {
          role: held === "none" ? ("read" as const) : held,
          canPush: actor.account !== undefined && refuseRepositoryAction(access, "push") === undefined,
          canAdminister: actor.account !== undefined && permits(held, "admin"),
          mayDescribe: actor.account !== undefined && refuseRepositoryAction(access, "update-settings") === undefined,
          ...viewerStanding(opened, actor),
        },
        ...counts,
        cloneUrls: {
          http: `${baseUrl}/${fullName}.git`,
          ssh: services.sshAddress === undefined ? null : sshRemoteOf(services.sshAddress, fullName),
          sshFingerprint: services.sshHostKey?.fingerprint ?? null,
        },
      };
      return { status: 200, body };
    },
    "GET /api/guts/view/repos/{owner}/{repo}/refs": async (call) => {
      const opened = openRepository(ledger, call.actor, call.path, "read-contents");
      const { kind, query = "", page = 1, detail = "commits" } = call.query;
      const matching = refsOf(services, opened, kind).filter(({ name }) =>
        name.toLowerCase().includes(query.toLowerCase()),
      );
      const ordered = [
        ...matching.filter(({ isDefault }) => isDefault),
        ...matching.filter(({ isDefault }) => !isDefault),
      ];
      const perPage = detail === "names" ? 20 * refsPerPage : refsPerPage;
      const paged = slicePage(ordered, { page, perPage });
      const { hasMore } = paged;
      const find = ruleFinder(opened.state, opened.repository.id);
      const items = paged.items.map((ref) => ({
        ...ref,
        isProtected: find(`refs/${kind}/${ref.name}` as RefName) !== undefined,
      }));
      const refs =
        detail === "names"
          ? items.map((ref) => ({ ...ref, commit: null }))
          : await withCommits(services, opened, items, call.signal);
      return { status: 200, body: { refs, total: ordered.length, page, hasMore } };
    },
  };
}

/** What a repository was forked from; null for who may not know of it. */
function parentOf({ state, repository }: OpenedRepository, actor: Actor) {
  const id = state.standing.parentOf(repository.id);
  const parent = id === undefined ? undefined : state.repository(id);
  const owner = parent === undefined ? undefined : state.account(parent.owner);
  if (parent === undefined || owner === undefined) return null;
  const isHidden = refuseActor(state, actor, parent, "read") !== undefined;
  return isHidden ? null : { owner: owner.handle, name: parent.name };
}

function viewerStanding({ state, repository }: OpenedRepository, { account }: Actor) {
  if (account === undefined) return { isStarred: false, subscription: null };
  const { standing } = state;
  return {
    isStarred: standing.isStarred(repository.id, account.id),
    subscription: standing.subscription(repository.id, account.id)?.state ?? null,
  };
}

interface ListedRef {
  readonly name: string;
  readonly id: ObjectId;
  readonly isDefault: boolean;
  readonly isProtected: boolean;
}

/** Branches by name; tags by name from the last, where the newest version usually is. */
function refsOf(
  { refs }: Services,
  { state, repository }: OpenedRepository,
  kind: "heads" | "tags",
): readonly Omit<ListedRef, "isProtected">[] {
  const listed = refs
    .list(state, repository)
    .under(`refs/${kind}/`)
    .map(({ name, id }) => ({
      name: shortRefName(name),
      id,
      isDefault: name === repository.defaultBranch,
    }));
  return kind === "tags" ? listed.toReversed() : listed;
}

async function withCommits(
  services: Services,
  { repository, state }: OpenedRepository,
  refs: readonly ListedRef[],
  signal: AbortSignal,
): Promise<RefEntry[]> {
  const { git } = services;
  const ids = refs.map(({ id }) => id);
  const present = commitPresenter(services, state);
  const peeled = await git.peel(repository.id, ids, signal);
  return Promise.all(
    refs.map(async (ref) => {
      const commit = await git.readCommit(repository.id, peeled.get(ref.id) ?? ref.id, signal);
      return { ...ref, commit: commit === undefined ? null : present(commit) };
    }),
  );
}

function browseHandlers(services: Services): Pick<RouteHandlers, BrowseName> {
  const { ledger, git } = services;
  type SpotCall = Pick<Call<`${Repo}/tree/{+ref_path}`>, "actor" | "path" | "signal">;
  const spotOf = async ({ actor, path, signal }: SpotCall): Promise<Spot> => {
    const opened = openRepository(ledger, actor, path, "read-contents");
    return { opened, at: await resolveRefPath(services, opened, { refPath: path.ref_path, signal }), signal };
  };
  return {
    "GET /api/guts/view/repos/{owner}/{repo}/tree/{+ref_path}": async (call) => {
      const spot = await spotOf(call);
      const { at } = spot;
      const [entries, latest] = await Promise.all([listDirectory(services, spot), latestCommit(services, spot)]);
      const body = {
        ref: presentRef(at),
        path: at.path,
        entries: entries.slice(0, treeEntryCountMax).map((entry) => presentTreeEntry(entry, at.path)),
        isTruncated: entries.length > treeEntryCountMax,
        latestCommit:
          latest === undefined ? null : commitPresenter(services, spot.opened.state, spot.opened.repository.id)(latest),
        readme: await readmeOf(services, spot, entries),
      };
      return { status: 200, body };
    },
    "GET /api/guts/view/repos/{owner}/{repo}/last-commits/{+ref_path}": async (call) => {
      const { opened, at, signal } = await spotOf(call);
      const found = await git.lastCommits(opened.repository.id, { commit: at.commit, path: at.path, signal });
      const present = commitPresenter(services, opened.state);
      const commits = Array.from(found, ([name, commit]) => [name, present(commit)] as const);
      return { status: 200, body: { ref: presentRef(at), path: at.path, commitByName: Object.fromEntries(commits) } };
    },
    "GET /api/guts/view/repos/{owner}/{repo}/blob/{+ref_path}": async (call) => ({
      status: 200,
      body: await blobView(services, await spotOf(call)),
    }),
    "GET /api/guts/view/repos/{owner}/{repo}/commits/{+ref_path}": async (call) => {
      const spot = await spotOf(call);
      const page = call.query.page ?? 1;
      const { commits, hasMore } = await listHistory(services, spot, { page, perPage: commitsPerPage });
      const { at } = spot;
      const renamedFrom = hasMore ? undefined : await findRename(services, spot, commits.at(-1));
      const body = {
        ref: presentRef(at),
        path: at.path,
        commits: commits.map(commitPresenter(services, spot.opened.state, spot.opened.repository.id)),
        page,
        hasMore,
        renamedFrom: renamedFrom ?? null,
      };
      return { status: 200, body };
    },
    "GET /api/guts/view/repos/{owner}/{repo}/commit/{sha}": async ({ actor, path, signal }) => {
      const opened = openRepository(ledger, actor, path, "read-contents");
      const id = await requireCommitId(services, opened, { idText: path.sha, signal });
      const commit = await requireCommit(services, opened, { commit: id, signal });
      const diff = await git.diff(opened.repository.id, { commit: id, signal });
      if (diff === undefined) throw notFound();
      const { additions, deletions, isTruncated } = diff;
      const files = await Promise.all(diff.files.map((file) => highlightPatch(services, file)));
      const summary = commitPresenter(services, opened.state)(commit);
      return { status: 200, body: { commit: summary, files, additions, deletions, isTruncated } };
    },
  };
}

async function readmeOf(services: Services, spot: Spot, entries: readonly GitTreeEntry[]) {
  const entry = findReadme(entries);
  if (entry === undefined) return null;
  const path = spot.at.path === "" ? entry.name : `${spot.at.path}/${entry.name}`;
  const html = await renderDocument(services, spot, { id: entry.id, path });
  return html === undefined ? null : { path, html };
}

/** A file's page. What is too large or no text has its size only. */
async function blobView(services: Services, spot: Spot): Promise<BlobView> {
  const { opened, at, signal } = spot;
  const entry = await findEntry(services, spot);
  if (entry === undefined || entry.type === "tree") throw notFound();
  const latest = await latestCommit(services, spot);
  const kind = kindOf(entry);
  const view = {
    ref: presentRef(at),
    path: at.path,
    id: entry.id,
    sizeBytes: entry.sizeBytes ?? 0,
    language: null,
    lines: null,
    html: null,
    rawUrl: `${linkBaseOf(opened, at, "").raw}/${encodePath(at.path)}`,
    latestCommit: latest === undefined ? null : commitPresenter(services, opened.state, opened.repository.id)(latest),
  };
  if (kind === "submodule") return { ...view, kind: "submodule" };
  const blob = await services.git.readBlob(opened.repository.id, {
    blob: entry.id,
    bytesMax: renderLimits.textBytesMax,
    signal,
  });
  if (blob === undefined) throw notFound();
  if (blob.isBinary || isImage(at.path)) return { ...view, kind: isImage(at.path) ? "image" : "binary" };
  if (blob.isTruncated) return { ...view, kind: "too-large" };
  const { language, lines } = await highlightBlob(services, { blob, path: at.path });
  const text = { ...view, language, lines: [...lines] };
  if (kind === "symlink") return { ...text, kind: "symlink" };
  if (!isMarkdown(at.path)) return { ...text, kind: "text" };
  return {
    ...text,
    kind: "markdown",
    html: (await renderDocument(services, spot, { id: entry.id, path: at.path })) ?? null,
  };
}
