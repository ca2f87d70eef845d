import { isPublicRef } from "@guts/governance";
import { parseObjectId, parseRefName, zeroObjectId, type ObjectId, type RefName } from "@guts/primitives";

import { invalidField, Refusal } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { GitEngine } from "../../ports/index.ts";
import type { Services } from "../../services.ts";
import { changeRef } from "../../use-cases/change-refs.ts";
import { openAtPresentName, type OpenedRepository } from "../../use-cases/open-repository.ts";
import { nodeIdOf, Urls } from "./urls.ts";

type Refs = "/api/v3/repos/{owner}/{repo}/git/refs";
type Name = `POST ${Refs}` | `${"PATCH" | "DELETE"} ${Refs}/{+ref}`;

/** Changes to refs, which go the way of a push. */
export function refHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger } = services;
  const open = (call: Call<`DELETE ${Refs}/{+ref}`> | Call<`PATCH ${Refs}/{+ref}`>) => {
    const opened = openAtPresentName(ledger, call, "push");
    const name = requireRef(call.path.ref);
    const oldId = opened.state.ref(opened.repository.id, name);
    if (oldId === undefined) throw new Refusal("invalid", "Reference does not exist", { reason: "ref-missing" });
    return { opened, name, oldId };
  };
  return {
    "POST /api/v3/repos/{owner}/{repo}/git/refs": async (call) => {
      const opened = openAtPresentName(ledger, call, "push");
      const { repository, state } = opened;
      const name = requireRef(call.body.ref);
      if (state.ref(repository.id, name) !== undefined)
        throw new Refusal("invalid", "Reference already exists", { reason: "ref-exists" });
      const newId = requireId(opened, call.body.sha);
      const update = { name, oldId: zeroObjectId(repository.objectFormat), newId };
      const height = await changeRef(services, call, { opened, update, mayForce: false });
      return { status: 201, body: await presentRef(services.git, opened, { name, id: newId }, call), height };
    },
    "PATCH /api/v3/repos/{owner}/{repo}/git/refs/{+ref}": async (call) => {
      const { opened, name, oldId } = open(call);
      const newId = requireId(opened, call.body.sha);
      const answer = async () => ({
        status: 200 as const,
        body: await presentRef(services.git, opened, { name, id: newId }, call),
      });
      if (newId === oldId) return answer();
      const change = { opened, update: { name, oldId, newId }, mayForce: call.body.force === true };
      const height = await changeRef(services, call, change);
      return { ...(await answer()), height };
    },
    "DELETE /api/v3/repos/{owner}/{repo}/git/refs/{+ref}": async (call) => {
      const { opened, name, oldId } = open(call);
      const update = { name, oldId, newId: zeroObjectId(opened.repository.objectFormat) };
      const height = await changeRef(services, call, { opened, update, mayForce: true });
      return { status: 204, body: undefined, height };
    },
  };
}

/** GitHub takes the name with and without `refs/`. */
function requireRef(text: string): RefName {
  const name = parseRefName(`refs/${text.replace(/^refs\//, "")}`);
  if (name !== undefined && isPublicRef(name)) return name;
  throw invalidField({
    resource: "Reference",
    field: "ref",
    message: "is no name of a branch or tag such as refs/heads/main",
  });
}

function requireId({ repository }: OpenedRepository, text: string): ObjectId {
  const id = parseObjectId(text.toLowerCase(), repository.objectFormat);
  if (id !== undefined) return id;
  throw invalidField({ resource: "Reference", field: "sha", message: "is no whole object id" });
}

/** A ref as GitHub shows it. */
async function presentRef(
  git: GitEngine,
  { repository, fullName }: OpenedRepository,
  { name, id }: { readonly name: RefName; readonly id: ObjectId },
  { baseUrl, signal }: { readonly baseUrl: string; readonly signal: AbortSignal },
) {
  const isTag = name.startsWith("refs/tags/") && (await git.readTag(repository.id, id, signal)) !== undefined;
  const type = isTag ? "tag" : "commit";
  const api = new Urls(baseUrl).repository(fullName);
  return {
    ref: name,
    node_id: nodeIdOf("Ref", repository.id, name),
    url: `${api}/git/${name}`,
    object: { type, sha: id, url: `${api}/git/${type}s/${id}` },
  };
}
