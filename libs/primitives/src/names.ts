import type { Branded } from "./branded.ts";
import { utf8 } from "./bytes.ts";

/** The name of an account or organization, as it is shown. Two handles that differ only in case are the same. */
export type Handle = Branded<string, "Handle">;

/** The name of a repository under its owner, as it is shown. Compared without case. */
export type RepositoryName = Branded<string, "RepositoryName">;

/** A handle or repository name in the form under which it is looked up. */
export type FoldedName = Branded<string, "FoldedName">;

/** Longest handle, in characters; GitHub's limit. */
export const handleLengthMax = 39;

/** Longest repository name, in characters; GitHub's limit. */
export const repositoryNameLengthMax = 100;

/** First path segments that the web interface, the API and git use themselves, so nobody may be called that. */
const RESERVED = new Set(
  (
    "about account accounts admin api apps assets auth blocks collections contact dashboard docs explore favicon.ico " +
    "features git guts healthz help invitations issues join login logout metrics mine namespaces network new " +
    "notifications oauth openapi org organizations orgs pricing pulls raw readyz recover register robots.txt root " +
    "search security sessions settings signin signout signup site stars static status support system teams terms " +
    "topics trending user users validators watching well-known"
  ).split(" "),
);

/** Parses a handle: letters, digits and single inner hyphens, 1 to 39 characters, not a reserved word. */
export function parseHandle(text: string): Handle | undefined {
  if (text.length > handleLengthMax || !/^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/.test(text)) return undefined;
  return RESERVED.has(text.toLowerCase()) ? undefined : (text as Handle);
}

/** Parses a repository name: letters, digits, `.`, `_`, `-`; not `.` or `..`, not ending in `.git`, `.wiki` or `.lock`. */
export function parseRepositoryName(text: string): RepositoryName | undefined {
  if (text.length > repositoryNameLengthMax || !/^[A-Za-z0-9._-]+$/.test(text)) return undefined;
  if (text.startsWith("-") || text === "." || text === ".." || /\.(git|wiki|lock)$/i.test(text)) return undefined;
  return text as RepositoryName;
}

/** The form under which a handle or repository name is looked up: ASCII lower case. */
export function foldName(name: Handle | RepositoryName): FoldedName {
  return name.toLowerCase() as FoldedName;
}

/** Parses the folded form of a name: what `foldName` gives and nothing else. */
export function parseFoldedName(text: string): FoldedName | undefined {
  return /^[a-z0-9._-]{1,100}$/.test(text) ? (text as FoldedName) : undefined;
}

/** The name of a team, as it is shown. */
export type TeamName = Branded<string, "TeamName">;

/** A team's name in its address; unique in its organization. */
export type TeamSlug = Branded<string, "TeamSlug">;

/** Longest team name, in bytes of UTF-8; a slug is never longer. */
export const teamNameBytesMax = 100;

/** Parses a team's name: one line that gives a slug, without a space at its ends. */
export function parseTeamName(text: string): TeamName | undefined {
  if (utf8(text).length > teamNameBytesMax || /^ | $/.test(text)) return undefined;
  const isOneLine = !Array.from(text).some((character) => isControl(character.charCodeAt(0)));
  return isOneLine && parseTeamSlug(slugOf(text)) !== undefined ? (text as TeamName) : undefined;
}

/** The slug of a team's name: ASCII lower case; all but letters, digits and `_` is a hyphen. */
export function teamSlugOf(name: TeamName): TeamSlug {
  return slugOf(name) as TeamSlug;
}

/** Parses a slug: what `teamSlugOf` gives and nothing else. */
export function parseTeamSlug(text: string): TeamSlug | undefined {
  return /^[a-z0-9_]+(-[a-z0-9_]+)*$/.test(text) && text.length <= teamNameBytesMax ? (text as TeamSlug) : undefined;
}

/** Only ASCII is looked at, so that no version of Unicode decides. */
function slugOf(text: string): string {
  return text
    .replaceAll(/[^A-Za-z0-9_]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .toLowerCase();
}

/** One word of what a repository is about. */
export type Topic = Branded<string, "Topic">;

/** Longest topic, in characters; GitHub's limit. */
export const topicLengthMax = 50;

/** Parses a topic: lower-case ASCII letters, digits and hyphens, beginning with a letter or digit; GitHub's rule. */
export function parseTopic(text: string): Topic | undefined {
  return text.length <= topicLengthMax && /^[a-z0-9][a-z0-9-]*$/.test(text) ? (text as Topic) : undefined;
}

/** C0, DEL and C1. */
function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}
