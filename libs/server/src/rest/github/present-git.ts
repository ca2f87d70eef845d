import type {
  Commit,
  ContentEntry,
  ContentFile,
  ContentTree,
  DiffEntry,
  GitCommit as GitCommitShape,
  GitTag as GitTagShape,
  Signature,
  Verification,
} from "@guts/api";
import type { Account } from "@guts/ledger";

import type { ObjectId } from "@guts/primitives";

import type { GitBlob, GitCommit, GitDiff, GitFileDiff, GitPerson, GitTag, GitTreeEntry } from "../../ports/index.ts";
import type { SignedObject } from "../../signatures/commit-signatures.ts";
import type { Verdict } from "../../signatures/verdict.ts";
import { isoTime } from "../iso-time.ts";
import { presentSimpleUser } from "./present-user.ts";
import { encodePath, nodeIdOf, type Urls } from "./urls.ts";

/** A repository's name in URLs, with the maker of them. */
export interface Place {
  readonly urls: Urls;
  readonly fullName: string;
  readonly repositoryId: number;
  /** Tells whose commits are. */
  readonly book: CommitBook;
}

/** What the forge knows of commits beside what they say. */
export interface CommitBook {
  /** The account that a commit's address names, as far as this node knows. */
  ownerOf(address: string): Account | undefined;
  verdictOn(object: SignedObject): Verdict;
}

/** GitHub's `verification`. Who reads when a signature was checked: it is checked whenever it is shown. */
function presentVerification({ book }: Place, object: SignedObject): Verification {
  const { reason } = book.verdictOn(object);
  const { text = null, payload } = object.signature ?? {};
  return {
    verified: reason === "valid",
    reason,
    signature: text,
    payload: payload === undefined ? null : Buffer.from(payload).toString("utf8"),
    verified_at: null,
  };
}

function userOf({ book, urls }: Place, { email }: GitPerson): Commit["author"] {
  const owner = book.ownerOf(email);
  return owner === undefined ? null : presentSimpleUser(owner, urls);
}

/** A person as a commit names them. */
export function presentSignature(person: GitPerson): Signature {
  return { name: person.name, email: person.email, date: isoTime(person.timeSeconds * 1000) };
}

/** A commit with its place in the forge, without its files. */
export function presentCommit(commit: GitCommit, place: Place): Commit {
  const { urls, fullName, repositoryId } = place;
  const api = urls.repository(fullName);
  return {
    sha: commit.id,
    node_id: nodeIdOf("Commit", repositoryId, commit.id),
    url: `${api}/commits/${commit.id}`,
    html_url: urls.page(fullName, "commit", commit.id),
    comments_url: `${api}/commits/${commit.id}/comments`,
    commit: {
      url: `${api}/git/commits/${commit.id}`,
      author: presentSignature(commit.author),
      committer: presentSignature(commit.committer),
      message: commit.message.replace(/\n$/, ""),
      comment_count: 0,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      verification: presentVerification(place, { ...commit, address: commit.committer.email }),
    },
    author: userOf(place, commit.author),
    committer: userOf(place, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: urls.page(fullName, "commit", sha),
    })),
  };
}

/** The text that a client asked for instead of JSON. */
export function patchFormatOf(accept: string): "diff" | "patch" | undefined {
  const format = /application\/vnd\.github\.(?:v3\.)?(diff|patch)/.exec(accept)?.[1];
  return format === "diff" || format === "patch" ? format : undefined;
}

/** A commit with what it changed. */
export function presentCommitWithFiles(commit: GitCommit, diff: GitDiff, place: Place): Commit {
  const { additions, deletions } = diff;
  const stats = { additions, deletions, total: additions + deletions };
  return {
    ...presentCommit(commit, place),
    stats,
    files: diff.files.map((file) => presentDiff(file, commit.id, place)),
  };
}

const STATUS = {
  added: "added",
  modified: "modified",
  deleted: "removed",
  renamed: "renamed",
  copied: "copied",
  "type-changed": "changed",
} as const;

/** One changed file; links lead to it in `commit`. */
export function presentDiff(file: GitFileDiff, commit: string, { urls, fullName }: Place): DiffEntry {
  const path = `${commit}/${file.path}`;
  return {
    sha: file.newId ?? null,
    filename: file.path,
    ...(file.previousPath !== undefined && { previous_filename: file.previousPath }),
    status: STATUS[file.status],
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: urls.page(fullName, "blob", path),
    raw_url: urls.page(fullName, "raw", path),
    contents_url: `${urls.repository(fullName)}/contents/${encodePath(file.path)}?ref=${commit}`,
    ...(file.patch !== "" && { patch: file.patch.replace(/\n$/, "") }),
  };
}

/** The commit object alone. */
export function presentGitCommit(commit: GitCommit, place: Place): GitCommitShape {
  const { commit: inner, ...outer } = presentCommit(commit, place);
  return {
    sha: outer.sha,
    node_id: outer.node_id,
    url: inner.url,
    html_url: outer.html_url,
    message: inner.message,
    author: inner.author,
    committer: inner.committer,
    tree: inner.tree,
    parents: outer.parents,
    verification: inner.verification,
  };
}

/** An annotated tag object. */
export function presentGitTag(tag: GitTag, place: Place): GitTagShape {
  const { urls, fullName, repositoryId } = place;
  const api = urls.repository(fullName);
  return {
    node_id: nodeIdOf("Tag", repositoryId, tag.id),
    tag: tag.name,
    sha: tag.id,
    url: `${api}/git/tags/${tag.id}`,
    message: tag.message.replace(/\n$/, ""),
    tagger: tag.tagger === undefined ? { name: "", email: "", date: isoTime(0) } : presentSignature(tag.tagger),
    object: { sha: tag.target, type: tag.targetType, url: `${api}/git/${tag.targetType}s/${tag.target}` },
    verification: presentVerification(place, { ...tag, address: tag.tagger?.email ?? "" }),
  };
}

/** What kind of content an entry of a tree is. */
export function contentTypeOf({ mode, type }: Pick<GitTreeEntry, "mode" | "type">): ContentEntry["type"] {
  if (type === "tree") return "dir";
  if (type === "commit") return "submodule";
  return mode === "120000" ? "symlink" : "file";
}

/** One entry of a directory. `path` is the entry's own, `ref` as the client named it. */
export function presentEntry(
  entry: GitTreeEntry,
  at: Place & { readonly path: string; readonly ref: string },
): ContentEntry {
  const { urls, fullName, path, ref } = at;
  const api = urls.repository(fullName);
  const type = contentTypeOf(entry);
  const url = `${api}/contents/${encodePath(path)}?ref=${encodeURIComponent(ref)}`;
  const git_url = type === "submodule" ? null : `${api}/git/${type === "dir" ? "trees" : "blobs"}/${entry.id}`;
  const html_url =
    type === "submodule" ? null : urls.page(fullName, type === "dir" ? "tree" : "blob", `${ref}/${path}`);
  const download_url = type === "dir" || type === "submodule" ? null : urls.page(fullName, "raw", `${ref}/${path}`);
  return {
    type,
    name: entry.name,
    path,
    sha: entry.id,
    size: entry.sizeBytes ?? 0,
    url,
    git_url,
    html_url,
    download_url,
    _links: { self: url, git: git_url, html: html_url },
  };
}

/** A directory as one object. */
export function presentDirectory(
  { id, entries }: { readonly id: string; readonly entries: readonly ContentEntry[] },
  at: Place & { readonly path: string; readonly ref: string },
): ContentTree {
  const name = at.path.slice(at.path.lastIndexOf("/") + 1);
  const own = presentEntry({ name, mode: "040000", type: "tree", id: id as ObjectId, sizeBytes: undefined }, at);
  return { ...own, type: "dir", entries: [...entries] };
}

/** A file with its content. Above the limit the content is left out, as GitHub does. */
export function presentFile(entry: ContentEntry, blob: GitBlob): ContentFile {
  const content = blob.isTruncated ? "" : wrapBase64(blob.bytes);
  return { ...entry, type: "file", size: blob.sizeBytes, content, encoding: blob.isTruncated ? "none" : "base64" };
}

/** Base64 in lines of 60 characters, each ended, as GitHub writes it. */
export function wrapBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("base64")
    .replace(/.{1,60}/g, "$&\n");
}
