import { gitLimits, requestLimits } from "@guts/server/limits";
import { Type, type TSchema } from "typebox";

/** One thing that an operator can set, in the file under its key and in the environment under `environmentNameOf(key)`. */
export interface Setting {
  readonly schema: TSchema;
  /** Used when neither the file nor the environment says anything; undefined leaves the setting unset. */
  readonly fallback: string | number | boolean | readonly string[] | undefined;
  /** What it is for and what it may be; shown with every problem and in `guts node settings`. */
  readonly hint: string;
  /** Its value is never shown. */
  readonly isSecret?: true;
}

const port = Type.Integer({ minimum: 1, maximum: 65_535 });
const host = Type.String({ minLength: 1, maxLength: 255 });
const tcpAddress = String.raw`/(ip4|ip6|dns|dns4|dns6)/[A-Za-z0-9.:-]{1,253}/tcp/[1-9]\d{0,4}`;
const peerId = "/p2p/[1-9A-HJ-NP-Za-km-z]{32,64}";
const mebibyte = 1024 * 1024;
const requestCount = Type.Integer({ minimum: 1, maximum: 1_000_000_000 });

/** Every setting of a node. The only list: the file's schema, the environment's names and the documentation come from it. */
export const settings = {
  name: {
    schema: Type.String({ minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9._-]+$" }),
    fallback: "node",
    hint: "the node's name in logs and on its status page: letters, digits, '.', '_' and '-'",
  },
  "http.host": {
    schema: host,
    fallback: "127.0.0.1",
    hint: "the address to listen on; 0.0.0.0 or :: makes the node reachable from other machines",
  },
  "http.port": { schema: port, fallback: 3000, hint: "the port for the web, the API and git over HTTP" },
  "http.publicUrl": {
    schema: Type.String({ pattern: "^https?://[^/?#\\s]+$" }),
    fallback: undefined,
    hint: "how people reach the node, such as https://git.example.org, without a slash at the end; default: host and port",
  },
  "http.isBehindProxy": {
    schema: Type.Boolean(),
    fallback: false,
    hint: "whether a reverse proxy in front sets X-Forwarded-For and X-Forwarded-Proto; true trusts these headers",
  },
  "p2p.host": {
    schema: host,
    fallback: undefined,
    hint: "the address to listen on for other nodes; default: http.host",
  },
  "p2p.port": { schema: port, fallback: undefined, hint: "the port for other nodes; default: three above http.port" },
  "p2p.announce": {
    schema: Type.Array(Type.String({ pattern: `^${tcpAddress}$`, maxLength: 300 }), { maxItems: 8 }),
    fallback: [],
    hint: "how other nodes reach p2p.port, such as /dns4/git.example.org/tcp/3003; default: p2p.host, or the host of http.publicUrl",
  },
  "p2p.peers": {
    schema: Type.Array(Type.String({ pattern: `^${tcpAddress}${peerId}$`, maxLength: 400 }), { maxItems: 100 }),
    fallback: [],
    hint: "nodes to connect to at the start, each as /dns4/git.example.org/tcp/3003/p2p/PEERID",
  },
  "packs.host": {
    schema: host,
    fallback: undefined,
    hint: "the address to listen on for packs of other nodes; default: p2p.host",
  },
  "packs.port": {
    schema: port,
    fallback: undefined,
    hint: "the port for packs of other nodes; default: four above http.port",
  },
  "packs.announce": {
    schema: Type.String({ pattern: String.raw`^([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):[1-9]\d{0,4}$` }),
    fallback: undefined,
    hint: "how other nodes reach packs.port, as HOST:PORT; default: packs.host, or the host of http.publicUrl",
  },
  "ssh.isOpen": { schema: Type.Boolean(), fallback: true, hint: "whether git is served over SSH too" },
  "ssh.host": {
    schema: host,
    fallback: undefined,
    hint: "the address to listen on for git over SSH; default: http.host",
  },
  "ssh.port": { schema: port, fallback: undefined, hint: "the port for git over SSH; default: two above http.port" },
  "ssh.announce": {
    schema: Type.String({ pattern: String.raw`^([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):[1-9]\d{0,4}$` }),
    fallback: undefined,
    hint: "how people reach ssh.port, as HOST:PORT; default: the host of http.publicUrl, or ssh.host",
  },
  "metrics.areOpen": {
    schema: Type.Boolean(),
    fallback: false,
    hint: "whether whoever reaches the node may read /metrics; otherwise only programs on the same machine",
  },
  "database.url": {
    schema: Type.String({ pattern: "^postgres(ql)?://" }),
    fallback: undefined,
    hint: "a PostgreSQL (15 or newer) for the read model, as postgres://user:password@host/database, where {name} stands for the node's name; default: embedded",
    isSecret: true,
  },
  "log.level": {
    schema: Type.Enum(["error", "warn", "info", "debug", "silent"]),
    fallback: "info",
    hint: "how much to log: error, warn, info, debug or silent",
  },
  "git.binary": {
    schema: Type.String({ minLength: 1, maxLength: 4096 }),
    fallback: "git",
    hint: "the git program: a name that is looked up in the usual folders, or a path",
  },
  "git.spawnerCount": {
    schema: Type.Integer({ minimum: 1, maximum: 16 }),
    fallback: 2,
    hint: "small processes that start git, so that the node itself never forks",
  },
  "git.packsBeforeRepack": {
    schema: Type.Integer({ minimum: 2, maximum: 1000 }),
    fallback: 30,
    hint: "a repository with this many packs, one from each push, is put in order; fewer make fetches cheaper and pushes dearer",
  },
  "git.packBytesMax": {
    schema: Type.Integer({ minimum: mebibyte, maximum: 2 ** 40 }),
    fallback: gitLimits.packBytesMax,
    hint: "the largest pack that one push may send, in bytes",
  },
  "git.inflatedBytesMax": {
    schema: Type.Integer({ minimum: mebibyte, maximum: 2 ** 44 }),
    fallback: gitLimits.inflatedBytesMax,
    hint: "how many bytes the objects of one push may have once they are inflated",
  },
  "git.objectCountMax": {
    schema: Type.Integer({ minimum: 100, maximum: 2 ** 32 - 1 }),
    fallback: gitLimits.objectCountMax,
    hint: "how many objects one push may send",
  },
  "git.pushSecondsMax": {
    schema: Type.Integer({ minimum: 1, maximum: 86_400 }),
    fallback: gitLimits.receiveTimeoutMs / 1000,
    hint: "how long one push may take, from its first byte until its objects are checked",
  },
  "git.fetchSecondsMax": {
    schema: Type.Integer({ minimum: 1, maximum: 86_400 }),
    fallback: gitLimits.uploadTimeoutMs / 1000,
    hint: "how long one fetch may take",
  },
  "git.concurrentPushesMax": {
    schema: Type.Integer({ minimum: 1, maximum: 1024 }),
    fallback: gitLimits.receiveConcurrencyMax,
    hint: "how many pushes are received at once; more wait their turn",
  },
  "git.concurrentFetchesMax": {
    schema: Type.Integer({ minimum: 1, maximum: 1024 }),
    fallback: gitLimits.uploadConcurrencyMax,
    hint: "how many fetches run git at once; more wait their turn",
  },
  "limits.accountRequestsPerHour": {
    schema: requestCount,
    fallback: requestLimits.accountRequestsPerHour,
    hint: "how many requests of GitHub's API an account may make in an hour",
  },
  "limits.addressRequestsPerHour": {
    schema: requestCount,
    fallback: requestLimits.addressRequestsPerHour,
    hint: "the same for callers without a credential, by their address; an IPv6 /64 is one address",
  },
  "limits.accountSearchesPerMinute": {
    schema: requestCount,
    fallback: requestLimits.accountSearchesPerMinute,
    hint: "how many searches an account may make in a minute",
  },
  "limits.addressSearchesPerMinute": {
    schema: requestCount,
    fallback: requestLimits.addressSearchesPerMinute,
    hint: "the same for callers without a credential",
  },
  "limits.webRequestsPerMinute": {
    schema: requestCount,
    fallback: requestLimits.webRequestsPerMinute,
    hint: "how many requests pages may make in a minute, for each account or address",
  },
  "limits.gitRequestsPerMinute": {
    schema: requestCount,
    fallback: requestLimits.gitRequestsPerMinute,
    hint: "how many requests git may make in a minute, for each account or address; a fetch or push makes two or three",
  },
  "limits.writesPerMinute": {
    schema: requestCount,
    fallback: requestLimits.writesPerMinute,
    hint: "how many requests that change something an account or address may make in a minute",
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** The key of a setting, as in a dotted path through the file. */
export type SettingKey = keyof typeof settings;

/** The environment variable of a setting: `http.publicUrl` is GUTS_HTTP_PUBLIC_URL. */
export function environmentNameOf(key: string): string {
  return `GUTS_${key
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .replaceAll(".", "_")
    .toUpperCase()}`;
}

/** Every setting in words: its key, variable, default and hint. */
export function describeSettings(): readonly string[] {
  return Object.entries(settings).flatMap(([key, { fallback, hint }]) => [
    key,
    `    ${environmentNameOf(key)}, default ${wordsOf(fallback)}`,
    `    ${hint}`,
  ]);
}

/** Whether a setting is a list; the environment gives one as words with commas between them. */
export function isListSetting({ fallback }: Setting): boolean {
  return Array.isArray(fallback);
}

function wordsOf(fallback: Setting["fallback"]): string {
  const words = Array.isArray(fallback) ? fallback.join(",") : String(fallback ?? "");
  return words === "" ? "none" : words;
}
