/** What an archive of a repository is called, GitHub's way. */
import type { ResolvedCommit } from "./resolve-ref.ts";

/** The formats of archives. */
export type ArchiveFormat = "tar.gz" | "zip";

/** The format that an address ends in, and what is before it. */
export function parseArchivePath(path: string): { readonly format: ArchiveFormat; readonly name: string } | undefined {
  const [, name, ending] = /^(.+?)\.(tar\.gz|tgz|zip)$/s.exec(path) ?? [];
  if (name === undefined) return undefined;
  return { name, format: ending === "zip" ? "zip" : "tar.gz" };
}

/** `REPO-main`, `REPO-1.0` for the tag `v1.0`, `REPO-ID`: the file's name without its ending, and the directory inside. */
export function archiveName(repository: string, { kind, name }: Pick<ResolvedCommit, "kind" | "name">): string {
  const version = kind === "tag" ? name.replace(/^v(?=\d)/, "") : name;
  return `${repository}-${version.replaceAll("/", "-")}`;
}

/** What the API's archives are called: `OWNER-REPO-ABBREVIATION`. */
export function legacyArchiveName(fullName: string, { commit }: Pick<ResolvedCommit, "commit">): string {
  return `${fullName.replace("/", "-")}-${commit.slice(0, 7)}`;
}

/** A header that has a browser save a file under this name (RFC 6266), whatever characters a ref's name has. */
export function attachment(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"${plain === fileName ? "" : `; filename*=UTF-8''${encoded}`}`;
}
