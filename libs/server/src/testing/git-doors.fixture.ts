import type { Target } from "./access-standing.fixture.ts";

/** A door that is no route of the table. */
export interface Door {
  readonly name: string;
  readonly act: "read" | "write";
  readonly path: (target: Target) => string;
  readonly init?: RequestInit;
}

const flush = "0000";
/** Git, and files as they are. */
export const gitDoors: readonly Door[] = [
  {
    name: "a comparison as text",
    act: "read",
    path: ({ owner, repo }) => `/${owner}/${repo}/compare/main...topic.diff`,
  },
  { name: "an archive", act: "read", path: ({ owner, repo }) => `/${owner}/${repo}/archive/main.tar.gz` },
  { name: "files as they are", act: "read", path: ({ owner, repo }) => `/${owner}/${repo}/raw/main/README.md` },
  {
    name: "git's advertisement for a fetch",
    act: "read",
    path: ({ owner, repo }) => `/${owner}/${repo}.git/info/refs?service=git-upload-pack`,
  },
  {
    name: "git's fetch",
    act: "read",
    path: ({ owner, repo }) => `/${owner}/${repo}.git/git-upload-pack`,
    init: {
      method: "POST",
      headers: { "content-type": "application/x-git-upload-pack-request", "git-protocol": "version=2" },
      body: `0014command=ls-refs\n${flush}`,
    },
  },
  {
    name: "git's advertisement for a push",
    act: "write",
    path: ({ owner, repo }) => `/${owner}/${repo}.git/info/refs?service=git-receive-pack`,
  },
  {
    name: "git's push",
    act: "write",
    path: ({ owner, repo }) => `/${owner}/${repo}.git/git-receive-pack`,
    init: {
      method: "POST",
      headers: { "content-type": "application/x-git-receive-pack-request" },
      body: flush,
    },
  },
];
