/** Where something in a repository is, for links: a branch, tag or commit, and a path below it ("" is the root). */
export interface Location {
  readonly owner: string;
  readonly name: string;
  readonly revision: string;
  readonly path: string;
}

/** What a page at a {@link Location} shows. */
export type LocationKind = "tree" | "blob" | "commits" | "raw";

/** `revision` and `path` in one, as URLs carry them after `/tree/`. */
export function joinLocation(revision: string, path: string): string {
  return path === "" ? revision : `${revision}/${path}`;
}

/** Each segment escaped, slashes kept: names may hold `%`, `#`, `?` and spaces. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** The path part of the URL of a page in a repository. */
export function locationPath(kind: LocationKind, at: Location): string {
  return `/${at.owner}/${at.name}/${kind}/${encodePath(joinLocation(at.revision, at.path))}`;
}

/** The path one level up; the root's parent is the root. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** The last segment of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Every ancestor of a path and itself, from the top: `a/b` gives `a` and `a/b`. */
export function pathPrefixes(path: string): readonly { readonly name: string; readonly path: string }[] {
  const segments = path === "" ? [] : path.split("/");
  return segments.map((name, index) => ({ name, path: segments.slice(0, index + 1).join("/") }));
}
