import { reachesAllOf } from "@guts/governance";
import type { ForgeState } from "@guts/ledger";

import { refuseActor, type Actor } from "../auth/actor.ts";
import { findAccount, locateRepository, type LocatedRepository } from "../use-cases/find-repository.ts";
import { keyScopeWords, missingRepositoryWords, refusalWords, signInWords } from "./words.ts";
import type { GitService } from "@guts/git";

/** What a git client asks for, before its body is read. */
export interface GitRequest {
  readonly service: GitService;
  readonly owner: string;
  /** Without `.git`. */
  readonly name: string;
  readonly actor: Pick<Actor, "account" | "scopes">;
  /** Whether an SSH key says who asks, and no token. */
  readonly isKey?: boolean;
  readonly baseUrl: string;
}

/**
 * Whether a git client gets in. `challenge`: a credential may help, ask for one. `absent`: there is none, or it is not
 * theirs to know of. `forbidden`: they may read but not push.
 */
export type GitAccess =
  | { readonly access: "open"; readonly located: LocatedRepository }
  | { readonly access: "challenge" | "absent" | "forbidden"; readonly words: string };

/** Decides by governance alone. Nobody learns from the answer whether a repository exists that they may not read. */
export function decideGitAccess(state: ForgeState, request: GitRequest): GitAccess {
  const { actor, owner, name, service, baseUrl, isKey = false } = request;
  const located = locateRepository(state, owner, name);
  const action = service === "git-receive-pack" ? "push" : "read-contents";
  const refusal =
    located === undefined ? ({ code: "not-found" } as const) : refuseActor(state, actor, located.repository, action);
  if (refusal === undefined && located !== undefined) return { access: "open", located };
  if (actor.account === undefined) return { access: "challenge", words: signInWords(baseUrl) };
  if (located === undefined || refusal === undefined || refusal.code === "not-found") {
    const isOwn = findAccount(state, owner)?.account.id === actor.account.id;
    // Whoever cannot see all of its own must not learn from the words which repositories there are.
    const seesOwn = actor.scopes === undefined || reachesAllOf(actor.scopes, actor.account.id);
    const fullName = `${owner}/${name}`;
    if (isOwn && seesOwn && located === undefined && action === "push")
      return { access: "absent", words: missingRepositoryWords(fullName, baseUrl) };
    return { access: "absent", words: refusalWords({ code: "not-found" }, fullName, baseUrl) };
  }
  const words =
    isKey && refusal.code === "scope-missing"
      ? keyScopeWords(located.fullName)
      : refusalWords(refusal, located.fullName, baseUrl);
  return { access: "forbidden", words };
}
