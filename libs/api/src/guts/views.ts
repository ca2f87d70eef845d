import { Type, type Static } from "typebox";

import { Nullable, ObjectIdText, OneOf, Timestamp } from "../schema.ts";
import { Account } from "./identity.ts";

/** What the viewer may do: nothing is never shown, since the page would be absent. */
export const Role = OneOf("read", "triage", "write", "maintain", "admin");
export type Role = Static<typeof Role>;

/** A repository in a list. */
export const RepositoryCard = Type.Object(
  {
    id: Type.Integer(),
    owner: Type.String(),
    name: Type.String(),
    description: Nullable(Type.String()),
    isPrivate: Type.Boolean(),
    isArchived: Type.Boolean(),
    defaultBranch: Type.String(),
    createdAt: Timestamp(),
    pushedAt: Nullable(Timestamp()),
    topics: Type.Array(Type.String()),
    starCount: Type.Integer(),
  },
  { title: "RepositoryCard" },
);
export type RepositoryCard = Static<typeof RepositoryCard>;

/** The start page: the viewer's repositories (none when signed out) and the newest public ones. */
export const HomeView = Type.Object(
  {
    account: Nullable(Account),
    repositories: Type.Array(RepositoryCard),
    publicRepositories: Type.Array(RepositoryCard),
    invitationCount: Type.Integer(),
  },
  { title: "HomeView" },
);
export type HomeView = Static<typeof HomeView>;

/** A repository's frame: what every one of its pages shows. A renamed repository answers under its present name. */
export const RepositoryView = Type.Object(
  {
    repository: Type.Object({
      ...RepositoryCard.properties,
      homepage: Nullable(Type.String()),
      objectFormat: OneOf("sha1", "sha256"),
      /** No branch exists yet. */
      isEmpty: Type.Boolean(),
      watcherCount: Type.Integer(),
      forkCount: Type.Integer(),
      /** What it was forked from, where the viewer may know of that. */
      parent: Nullable(Type.Object({ owner: Type.String(), name: Type.String() })),
    }),
    /** `subscription` is null for who hears of what they take part in. */
    viewer: Type.Object({
      role: Role,
      canPush: Type.Boolean(),
      canAdminister: Type.Boolean(),
      mayDescribe: Type.Boolean(),
      isStarred: Type.Boolean(),
      subscription: Nullable(OneOf("subscribed", "ignored")),
    }),
    branchCount: Type.Integer(),
    tagCount: Type.Integer(),
    /** `sshFingerprint`: of the key that the node shows over SSH, as ssh shows it when it first connects. */
    cloneUrls: Type.Object({
      http: Type.String(),
      ssh: Nullable(Type.String()),
      sshFingerprint: Nullable(Type.String()),
    }),
  },
  { title: "RepositoryView" },
);
export type RepositoryView = Static<typeof RepositoryView>;

/** A person as a commit names them; `handle` when the e-mail address belongs to an account that says so. */
export const Person = Type.Object(
  { name: Type.String(), email: Type.String(), date: Timestamp(), handle: Nullable(Type.String()) },
  { title: "Person" },
);
export type Person = Static<typeof Person>;

/** What the signature inside a commit comes to. `reason` is GitHub's word; `valid` stands for a commit of the account `signer`. */
export const CommitSignature = Type.Object(
  {
    reason: Type.String(),
    format: OneOf("ssh", "openpgp", "unknown"),
    /** A fingerprint of an OpenSSH key, or a key id of OpenPGP; null when the signature names none. */
    key: Nullable(Type.String()),
    /** The account whose key made it; null when that is not known, or the signature does not hold. */
    signer: Nullable(Type.String()),
  },
  { title: "CommitSignature" },
);
export type CommitSignature = Static<typeof CommitSignature>;

/** A commit in a list. `signature` is null for one that nobody signed. `title` is the message's first line, `body` the rest, both plain text. */
export const CommitSummary = Type.Object(
  {
    id: ObjectIdText(),
    title: Type.String(),
    body: Type.String(),
    author: Person,
    committer: Person,
    parents: Type.Array(ObjectIdText()),
    signature: Nullable(CommitSignature),
    /** What checks say of it in one word, in lists of commits; absent where none said anything. */
    checks: Type.Optional(OneOf("success", "pending", "failure")),
  },
  { title: "CommitSummary" },
);
export type CommitSummary = Static<typeof CommitSummary>;

/**
 * What a `REF/PATH` in a URL turned out to name. `name` is a branch's or tag's short name, or the commit's id. `formerName` is there
 * when the URL has a name that the branch had before it was renamed.
 */
export const ResolvedRef = Type.Object(
  {
    kind: OneOf("branch", "tag", "commit"),
    name: Type.String(),
    commit: ObjectIdText(),
    formerName: Type.Optional(Type.String()),
  },
  { title: "ResolvedRef" },
);
export type ResolvedRef = Static<typeof ResolvedRef>;

/** One branch or tag. `commit` is null for a tag of something that is no commit. */
export const RefEntry = Type.Object(
  {
    /** Short name, such as `main` or `v1.0`. */
    name: Type.String(),
    id: ObjectIdText(),
    commit: Nullable(CommitSummary),
    isDefault: Type.Boolean(),
    /** A protection rule governs it. */
    isProtected: Type.Boolean(),
  },
  { title: "RefEntry" },
);
export type RefEntry = Static<typeof RefEntry>;

/** A page of branches or tags in order of name, the default branch first on the first page. */
export const RefsView = Type.Object(
  { refs: Type.Array(RefEntry), total: Type.Integer(), page: Type.Integer(), hasMore: Type.Boolean() },
  { title: "RefsView" },
);
export type RefsView = Static<typeof RefsView>;

/** `names` answers much faster: `commit` is null in it. */
export const RefsQuery = Type.Object({
  kind: OneOf("heads", "tags"),
  query: Type.Optional(Type.String({ maxLength: 255 })),
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, default: 1 })),
  detail: Type.Optional(OneOf("names", "commits")),
});
export type RefsQuery = Static<typeof RefsQuery>;

/** One entry of a directory. */
export const TreeEntry = Type.Object(
  {
    name: Type.String(),
    path: Type.String(),
    kind: OneOf("directory", "file", "executable", "symlink", "submodule"),
    id: ObjectIdText(),
    sizeBytes: Nullable(Type.Integer()),
  },
  { title: "TreeEntry" },
);
export type TreeEntry = Static<typeof TreeEntry>;

/** A directory: entries with directories first, the newest commit, and the README as sanitized HTML. */
export const TreeView = Type.Object(
  {
    ref: ResolvedRef,
    path: Type.String(),
    entries: Type.Array(TreeEntry),
    isTruncated: Type.Boolean(),
    latestCommit: Nullable(CommitSummary),
    readme: Nullable(Type.Object({ path: Type.String(), html: Type.String() })),
  },
  { title: "TreeView" },
);
export type TreeView = Static<typeof TreeView>;

/** For each entry of a directory the newest commit that changed it. Entries that took too long to find are absent. */
export const LastCommitsView = Type.Object(
  { ref: ResolvedRef, path: Type.String(), commitByName: Type.Record(Type.String(), CommitSummary) },
  { title: "LastCommitsView" },
);
export type LastCommitsView = Static<typeof LastCommitsView>;

/**
 * A file. `lines` is HTML per line, escaped and with `pl-*` classes, for text; `html` is the rendered document for
 * Markdown. Images are shown from `rawUrl`. `too-large` and `binary` have neither.
 */
export const BlobView = Type.Object(
  {
    ref: ResolvedRef,
    path: Type.String(),
    id: ObjectIdText(),
    sizeBytes: Type.Integer(),
    kind: OneOf("text", "markdown", "image", "binary", "too-large", "symlink", "submodule"),
    language: Nullable(Type.String()),
    lines: Nullable(Type.Array(Type.String())),
    html: Nullable(Type.String()),
    /** Path on this node that serves the bytes. */
    rawUrl: Type.String(),
    latestCommit: Nullable(CommitSummary),
  },
  { title: "BlobView" },
);
export type BlobView = Static<typeof BlobView>;

/** A page of history, newest first. */
export const CommitsView = Type.Object(
  {
    ref: ResolvedRef,
    path: Type.String(),
    commits: Type.Array(CommitSummary),
    page: Type.Integer(),
    hasMore: Type.Boolean(),
    /** Where the file was before its oldest commit here renamed it, with the history that goes on there. */
    renamedFrom: Nullable(Type.Object({ commit: ObjectIdText(), path: Type.String() })),
  },
  { title: "CommitsView" },
);
export type CommitsView = Static<typeof CommitsView>;

/** One line of a hunk. `html` is escaped and highlighted. */
export const DiffLine = Type.Object(
  {
    kind: OneOf("context", "addition", "deletion", "no-newline"),
    oldNumber: Nullable(Type.Integer()),
    newNumber: Nullable(Type.Integer()),
    html: Type.String(),
  },
  { title: "DiffLine" },
);
export type DiffLine = Static<typeof DiffLine>;

/** A changed file with its hunks. `isTruncated`: the rest of its diff was too large to send. */
export const DiffFile = Type.Object(
  {
    path: Type.String(),
    previousPath: Nullable(Type.String()),
    status: OneOf("added", "modified", "deleted", "renamed", "copied", "type-changed"),
    additions: Type.Integer(),
    deletions: Type.Integer(),
    isBinary: Type.Boolean(),
    isTruncated: Type.Boolean(),
    hunks: Type.Array(Type.Object({ header: Type.String(), lines: Type.Array(DiffLine) })),
  },
  { title: "DiffFile" },
);
export type DiffFile = Static<typeof DiffFile>;

/** A commit with its diff against its first parent. */
export const CommitView = Type.Object(
  {
    commit: CommitSummary,
    files: Type.Array(DiffFile),
    additions: Type.Integer(),
    deletions: Type.Integer(),
    isTruncated: Type.Boolean(),
  },
  { title: "CommitView" },
);
export type CommitView = Static<typeof CommitView>;
