/**
 * What a git client asks for over SSH: `git-upload-pack 'OWNER/REPO.git'` and its kin, as git's connect.c writes them.
 *
 * Nothing here ever reaches a shell. Names have no character that a shell would read, so a string with any other is no
 * command; quotes are taken as git writes them, in pairs around the whole path.
 */
import type { GitService } from "@guts/git";

/** A command that the door knows. */
export type ExecCommand =
  | { readonly type: "git"; readonly service: GitService; readonly owner: string; readonly name: string }
  /** `git archive --remote`, and git-lfs's way to log in: understood, and refused in words. */
  | { readonly type: "archive" | "lfs" }
  /** One of git's services, on a path that is no repository's. */
  | { readonly type: "bad-path" }
  | { readonly type: "unknown" };

/** Characters of a command; the longest that names a repository has fewer than 200. */
export const execCommandLengthMax = 512;

const COMMAND = /^(?:git[ -](upload-pack|receive-pack|upload-archive)|(git-lfs-(?:authenticate|transfer))) +(.+)$/;
const QUOTED = /^'([^']*)'$/;
const PATH = /^(?:\/?~\/|\/)?([A-Za-z0-9-]{1,39})\/([A-Za-z0-9._-]{1,104}?)(?:\.git)?\/?$/;

/** Reads the string of an `exec` request. Never throws. */
export function parseExecCommand(text: string): ExecCommand {
  if (text.length > execCommandLengthMax) return { type: "unknown" };
  const [, service, lfs, argument = ""] = COMMAND.exec(text) ?? [];
  if (lfs !== undefined) return { type: "lfs" };
  if (service === undefined) return { type: "unknown" };
  if (service === "upload-archive") return { type: "archive" };
  const path = argument.startsWith("'") ? QUOTED.exec(argument)?.[1] : argument;
  const [, owner, name] = PATH.exec(path ?? "") ?? [];
  if (owner === undefined || name === undefined) return { type: "bad-path" };
  return { type: "git", service: `git-${service as "upload-pack" | "receive-pack"}`, owner, name };
}
