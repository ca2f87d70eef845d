/** The headers by which GitHub's clients learn what their token may do, and what a route would have asked for. */
import { scopesThatAllow, shortestScopeNames, type ScopeNeed } from "@guts/governance";

import type { SignedInActor } from "../auth/actor.ts";

/** The first line that fits a route says what its scopes are about; routes without one ask for none. */
const rules: readonly (readonly [RegExp, readonly ScopeNeed[]])[] = [
  [/^DELETE \/api\/v3\/repos\/\{owner\}\/\{repo\}$/, ["delete-repository"]],
  [/^DELETE \/api\/v3\/user\/keys/, ["administer-public-keys"]],
  [/^POST \/api\/v3\/user\/keys/, ["write-public-keys"]],
  [/^GET \/api\/v3\/user\/keys/, ["read-public-keys"]],
  [/^\w+ \/api\/v3\/user\/ssh_signing_keys/, ["administer-ssh-signing-keys"]],
  [/^DELETE \/api\/v3\/user\/gpg_keys/, ["administer-gpg-keys"]],
  [/^POST \/api\/v3\/user\/gpg_keys/, ["write-gpg-keys"]],
  [/^GET \/api\/v3\/user\/gpg_keys/, ["read-gpg-keys"]],
  [/^(GET|PUT|PATCH|DELETE) \/api\/v3\/(user\/)?repos(itory_invitations)?\b/, ["administer-repository"]],
  [/^POST \/api\/v3\/user\/repos$/, ["write-public-repository"]],
  [/^POST \/api\/v3\/repos\b/, ["administer-repository"]],
  [/^GET \/api\/v3\/(orgs\b|user\/(orgs|teams|memberships))/, ["read-organizations"]],
  [/^(PUT|POST|PATCH|DELETE) \/api\/v3\/orgs\b/, ["administer-organizations"]],
  [/^GET \/api\/v3\/user\/emails/, ["read-email"]],
  [/^PATCH \/api\/v3\/user$/, ["write-profile"]],
  [/^(PUT|DELETE) \/api\/v3\/users\/\{username\}\/suspended$/, ["administer-site"]],
  [/^\w+ \/api\/guts\/(tokens|sessions)\b/, ["manage-credentials"]],
];

/** `X-Accepted-OAuth-Scopes` of a route such as `GET /api/v3/user/keys`: any of them will do. */
export function acceptedScopes(routeName: string): string {
  const needs = rules.find(([pattern]) => pattern.test(routeName))?.[1] ?? [];
  return [...new Set(needs.flatMap((need) => scopesThatAllow(need)))].toSorted().join(", ");
}

/** `X-OAuth-Scopes` of a token; a fine-grained one has none to tell. */
export function heldScopes({ scopes }: SignedInActor): string | undefined {
  return typeof scopes === "number" ? shortestScopeNames(scopes).join(", ") : undefined;
}
