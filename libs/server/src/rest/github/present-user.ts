import type { PrivateUser, PublicUser, SimpleUser } from "@guts/api";
import type { Account, ContentRef, ForgeState } from "@guts/ledger";

import { avatarPath } from "../../use-cases/avatars.ts";
import { isoTime } from "../iso-time.ts";
import { nodeIdOf, type Urls } from "./urls.ts";

/** How to read a detached text; null where it is absent or was redacted. */
export type ReadText = (ref: ContentRef | undefined) => string | null;

/** How many follow an account, and how many it follows. */
export type FollowCounts = ReturnType<ForgeState["followCounts"]>;

/** What an account says of itself beside its row. */
export type Profile = ReturnType<ForgeState["profile"]>;

/** An account as it appears inside other resources. */
export function presentSimpleUser(account: Account, urls: Urls): SimpleUser {
  const url = urls.user(account.handle);
  return {
    login: account.handle,
    id: account.id,
    node_id: nodeIdOf("User", account.id),
    avatar_url: `${urls.base}${avatarPath(account)}`,
    gravatar_id: "",
    url,
    html_url: `${urls.base}/${account.handle}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.isOrganization ? "Organization" : "User",
    site_admin: account.isAdministrator === "yes",
  };
}

/** What anyone may see of an account. */
export function presentPublicUser(
  account: Account,
  options: {
    readonly urls: Urls;
    readonly text: ReadText;
    readonly profile: Profile;
    /** The address that they show here; null for none. */
    readonly email: string | null;
    readonly publicRepositoryCount: number;
    readonly follows: FollowCounts;
  },
): PublicUser {
  const { urls, text, profile, email, publicRepositoryCount, follows } = options;
  return {
    ...presentSimpleUser(account, urls),
    name: text(account.displayName),
    company: text(profile.company),
    blog: text(account.website) ?? "",
    location: text(account.location),
    email,
    hireable: profile.hireable ?? null,
    bio: text(account.bio),
    twitter_username: text(profile.twitterUsername),
    public_repos: publicRepositoryCount,
    public_gists: 0,
    ...follows,
    created_at: isoTime(account.createdTime),
    updated_at: isoTime(account.updatedTime),
  };
}

/** What an account sees of itself. */
export function presentPrivateUser(
  account: Account,
  options: {
    readonly urls: Urls;
    readonly text: ReadText;
    readonly profile: Profile;
    readonly email: string | null;
    readonly counts: { readonly public: number; readonly private: number };
    readonly follows: FollowCounts;
  },
): PrivateUser {
  const { counts, ...rest } = options;
  return {
    ...presentPublicUser(account, { ...rest, publicRepositoryCount: counts.public }),
    private_gists: 0,
    total_private_repos: counts.private,
    owned_private_repos: counts.private,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: false,
  };
}
