import { Type, type Static } from "typebox";

import { Strings } from "../schema.ts";

/** GitHub's `root`: URL templates of the API. */
export const Root = Type.Object(
  {
    ...Strings(
      ...(["current_user_url", "current_user_authorizations_html_url", "authorizations_url"] as const),
      ...(["code_search_url", "commit_search_url", "emails_url", "emojis_url", "events_url", "feeds_url"] as const),
      ...(["followers_url", "following_url", "gists_url", "issue_search_url", "issues_url", "keys_url"] as const),
      ...(["label_search_url", "notifications_url", "organization_url", "organization_repositories_url"] as const),
      ...(["organization_teams_url", "public_gists_url", "rate_limit_url", "repository_url"] as const),
      ...(["repository_search_url", "current_user_repositories_url", "starred_url", "starred_gists_url"] as const),
      ...(["user_url", "user_organizations_url", "user_repositories_url", "user_search_url"] as const),
    ).properties,
  },
  { title: "Root" },
);
export type Root = Static<typeof Root>;

/** GitHub's `api-overview` of an Enterprise Server, which is what `gh` takes us for; the keys only where git is served over SSH. */
export const Meta = Type.Object(
  {
    verifiable_password_authentication: Type.Boolean(),
    installed_version: Type.String(),
    /** Base64 of SHA-256, without the prefix that ssh shows. */
    ssh_key_fingerprints: Type.Optional(Type.Object({ SHA256_ED25519: Type.String() })),
    /** As lines of known_hosts without the host. */
    ssh_keys: Type.Optional(Type.Array(Type.String())),
  },
  { title: "Meta" },
);
export type Meta = Static<typeof Meta>;

const RateLimit = Type.Object({
  limit: Type.Integer(),
  remaining: Type.Integer(),
  reset: Type.Integer(),
  used: Type.Integer(),
});

/** GitHub's `rate-limit-overview`, with what is counted beside: pages (`guts`) and git. */
export const RateLimitOverview = Type.Object(
  {
    resources: Type.Object({ core: RateLimit, search: RateLimit, graphql: RateLimit, guts: RateLimit, git: RateLimit }),
    rate: RateLimit,
  },
  { title: "RateLimitOverview" },
);
export type RateLimitOverview = Static<typeof RateLimitOverview>;
