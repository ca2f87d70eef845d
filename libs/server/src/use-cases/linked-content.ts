/** What an entry of a tree leads to elsewhere: the file behind a symbolic link, the repository of a submodule. */
import type { GitTreeEntry } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { decodeText, lookUpEntry, type Spot } from "./browse.ts";

type Needs = Pick<Services, "git">;

/** Links that lead to links are followed so often. */
const hopCountMax = 8;
/** Bytes of a link's text; longer ones lead nowhere. */
const linkBytesMax = 4096;
/** Bytes of `.gitmodules` that are read. */
const modulesBytesMax = 256 * 1024;

/** A symbolic link: its text, and the file that it finally leads to, if that is in the same commit. */
export interface FollowedLink {
  readonly text: string;
  readonly target: GitTreeEntry | undefined;
}

/** Follows a symbolic link within its commit; nothing outside of the tree is ever looked at. */
export async function followLink(needs: Needs, spot: Spot, link: GitTreeEntry): Promise<FollowedLink> {
  const text = await readLink(needs, spot, link);
  let path = resolveLink(spot.at.path, text);
  for (let hop = 0; hop < hopCountMax && path !== undefined && path !== ""; hop++) {
    const at: Spot = { ...spot, at: { ...spot.at, path } };
    const entry = await lookUpEntry(needs, at);
    if (entry === undefined || entry.type !== "blob") break;
    if (entry.mode !== "120000") return { text, target: entry };
    path = resolveLink(path, await readLink(needs, at, entry));
  }
  return { text, target: undefined };
}

async function readLink({ git }: Needs, { opened, signal }: Spot, { id }: GitTreeEntry): Promise<string> {
  const blob = await git.readBlob(opened.repository.id, { blob: id, bytesMax: linkBytesMax, signal });
  return blob === undefined ? "" : decodeText(blob);
}

/** Where a link at `path` leads; undefined when that is outside of the tree. */
export function resolveLink(path: string, text: string): string | undefined {
  if (text === "" || text.startsWith("/") || text.includes("\0")) return undefined;
  const parts = path.split("/").slice(0, -1);
  for (const part of text.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}

/** The URL that `.gitmodules` gives the submodule at this path; undefined when it gives none. */
export async function submoduleUrl({ git }: Needs, { opened, at, signal }: Spot): Promise<string | undefined> {
  const modules = await git.readBlob(opened.repository.id, {
    commit: at.commit,
    path: ".gitmodules",
    bytesMax: modulesBytesMax,
    signal,
  });
  return modules === undefined ? undefined : parseSubmoduleUrls(decodeText(modules)).get(at.path);
}

/** Paths and URLs of `.gitmodules` (gitmodules(5)). Lenient: a line that says neither is passed over. */
export function parseSubmoduleUrls(text: string): ReadonlyMap<string, string> {
  const urlByPath = new Map<string, string>();
  for (const section of text.split(/^\s*\[/m).slice(1)) {
    if (!section.startsWith("submodule ")) continue;
    const valueOf = (key: string): string | undefined =>
      new RegExp(String.raw`^[ \t]*${key}[ \t]*=[ \t]*(.*?)[ \t]*\r?$`, "m")
        .exec(section)?.[1]
        ?.replace(/^"(.*)"$/, "$1");
    const [path, url] = [valueOf("path"), valueOf("url")];
    if (path !== undefined && url !== undefined) urlByPath.set(path, url);
  }
  return urlByPath;
}
