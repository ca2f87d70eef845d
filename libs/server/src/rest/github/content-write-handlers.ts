import { fileBytesMax, type FileWrite } from "@guts/api";
import { parseBranchName, parseObjectId, shortRefName, type ObjectId, type RefName } from "@guts/primitives";

import { Refusal } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { FileChange, GitTreeEntry } from "../../ports/index.ts";
import type { Services } from "../../services.ts";
import { lookUpEntry } from "../../use-cases/browse.ts";
import { commitFiles } from "../../use-cases/commit-files.ts";
import { namedPerson, personOf } from "../../use-cases/commit-person.ts";
import { openAtPresentName, type OpenedRepository } from "../../use-cases/open-repository.ts";
import { requireCommit } from "../../use-cases/resolve-ref.ts";
import { placeOf } from "./present-branch.ts";
import { presentEntry, presentGitCommit } from "./present-git.ts";

type Path = "/api/v3/repos/{owner}/{repo}/contents/{+path}";
type Name = `PUT ${Path}` | `DELETE ${Path}`;
type WriteCall = Call<`PUT ${Path}`> | Call<`DELETE ${Path}`>;

/** Files that are written and deleted one at a time, each by a commit. */
export function contentWriteHandlers(services: Services): Pick<RouteHandlers, Name> {
  return {
    "PUT /api/v3/repos/{owner}/{repo}/contents/{+path}": async (call) => {
      const target = await openTarget(services, call);
      const content = decodeContent(call.body);
      requireSha(target, call.body.sha);
      const { existing, path } = target;
      const change = { path, action: "write", content } as const;
      const { commit, height } = await commitChange(services, call, target, change);
      const entry = await lookUpEntry(services, spotOf(target, commit, call));
      const place = { ...placeOf(services, target.opened, call.baseUrl), ref: shortRefName(target.branch), path };
      const body = {
        content: entry === undefined ? null : presentEntry(entry, place),
        commit: await presentCommitted(services, call, target, commit),
      };
      return existing === undefined ? { status: 201, body, height } : { status: 200, body, height };
    },
    "DELETE /api/v3/repos/{owner}/{repo}/contents/{+path}": async (call) => {
      const target = await openTarget(services, call);
      if (target.existing === undefined) throw new Refusal("not-found", "Not Found");
      requireSha(target, call.body.sha);
      const change = { path: target.path, action: "delete" } as const;
      const { commit, height } = await commitChange(services, call, target, change);
      const body = { content: null, commit: await presentCommitted(services, call, target, commit) };
      return { status: 200, body, height };
    },
  };
}

/** Where a file is to be written. */
interface Target {
  readonly opened: OpenedRepository;
  readonly branch: RefName;
  /** What the branch is at; undefined in a repository without commits. */
  readonly head: ObjectId | undefined;
  readonly path: string;
  readonly existing: GitTreeEntry | undefined;
}

async function openTarget(services: Services, call: WriteCall): Promise<Target> {
  const opened = openAtPresentName(services.ledger, call, "push");
  const { repository, state } = opened;
  const { branch: asked } = call.body;
  const branch = asked === undefined ? repository.defaultBranch : parseBranchName(asked.replace(/^refs\/heads\//, ""));
  const head = branch === undefined ? undefined : state.ref(repository.id, branch);
  if (branch === undefined || (head === undefined && repository.refCount > 0))
    throw new Refusal("not-found", `Branch ${asked ?? shortRefName(repository.defaultBranch)} not found`);
  const { path } = call.path;
  if (path.startsWith("/")) throw new Refusal("invalid", "path cannot start with a slash", { reason: "path-invalid" });
  const target = { opened, branch, head, path };
  const existing = head === undefined ? undefined : await lookUpEntry(services, spotOf(target, head, call));
  if (existing?.type === "tree" || existing?.type === "commit")
    throw new Refusal("invalid", `${path} is a directory; name a file.`, { reason: "path-conflict" });
  return { ...target, existing };
}

function spotOf({ opened, branch, path }: Omit<Target, "existing" | "head">, commit: ObjectId, { signal }: WriteCall) {
  return { opened, at: { kind: "branch" as const, name: shortRefName(branch), commit, path }, signal };
}

/** What the client saw is what is there. Throws `Refusal` in GitHub's words. */
function requireSha({ existing, path, opened }: Target, sha: string | undefined): void {
  if (sha === undefined) {
    if (existing === undefined) return;
    throw new Refusal("invalid", `Invalid request.\n\n"sha" wasn't supplied.`, { reason: "sha-missing" });
  }
  const seen = parseObjectId(sha.toLowerCase(), opened.repository.objectFormat);
  if (seen === undefined || seen !== existing?.id)
    throw new Refusal("conflict", `${path} does not match ${sha}`, { reason: "sha-mismatch" });
}

/** Base64 with or without line ends; nothing else. */
function decodeContent({ content }: FileWrite): Uint8Array {
  return decodeBase64(content) ?? refuseContent();
}

/** The bytes of base64 text, which may be broken into lines; undefined when it is none. Throws `Refusal` for too many. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bare = text.replace(/[\r\n]/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(bare) || bare.replace(/=+$/, "").length % 4 === 1) return undefined;
  const bytes = Buffer.from(bare, "base64");
  if (bytes.length > fileBytesMax)
    throw new Refusal("too-large", `A file sent this way may have ${fileBytesMax} bytes. Push larger ones with git.`);
  return bytes;
}

function refuseContent(): never {
  throw new Refusal("invalid", "content is not valid Base64", { reason: "content-invalid" });
}

function commitChange(services: Services, call: WriteCall, target: Target, change: FileChange) {
  const { opened, branch, head } = target;
  const { message, author, committer } = call.body;
  const applied = namedPerson(committer, personOf(services, call), "committer");
  const words = { message, committer: applied, author: namedPerson(author, applied, "author") };
  return commitFiles(services, call, { opened, branch, old: head, parent: head, changes: [change], ...words });
}

async function presentCommitted(services: Services, call: WriteCall, { opened }: Target, commit: ObjectId) {
  const made = await requireCommit(services, opened, { commit, signal: call.signal });
  return presentGitCommit(made, placeOf(services, opened, call.baseUrl));
}
