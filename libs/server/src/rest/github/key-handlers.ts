import type { DeployKey, SimpleSshKey, SshKey as SshKeyShape } from "@guts/api";
import type { SshKey } from "@guts/ledger";

import { notFound } from "../../errors.ts";
import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { findAccount } from "../../use-cases/find-repository.ts";
import {
  addDeployKey,
  addSshKey,
  findDeployKey,
  findSshKey,
  listDeployKeys,
  listSshKeys,
  removeDeployKey,
  removeSshKey,
} from "../../use-cases/ssh-keys.ts";
import { isoTime } from "../iso-time.ts";
import { pageLinks, pageOf, slicePage } from "../paging.ts";
import { publicKeyLine } from "../public-key-line.ts";

type Name =
  | `${"GET" | "POST"} /api/v3/user/keys`
  | `${"GET" | "DELETE"} /api/v3/user/keys/{key_id}`
  | "GET /api/v3/users/{username}/keys"
  | `${"GET" | "POST"} /api/v3/repos/{owner}/{repo}/keys`
  | `${"GET" | "DELETE"} /api/v3/repos/{owner}/{repo}/keys/{key_id}`;

/** SSH keys and deploy keys, in GitHub's shapes. */
export function keyHandlers(services: Services): Pick<RouteHandlers, Name> {
  return { ...accountKeyHandlers(services), ...deployKeyHandlers(services) };
}

function accountKeyHandlers(services: Services) {
  const { ledger } = services;
  const present = presenter(services);
  return {
    "GET /api/v3/user/keys": (call) => paged(call, listSshKeys(services, call.actor), (key) => present.key(key, call)),
    "POST /api/v3/user/keys": async (call) => {
      const { key, height } = await addSshKey(services, call, call.body);
      return { status: 201, body: present.key(key, call), height };
    },
    "GET /api/v3/user/keys/{key_id}": (call) => ({
      status: 200,
      body: present.key(findSshKey(services, call.actor, call.path.key_id), call),
    }),
    "DELETE /api/v3/user/keys/{key_id}": async (call) => {
      const height = await removeSshKey(services, call, call.path.key_id);
      return { status: 204, body: undefined, height };
    },
    "GET /api/v3/users/{username}/keys": (call) => {
      const found = findAccount(ledger.state(), call.path.username);
      if (found === undefined) throw notFound();
      const keys = [...ledger.state().sshKeys({ type: "account", id: found.account.id })];
      return paged(call, keys, presentSimple);
    },
  } satisfies Partial<RouteHandlers>;
}

function deployKeyHandlers(services: Services) {
  const present = presenter(services);
  return {
    "GET /api/v3/repos/{owner}/{repo}/keys": (call) =>
      paged(call, listDeployKeys(services, call.actor, call.path), (key) => present.deployKey(key, call)),
    "POST /api/v3/repos/{owner}/{repo}/keys": async (call) => {
      const { read_only: isReadOnly = false, ...given } = call.body;
      const added = await addDeployKey(services, call, { path: call.path, given: { ...given, isReadOnly } });
      return { status: 201, body: present.deployKey(added.key, call), height: added.height };
    },
    "GET /api/v3/repos/{owner}/{repo}/keys/{key_id}": (call) => ({
      status: 200,
      body: present.deployKey(findDeployKey(services, call.actor, call.path), call),
    }),
    "DELETE /api/v3/repos/{owner}/{repo}/keys/{key_id}": async (call) => ({
      status: 204,
      body: undefined,
      height: await removeDeployKey(services, call, call.path),
    }),
  } satisfies Partial<RouteHandlers>;
}

interface ListCall {
  readonly query: { readonly per_page?: number; readonly page?: number };
  readonly baseUrl: string;
  readonly url: string;
}

/** One page of a list that is short enough to be read whole. */
function paged<Shape>(call: ListCall, keys: readonly SshKey[], show: (key: SshKey) => Shape) {
  const page = pageOf(call.query);
  const { items, hasMore } = slicePage(keys, page);
  return { status: 200 as const, body: items.map(show), headers: pageLinks(page, hasMore, call) };
}

function presentSimple({ number, blob, createdTime }: SshKey): SimpleSshKey {
  return { id: number, key: publicKeyLine(blob), created_at: isoTime(createdTime), last_used: null };
}

function presenter({ privateStore, ledger }: Pick<Services, "privateStore" | "ledger">) {
  const present = (key: SshKey, url: string): SshKeyShape => {
    const lastUse = privateStore.lastUse(key.id);
    return {
      ...presentSimple(key),
      last_used: lastUse === undefined ? null : isoTime(lastUse),
      url: `${url}/${key.number}`,
      title: key.label,
      verified: true,
      read_only: key.restriction?.permissions.contents === "read",
    };
  };
  return {
    key: (key: SshKey, { baseUrl }: { readonly baseUrl: string }) => present(key, `${baseUrl}/api/v3/user/keys`),
    deployKey: (
      key: SshKey,
      { baseUrl, path }: { readonly baseUrl: string; readonly path: RepositoryNames },
    ): DeployKey => ({
      ...present(key, `${baseUrl}/api/v3/repos/${path.owner}/${path.repo}/keys`),
      added_by: ledger.state().account(key.account)?.handle ?? null,
      enabled: true,
    }),
  };
}

interface RepositoryNames {
  readonly owner: string;
  readonly repo: string;
}
