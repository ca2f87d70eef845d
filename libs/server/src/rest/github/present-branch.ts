import type { BranchWithProtection } from "@guts/api";
import { shortRefName, type RefName } from "@guts/primitives";

import { Refusal } from "../../errors.ts";
import type { Services } from "../../services.ts";
import type { OpenedRepository } from "../../use-cases/open-repository.ts";
import { ruleFinder, stateRule } from "../../use-cases/protection.ts";
import { requireCommit } from "../../use-cases/resolve-ref.ts";
import { presentCommit, type CommitBook, type Place } from "./present-git.ts";
import { summarizeProtection } from "./present-protection.ts";
import { Urls } from "./urls.ts";

/** Where a repository's objects are shown. */
export function placeOf(
  { signatures }: Pick<Services, "signatures">,
  opened: OpenedRepository,
  baseUrl: string,
): Place {
  const { repository, fullName, state } = opened;
  const book: CommitBook = {
    ownerOf: (address) => signatures.ownerOf(state, address),
    verdictOn: (object) => signatures.verdictOn(state, object),
  };
  return { urls: new Urls(baseUrl), fullName, repositoryId: repository.id, book };
}

/** A branch with its newest commit. Throws `Refusal` `not-found`. */
export async function presentBranch(
  services: Pick<Services, "git" | "signatures">,
  opened: OpenedRepository,
  { name, call }: { readonly name: RefName; readonly call: { readonly baseUrl: string; readonly signal: AbortSignal } },
): Promise<BranchWithProtection> {
  const id = opened.state.ref(opened.repository.id, name);
  if (id === undefined) throw new Refusal("not-found", "Branch not found");
  const commit = await requireCommit(services, opened, { commit: id, signal: call.signal });
  const place = placeOf(services, opened, call.baseUrl);
  const branch = shortRefName(name);
  const self = `${place.urls.repository(opened.fullName)}/branches/${branch}`;
  return {
    name: branch,
    commit: presentCommit(commit, place),
    _links: { self, html: place.urls.page(opened.fullName, "tree", branch) },
    ...protectionOf(opened, ruleFinder(opened.state, opened.repository.id)(name), self),
  };
}

/** What a branch says of the rule that governs it; `url` is the branch's own. */
export function protectionOf(
  { state }: OpenedRepository,
  rule: ReturnType<ReturnType<typeof ruleFinder>>,
  url: string,
) {
  const settings = rule === undefined || rule === "exhausted" ? undefined : stateRule(state, rule).settings;
  return {
    protected: rule !== undefined,
    protection: summarizeProtection(settings),
    protection_url: `${url}/protection`,
  };
}

/** Sends who asks for a branch by a name that it had to the name that it has, as GitHub does. Throws `Refusal` `moved`. */
export function redirectFromFormerBranch(
  { state, repository, fullName }: OpenedRepository,
  name: RefName,
  { baseUrl }: { readonly baseUrl: string },
): void {
  if (state.ref(repository.id, name) !== undefined) return;
  const present = state.presentBranch(repository.id, name);
  if (present === undefined) return;
  const branch = shortRefName(present).split("/").map(encodeURIComponent).join("/");
  const location = `${new Urls(baseUrl).repository(fullName)}/branches/${branch}`;
  throw new Refusal("moved", "Moved Permanently", { location });
}
