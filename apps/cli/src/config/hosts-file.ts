import { join } from "node:path";
import { CliError } from "../cli-error.ts";
import { isObject } from "../json-value.ts";
import { isCredentialText } from "./credential-text.ts";
import type { HostUrl } from "./host-name.ts";
import { readPrivateFile, writePrivateFile } from "./private-file.ts";

/** Who is signed in at one node, and with which token. */
export interface HostEntry {
  readonly login: string;
  readonly token: string;
}

/** The content of `hosts.json`: who is signed in where, and which node a command means when nothing else says so. */
export interface Hosts {
  readonly defaultHost: HostUrl | undefined;
  readonly entries: ReadonlyMap<HostUrl, HostEntry>;
}

const FORMAT_VERSION = 1;

/** Where the hosts file is. */
export function hostsPath(configDirectory: string): string {
  return join(configDirectory, "hosts.json");
}

/** Reads the hosts file; an absent one is empty. Throws `file` for one that this version does not understand. */
export async function readHosts(configDirectory: string): Promise<Hosts> {
  const path = hostsPath(configDirectory);
  const text = await readPrivateFile(path);
  if (text === undefined) return { defaultHost: undefined, entries: new Map() };
  const hosts = decodeHosts(text);
  if (hosts === undefined)
    throw new CliError("file", `${path} is not a hosts file that this version understands`, {
      hint: "Move it away and run `guts auth login` again.",
    });
  return hosts;
}

/** Writes the hosts file, atomically and for its owner alone. */
export async function writeHosts(configDirectory: string, hosts: Hosts): Promise<void> {
  const document = {
    version: FORMAT_VERSION,
    defaultHost: hosts.defaultHost ?? null,
    hosts: Object.fromEntries(hosts.entries),
  };
  await writePrivateFile(hostsPath(configDirectory), `${JSON.stringify(document, undefined, 2)}\n`);
}

/** The hosts with `entry` for `host`, which becomes the default. */
export function withHost(hosts: Hosts, host: HostUrl, entry: HostEntry): Hosts {
  return { defaultHost: host, entries: new Map(hosts.entries).set(host, entry) };
}

/** The hosts without `host`; another one becomes the default if it was. */
export function withoutHost(hosts: Hosts, host: HostUrl): Hosts {
  const entries = new Map(hosts.entries);
  entries.delete(host);
  const defaultHost = hosts.defaultHost === host ? entries.keys().next().value : hosts.defaultHost;
  return { defaultHost, entries };
}

/** Decodes the text of a hosts file; undefined for anything that is not one. */
export function decodeHosts(text: string): Hosts | undefined {
  const document = parseObject(text);
  if (document?.["version"] !== FORMAT_VERSION) return undefined;
  const { hosts, defaultHost } = document;
  if (!isObject(hosts) || !(defaultHost === null || typeof defaultHost === "string")) return undefined;
  const entries = new Map<HostUrl, HostEntry>();
  for (const [host, entry] of Object.entries(hosts)) {
    if (URL.parse(host)?.origin !== host || !isObject(entry)) return undefined;
    const { login, token } = entry;
    if (typeof login !== "string" || typeof token !== "string") return undefined;
    if (!isCredentialText(login) || !isCredentialText(token)) return undefined;
    entries.set(host as HostUrl, { login, token });
  }
  return { defaultHost: entries.has(defaultHost as HostUrl) ? (defaultHost as HostUrl) : undefined, entries };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
