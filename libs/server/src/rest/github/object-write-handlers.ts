import type { TreeCreation } from "@guts/api";
import { parseObjectId, type ObjectId } from "@guts/primitives";

import { Refusal } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { GitObjectType, ObjectDraft, TreeChange } from "../../ports/index.ts";
import type { Services } from "../../services.ts";
import { buildRefusal } from "../../use-cases/commit-files.ts";
import { namedPerson, personOf } from "../../use-cases/commit-person.ts";
import { openAtPresentName, type OpenedRepository } from "../../use-cases/open-repository.ts";
import { decodeBase64 } from "./content-write-handlers.ts";
import { placeOf } from "./present-branch.ts";
import { presentGitCommit, presentGitTag } from "./present-git.ts";
import { Urls } from "./urls.ts";

type Git = "POST /api/v3/repos/{owner}/{repo}/git";
type Name = `${Git}/${"blobs" | "trees" | "commits" | "tags"}`;
type AnyCall = { readonly path: { owner: string; repo: string } } & Pick<
  Call<`${Git}/tags`>,
  "actor" | "url" | "signal" | "baseUrl"
>;

/** Objects that are made one by one. They wait at this node until a ref is moved to what leads to them. */
export function objectWriteHandlers(services: Services): Pick<RouteHandlers, Name> {
  const open = (call: AnyCall): OpenedRepository => {
    const opened = openAtPresentName(services.ledger, call, "push");
    if (opened.repository.refCount === 0) throw new Refusal("conflict", "Git Repository is empty.");
    return opened;
  };
  const draft = async (opened: OpenedRepository, call: AnyCall, object: ObjectDraft): Promise<ObjectId> => {
    const { id, objectFormat: format } = opened.repository;
    const outcome = await services.git.draftObject(id, { ...object, format, signal: call.signal });
    if (outcome.outcome === "rejected") throw buildRefusal(outcome);
    return outcome.id;
  };
  return {
    "POST /api/v3/repos/{owner}/{repo}/git/blobs": async (call) => {
      const opened = open(call);
      const { content, encoding } = call.body;
      const bytes = encoding === "base64" ? decodeBase64(content) : Buffer.from(content);
      if (bytes === undefined)
        throw new Refusal("invalid", "content is not valid Base64", { reason: "content-invalid" });
      const sha = await draft(opened, call, { type: "blob", bytes });
      return { status: 201, body: { sha, url: `${apiOf(opened, call)}/git/blobs/${sha}` } };
    },
    "POST /api/v3/repos/{owner}/{repo}/git/trees": async (call) => {
      const opened = open(call);
      const { base_tree, tree } = call.body;
      const base = base_tree === undefined ? undefined : await treeOf(services, opened, { text: base_tree, call });
      const changes: TreeChange[] = [];
      for (const entry of tree) changes.push(await changeOf(entry, opened, (object) => draft(opened, call, object)));
      const sha = await draft(opened, call, { type: "tree", base, changes });
      const api = apiOf(opened, call);
      const listed = (await services.git.listDraftTree(opened.repository.id, { tree: sha, signal: call.signal })) ?? [];
      const entries = listed.map(({ name, mode, type, id }) => ({
        path: name,
        mode,
        type,
        sha: id,
        url: `${api}/git/${type}s/${id}`,
      }));
      return { status: 201, body: { sha, url: `${api}/git/trees/${sha}`, tree: entries, truncated: false } };
    },
    "POST /api/v3/repos/{owner}/{repo}/git/commits": async (call) => {
      const opened = open(call);
      const { message, author, committer, signature } = call.body;
      const tree = requireId(opened, call.body.tree);
      const parents = (call.body.parents ?? []).map((text) => requireId(opened, text));
      const self = namedPerson(author, personOf(services, call), "author");
      const fields = { tree, parents, message, author: self, committer: namedPerson(committer, self, "committer") };
      const id = await draft(opened, call, {
        type: "commit",
        ...fields,
        ...(signature !== undefined && { signature }),
      });
      // What was signed stands in the object; whether the signature holds is told to whoever reads it.
      const signed = signature === undefined ? undefined : { text: signature, payload: undefined };
      const commit = { id, ...fields, signature: signed };
      return { status: 201, body: presentGitCommit(commit, placeOf(services, opened, call.baseUrl)) };
    },
    "POST /api/v3/repos/{owner}/{repo}/git/tags": async (call) => {
      const opened = open(call);
      const { tag: name, message, type: targetType } = call.body;
      const tagger = namedPerson(call.body.tagger, personOf(services, call), "tagger");
      const fields = { name, message, targetType, tagger, target: requireId(opened, call.body.object) };
      const id = await draft(opened, call, { type: "tag", ...fields });
      const made = { id, ...fields, signature: undefined };
      return { status: 201, body: presentGitTag(made, placeOf(services, opened, call.baseUrl)) };
    },
  };
}

function apiOf({ fullName }: OpenedRepository, { baseUrl }: AnyCall): string {
  return new Urls(baseUrl).repository(fullName);
}

function requireId({ repository }: OpenedRepository, text: string): ObjectId {
  const id = parseObjectId(text.toLowerCase(), repository.objectFormat);
  if (id !== undefined) return id;
  throw new Refusal("invalid", `${text} is no whole object id.`, { reason: "object-id-invalid" });
}

/** GitHub takes a commit's id for a tree's. */
async function treeOf(
  { git }: Services,
  opened: OpenedRepository,
  { text, call }: { readonly text: string; readonly call: AnyCall },
): Promise<ObjectId> {
  const id = requireId(opened, text);
  return (await git.readCommit(opened.repository.id, id, call.signal))?.tree ?? id;
}

const typeOfMode: Readonly<Record<string, GitObjectType>> = { "040000": "tree", "160000": "commit" };

/** One entry of a request as a change; a file's content becomes a blob. Throws `Refusal`. */
async function changeOf(
  { path, mode, type, sha, content }: TreeCreation["tree"][number],
  opened: OpenedRepository,
  draft: (object: ObjectDraft) => Promise<ObjectId>,
): Promise<TreeChange> {
  if (type !== undefined && mode !== undefined && type !== (typeOfMode[mode] ?? "blob"))
    throw new Refusal("invalid", `${path}: a ${type} cannot have the mode ${mode}.`, { reason: "mode-invalid" });
  if ((sha === undefined) === (content === undefined))
    throw new Refusal("invalid", `${path} needs either a sha or a content.`, { reason: "entry-invalid" });
  if (sha === null) return { path, to: undefined };
  const id =
    sha === undefined ? await draft({ type: "blob", bytes: Buffer.from(content ?? "") }) : requireId(opened, sha);
  return { path, to: { id, mode: mode ?? (type === "tree" ? "040000" : undefined) } };
}
