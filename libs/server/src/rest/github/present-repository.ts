import type { Repository as RepositoryShape, RepositoryPermissions } from "@guts/api";
import { permits, type Permission } from "@guts/governance";
import type { RepositoryStanding } from "@guts/ledger";
import { shortRefName } from "@guts/primitives";

import type { LocatedRepository } from "../../use-cases/find-repository.ts";
import type { Services } from "../../services.ts";
import { sshRemoteOf, type SshAddress } from "../../use-cases/ssh-address.ts";
import { textReader } from "../../use-cases/texts.ts";
import { isoTime } from "../iso-time.ts";
import { presentSimpleUser, type ReadText } from "./present-user.ts";
import { nodeIdOf, Urls } from "./urls.ts";

/** GitHub's five flags for one of our permissions. */
export function presentPermissions(held: Permission): RepositoryPermissions {
  return {
    admin: permits(held, "admin"),
    maintain: permits(held, "maintain"),
    push: permits(held, "write"),
    triage: permits(held, "triage"),
    pull: permits(held, "read"),
  };
}

/** What a repository is shown with. `held` undefined leaves the permissions out, as for anonymous viewers. */
export interface RepositoryPresentation {
  readonly urls: Urls;
  readonly text: ReadText;
  readonly held: Permission | undefined;
  /** What people make of repositories, in the state that is shown. */
  readonly standing: RepositoryStanding;
  /** Where git's SSH door is; undefined at a node that has none open. */
  readonly sshAddress: SshAddress | undefined;
}

/** What the repositories of one answer are shown with beside what the viewer may do with each. */
export function presentationOf(
  { ledger, sshAddress }: Pick<Services, "ledger" | "sshAddress">,
  { baseUrl }: { readonly baseUrl: string },
): Omit<RepositoryPresentation, "held"> {
  return { urls: new Urls(baseUrl), text: textReader(ledger), standing: ledger.state().standing, sshAddress };
}

/** A repository as the viewer sees it. */
export function presentRepository(
  { repository, owner, fullName }: Pick<LocatedRepository, "repository" | "owner" | "fullName">,
  options: RepositoryPresentation,
): RepositoryShape {
  const { urls, text, held, standing, sshAddress } = options;
  const { stars, subscribers, forks } = standing.counts(repository.id);
  const url = urls.repository(fullName);
  const page = `${urls.base}/${fullName}`;
  return {
    id: repository.id,
    node_id: nodeIdOf("Repository", repository.id),
    name: repository.name,
    full_name: fullName,
    owner: presentSimpleUser(owner, urls),
    private: repository.visibility === "private",
    visibility: repository.visibility,
    fork: standing.parentOf(repository.id) !== undefined,
    description: text(repository.description),
    homepage: text(repository.homepage),
    language: null,
    mirror_url: null,
    license: null,
    default_branch: shortRefName(repository.defaultBranch),
    html_url: page,
    url,
    ...templatesOf(url),
    ...addressesOf(page, urls, sshAddress),
    ...NOTHING_YET,
    // What GitHub calls watchers here are stars; those who watch are its subscribers.
    forks_count: forks,
    forks,
    network_count: forks,
    stargazers_count: stars,
    watchers_count: stars,
    watchers: stars,
    subscribers_count: subscribers,
    topics: [...standing.topics(repository.id)],
    archived: repository.state === "archived",
    pushed_at: isoTime(repository.pushedTime ?? repository.createdTime),
    created_at: isoTime(repository.createdTime),
    updated_at: isoTime(repository.updatedTime),
    ...(held !== undefined && { permissions: presentPermissions(held) }),
  };
}

/** What this version of Guts does not have, in the values that mean so. */
const NOTHING_YET = {
  open_issues_count: 0,
  open_issues: 0,
  size: 0,
  is_template: false,
  has_issues: true,
  has_projects: false,
  has_wiki: false,
  has_pages: false,
  has_downloads: false,
  has_discussions: false,
  disabled: false,
};

/** GitHub's description wants an address for SSH also from a node without; there it says where one would be. */
function addressesOf(page: string, urls: Urls, sshAddress: SshAddress | undefined) {
  const { host, hostname } = new URL(urls.base);
  const path = page.slice(urls.base.length);
  return {
    clone_url: `${page}.git`,
    git_url: `git://${host}${path}.git`,
    ssh_url: sshRemoteOf(sshAddress ?? { host: hostname, port: 22 }, path.slice(1)),
    svn_url: page,
  };
}

function templatesOf(url: string) {
  return {
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}
