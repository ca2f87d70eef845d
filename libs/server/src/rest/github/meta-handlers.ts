import type { Meta } from "@guts/api";

import type { RouteHandlers } from "../../http/call.ts";
import type { RateResource } from "../../http/rate-limiter.ts";
import type { Services } from "../../services.ts";
import type { PublicHostKey } from "../../ssh/host-key.ts";

type Name = "GET /api/v3/" | "GET /api/v3/meta" | "GET /api/v3/rate_limit";

/** The version of GitHub Enterprise Server that clients take us for: the one that asks for the fewest new things. */
const installedVersion = "3.17.0";

/** Facts about this server, in GitHub's shapes. */
export function metaHandlers({
  rateLimiter,
  sshHostKey,
}: Pick<Services, "rateLimiter" | "sshHostKey">): Pick<RouteHandlers, Name> {
  return {
    "GET /api/v3/": ({ baseUrl }) => ({ status: 200, body: rootOf(`${baseUrl}/api/v3`, baseUrl) }),
    "GET /api/v3/meta": () => ({
      status: 200,
      body: { verifiable_password_authentication: false, installed_version: installedVersion, ...keysOf(sshHostKey) },
    }),
    "GET /api/v3/rate_limit": ({ actor, address }) => {
      const caller = { account: actor.account?.id, address };
      const rate = (resource: RateResource) => {
        const { limit, used, remaining, resetSeconds } = rateLimiter.peek(resource, caller);
        return { limit, used, remaining, reset: resetSeconds };
      };
      const resources = { core: rate("core"), search: rate("search"), graphql: rate("graphql") };
      const own = { guts: rate("guts"), git: rate("git") };
      return { status: 200, body: { resources: { ...resources, ...own }, rate: resources.core } };
    },
  };
}

function keysOf(hostKey: PublicHostKey | undefined): Pick<Meta, "ssh_key_fingerprints" | "ssh_keys"> {
  if (hostKey === undefined) return {};
  const { fingerprint, publicLine } = hostKey;
  return { ssh_key_fingerprints: { SHA256_ED25519: fingerprint.replace(/^SHA256:/, "") }, ssh_keys: [publicLine] };
}

function rootOf(api: string, base: string) {
  return {
    current_user_url: `${api}/user`,
    current_user_authorizations_html_url: `${base}/settings/tokens`,
    authorizations_url: `${api}/authorizations`,
    code_search_url: `${api}/search/code?q={query}{&page,per_page,sort,order}`,
    commit_search_url: `${api}/search/commits?q={query}{&page,per_page,sort,order}`,
    emails_url: `${api}/user/emails`,
    emojis_url: `${api}/emojis`,
    events_url: `${api}/events`,
    feeds_url: `${api}/feeds`,
    followers_url: `${api}/user/followers`,
    following_url: `${api}/user/following{/target}`,
    gists_url: `${api}/gists{/gist_id}`,
    issue_search_url: `${api}/search/issues?q={query}{&page,per_page,sort,order}`,
    issues_url: `${api}/issues`,
    keys_url: `${api}/user/keys`,
    label_search_url: `${api}/search/labels?q={query}&repository_id={repository_id}{&page,per_page}`,
    notifications_url: `${api}/notifications`,
    organization_url: `${api}/orgs/{org}`,
    organization_repositories_url: `${api}/orgs/{org}/repos{?type,page,per_page,sort}`,
    organization_teams_url: `${api}/orgs/{org}/teams`,
    public_gists_url: `${api}/gists/public`,
    rate_limit_url: `${api}/rate_limit`,
    repository_url: `${api}/repos/{owner}/{repo}`,
    repository_search_url: `${api}/search/repositories?q={query}{&page,per_page,sort,order}`,
    current_user_repositories_url: `${api}/user/repos{?type,page,per_page,sort}`,
    starred_url: `${api}/user/starred{/owner}{/repo}`,
    starred_gists_url: `${api}/gists/starred`,
    user_url: `${api}/users/{user}`,
    user_organizations_url: `${api}/user/orgs`,
    user_repositories_url: `${api}/users/{user}/repos{?type,page,per_page,sort}`,
    user_search_url: `${api}/search/users?q={query}{&page,per_page,sort,order}`,
  };
}
