import { Type, type Static } from "typebox";

import { Nullable, OneOf, Strings } from "../schema.ts";

const common = {
  name: Type.String(),
  path: Type.String(),
  sha: Type.String(),
  size: Type.Integer(),
  url: Type.String(),
  git_url: Nullable(Type.String()),
  html_url: Nullable(Type.String()),
  download_url: Nullable(Type.String()),
  _links: Type.Object({ git: Nullable(Type.String()), html: Nullable(Type.String()), self: Type.String() }),
};

/** GitHub's `content-file`. `content` is base64; above the size limit it is empty and `encoding` is `none`. */
export const ContentFile = Type.Object(
  { type: Type.Literal("file"), ...common, content: Type.String(), encoding: Type.String() },
  { title: "ContentFile" },
);
export type ContentFile = Static<typeof ContentFile>;

/** GitHub's `content-symlink`: `target` is the link's text. */
export const ContentSymlink = Type.Object(
  { type: Type.Literal("symlink"), ...common, target: Type.String() },
  { title: "ContentSymlink" },
);
export type ContentSymlink = Static<typeof ContentSymlink>;

/** GitHub's `content-submodule`. */
export const ContentSubmodule = Type.Object(
  { type: Type.Literal("submodule"), ...common, submodule_git_url: Type.String() },
  { title: "ContentSubmodule" },
);
export type ContentSubmodule = Static<typeof ContentSubmodule>;

/** One entry of GitHub's `content-directory`. */
export const ContentEntry = Type.Object(
  { type: OneOf("dir", "file", "submodule", "symlink"), ...common },
  { title: "ContentEntry" },
);
export type ContentEntry = Static<typeof ContentEntry>;

/** GitHub's `content-tree`: a directory as `application/vnd.github.object`. */
export const ContentTree = Type.Object(
  { type: Type.Literal("dir"), ...common, entries: Type.Array(ContentEntry) },
  { title: "ContentTree" },
);
export type ContentTree = Static<typeof ContentTree>;

/** What `GET /contents/{path}` answers: a directory's entries, or what is at the path. */
export const Content = Type.Union([
  Type.Array(ContentEntry),
  ContentTree,
  ContentFile,
  ContentSymlink,
  ContentSubmodule,
]);
export type Content = Static<typeof Content>;

/** GitHub's `git-ref`. */
export const GitRef = Type.Object(
  { ...Strings("ref", "node_id", "url").properties, object: Strings("type", "sha", "url") },
  { title: "GitRef" },
);
export type GitRef = Static<typeof GitRef>;

/** GitHub's `git-tree`. */
export const GitTree = Type.Object(
  {
    sha: Type.String(),
    url: Type.String(),
    tree: Type.Array(
      Type.Object({
        ...Strings("path", "mode", "type", "sha").properties,
        size: Type.Optional(Type.Integer()),
        url: Type.Optional(Type.String()),
      }),
    ),
    truncated: Type.Boolean(),
  },
  { title: "GitTree" },
);
export type GitTree = Static<typeof GitTree>;

/** GitHub's `blob`; `content` is base64. */
export const GitBlob = Type.Object(
  {
    ...Strings("content", "encoding", "url", "sha", "node_id").properties,
    size: Nullable(Type.Integer()),
  },
  { title: "GitBlob" },
);
export type GitBlob = Static<typeof GitBlob>;
