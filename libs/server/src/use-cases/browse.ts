import type { ObjectId } from "@guts/primitives";

import { notFound } from "../errors.ts";
import { renderLimits } from "../limits.ts";
import type { GitBlob, GitCommit, GitTreeEntry, LogFilter, PageRequest } from "../ports/index.ts";
import type { HighlightedFile, LinkBase } from "../render/job.ts";
import type { Services } from "../services.ts";
import type { OpenedRepository } from "./open-repository.ts";
import { requireCommit, type ResolvedPath } from "./resolve-ref.ts";

type Needs = Pick<Services, "git" | "renderer">;

/** Where something is looked at. */
export interface Spot {
  readonly opened: OpenedRepository;
  readonly at: ResolvedPath;
  readonly signal: AbortSignal;
}

/** Entries of a directory that are shown; a directory with more is cut off. */
export const treeEntryCountMax = 2_000;

/** A directory's entries, directories first, each group by bytes of the name. Throws `Refusal` `not-found`. */
export async function listDirectory(
  { git }: Pick<Needs, "git">,
  { opened, at, signal }: Spot,
): Promise<readonly GitTreeEntry[]> {
  const entries = await git.listTree(opened.repository.id, { commit: at.commit, path: at.path, signal });
  if (entries === undefined) throw notFound();
  return [...entries].sort((left, right) => rank(left) - rank(right));
}

function rank(entry: GitTreeEntry): number {
  return entry.type === "tree" ? 0 : 1;
}

/** The entry at a path; undefined for the root. Throws `Refusal` `not-found`. */
export async function findEntry(needs: Pick<Needs, "git">, spot: Spot): Promise<GitTreeEntry | undefined> {
  if (spot.at.path === "") return undefined;
  const entry = await lookUpEntry(needs, spot);
  if (entry === undefined) throw notFound();
  return entry;
}

/** The entry at a path below the root; undefined when there is none. */
export async function lookUpEntry(
  { git }: Pick<Needs, "git">,
  { opened, at, signal }: Spot,
): Promise<GitTreeEntry | undefined> {
  const separator = at.path.lastIndexOf("/");
  const directory = separator === -1 ? "" : at.path.slice(0, separator);
  const entries = await git.listTree(opened.repository.id, { commit: at.commit, path: directory, signal });
  return entries?.find(({ name }) => name === at.path.slice(separator + 1));
}

/** The newest commit that changed the path. */
export async function latestCommit(
  { git }: Pick<Needs, "git">,
  { opened, at, signal }: Spot,
): Promise<GitCommit | undefined> {
  if (at.path === "") return requireCommit({ git }, opened, { commit: at.commit, signal });
  const { commit: from, path } = at;
  return (await git.log(opened.repository.id, { from, path, skip: 0, limit: 1, signal }))[0];
}

/** One page of history, and whether it goes on. */
export async function listHistory(
  { git }: Pick<Needs, "git">,
  { opened, at, signal }: Spot,
  { page, perPage, filter }: PageRequest & { readonly filter?: LogFilter },
): Promise<{ readonly commits: readonly GitCommit[]; readonly hasMore: boolean }> {
  const range = { ...filter, from: at.commit, skip: (page - 1) * perPage, limit: perPage + 1, signal };
  const commits = await git.log(opened.repository.id, at.path === "" ? range : { ...range, path: at.path });
  return { commits: commits.slice(0, perPage), hasMore: commits.length > perPage };
}

/** Where a file was before the oldest commit of its history, when that commit renamed it. */
export async function findRename(
  { git }: Pick<Needs, "git">,
  { opened, at, signal }: Spot,
  oldest: GitCommit | undefined,
): Promise<{ readonly commit: ObjectId; readonly path: string } | undefined> {
  const [parent] = oldest?.parents ?? [];
  if (oldest === undefined || parent === undefined || at.path === "") return undefined;
  const diff = await git.diff(opened.repository.id, { commit: oldest.id, signal });
  const file = diff?.files.find(({ path, status }) => path === at.path && status === "renamed");
  return file?.previousPath === undefined ? undefined : { commit: parent, path: file.previousPath };
}

/** The README of a directory: Markdown before plain text, `README` before other names of it. */
export function findReadme(entries: readonly GitTreeEntry[]): GitTreeEntry | undefined {
  const candidates = entries.filter(
    ({ name, type, mode }) => type === "blob" && mode !== "120000" && README.test(name),
  );
  return candidates.find(({ name }) => isMarkdown(name)) ?? candidates[0];
}

const README = /^readme(\.(md|markdown|mdown|mkd|txt|text|rst|adoc|org))?$/i;

/** Whether a file's name says that it is Markdown. */
export function isMarkdown(path: string): boolean {
  return /\.(md|markdown|mdown|mkd)$/i.test(path);
}

/** Whether a file's name says that it is an image that browsers show. */
export function isImage(path: string): boolean {
  return /\.(png|jpe?g|gif|webp|avif|svg|ico|bmp)$/i.test(path);
}

/** A document as sanitized HTML: Markdown rendered, anything else as it is. */
export async function renderDocument(
  { git, renderer }: Needs,
  { opened, at, signal }: Spot,
  file: { readonly id: ObjectId; readonly path: string },
): Promise<string | undefined> {
  const blob = await git.readBlob(opened.repository.id, {
    blob: file.id,
    bytesMax: renderLimits.markdownBytesMax,
    signal,
  });
  if (blob === undefined || blob.isBinary || blob.isTruncated) return undefined;
  const text = decodeText(blob);
  if (!isMarkdown(file.path)) return renderer.plainDocument(text);
  return renderer.markdown({ id: blob.id, text, links: linkBaseOf(opened, at, file.path) });
}

/** Lines of a file as HTML. */
export function highlightBlob(
  { renderer }: Pick<Needs, "renderer">,
  file: { readonly blob: GitBlob; readonly path: string },
): Promise<HighlightedFile> {
  return renderer.highlight({ id: file.blob.id, path: file.path, text: decodeText(file.blob) });
}

/** Text of a blob; bytes that are no UTF-8 show as U+FFFD, a byte order mark does not show. */
export function decodeText(blob: GitBlob): string {
  return new TextDecoder().decode(blob.bytes);
}

/** Where relative links of a document lead. */
export function linkBaseOf(opened: OpenedRepository, at: ResolvedPath, path: string): LinkBase {
  const name = at.name.split("/").map(encodeURIComponent).join("/");
  const root = (kind: string): string => `/${opened.fullName}/${kind}/${name}`;
  const separator = path.lastIndexOf("/");
  const directory = separator === -1 ? "" : path.slice(0, separator);
  return { blob: root("blob"), raw: root("raw"), directory };
}
