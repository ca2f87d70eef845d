import { parseHost } from "../config/host-name.ts";
import { withHost, writeHosts } from "../config/hosts-file.ts";
import { startFakeNode, type PreparedAnswer } from "./fake-node.ts";
import type { TestMachine } from "./test-platform.ts";

/** Starts a node of prepared answers at which `machine` is signed in as alice, with the token `guts_t`. */
export async function signedInNode(machine: TestMachine, answers: Readonly<Record<string, PreparedAnswer>>) {
  const node = await startFakeNode(answers);
  const none = { defaultHost: undefined, entries: new Map() };
  await writeHosts(machine.configDirectory, withHost(none, parseHost(node.url), { login: "alice", token: "guts_t" }));
  return node;
}

/** What the API says of a repository, as far as commands read it. */
export function repositoryAnswer(fullName: string, changes: Readonly<Record<string, unknown>> = {}) {
  const [owner, name] = fullName.split("/");
  return {
    id: 1,
    name,
    full_name: fullName,
    owner: { login: owner },
    description: "A friendly greeting",
    private: false,
    archived: false,
    default_branch: "main",
    stargazers_count: 2,
    topics: ["forge", "git"],
    permissions: { admin: true, maintain: true, push: true, triage: true, pull: true },
    html_url: `http://elsewhere/${fullName}`,
    clone_url: `http://elsewhere/${fullName}.git`,
    created_at: "2026-11-18T12:00:00Z",
    updated_at: "2026-11-20T10:00:00Z",
    pushed_at: "2026-11-20T10:00:00Z",
    ...changes,
  };
}
