/**
 * The one place that reads the environment and the configuration file.
 *
 * The file is `config.json` in the data directory: JSON, because Node.js reads it without a dependency, the schema's paths are
 * its paths, and `guts node init` writes it (docs/adr/0005-configuration.md). A variable of the environment overrides the file.
 * All problems are reported at once.
 */
import { existsSync, readFileSync } from "node:fs";
import { isIPv4, isIPv6 } from "node:net";
import { join } from "node:path";

import type { RequestLimits } from "@guts/server/limits";
import type { Static } from "typebox";
import { Errors } from "typebox/value";

import { NodeError } from "../node-error.ts";
import { environmentNameOf, isListSetting, settings, type Setting, type SettingKey } from "./settings.ts";

/** A checked configuration. */
export interface NodeConfig {
  readonly name: string;
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** How people reach the node; without a slash at the end. */
    readonly publicUrl: string;
    readonly isBehindProxy: boolean;
  };
  /** Where other nodes reach this one, and whom it connects to. */
  readonly p2p: {
    readonly host: string;
    readonly port: number;
    /** Multiaddrs that others dial, without a peer id; empty when nothing says what is reachable. */
    readonly announce: readonly string[];
    /** Multiaddrs that end in `/p2p/PEERID`. */
    readonly peers: readonly string[];
  };
  /** Where other nodes fetch packs. */
  readonly packs: {
    readonly host: string;
    readonly port: number;
    /** `HOST:PORT` as other nodes dial it. */
    readonly announce: string;
  };
  /** Where git is served over SSH. */
  readonly ssh: {
    readonly isOpen: boolean;
    readonly host: string;
    readonly port: number;
    /** How people reach it. */
    readonly address: { readonly host: string; readonly port: number };
  };
  /** Whether other machines may read `/metrics`. */
  readonly areMetricsOpen: boolean;
  /** Undefined means the embedded database. */
  readonly databaseUrl: string | undefined;
  readonly logLevel: "error" | "warn" | "info" | "debug" | "silent";
  /** How many requests callers may make. */
  readonly limits: RequestLimits;
  readonly git: {
    readonly binary: string;
    readonly spawnerCount: number;
    readonly packsBeforeRepack: number;
    readonly packBytesMax: number;
    readonly inflatedBytesMax: number;
    readonly objectCountMax: number;
    readonly pushSecondsMax: number;
    readonly fetchSecondsMax: number;
    readonly concurrentPushesMax: number;
    readonly concurrentFetchesMax: number;
  };
}

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  readonly key: string;
  /** Where the value came from: the file's name, or an environment variable. */
  readonly source: string;
  readonly problem: string;
  readonly hint: string;
}

/** Name of the configuration file in a data directory. */
export const configFileName = "config.json";

type Environment = Readonly<Record<string, string | undefined>>;
type Outcome = { readonly config: NodeConfig } | { readonly problems: readonly ConfigProblem[] };

/** Reads and checks the configuration of a data directory, or throws `config-invalid` with every problem in its message. */
export function readConfig(dataDirectory: string, environment: Environment = process.env): NodeConfig {
  const file = join(dataDirectory, configFileName);
  const outcome = parseConfig(existsSync(file) ? readFileSync(file, "utf8") : "{}", environment);
  if ("config" in outcome) return outcome.config;
  const lines = outcome.problems.map(
    ({ key, source, problem, hint }) => `  ${key} (${source}): ${problem}${hint === "" ? "" : `. It is ${hint}`}.`,
  );
  throw new NodeError("config-invalid", [`The configuration in ${file} needs attention:`, ...lines].join("\n"));
}

/** Checks the text of a configuration file together with an environment. */
export function parseConfig(text: string, environment: Environment): Outcome {
  const problems: ConfigProblem[] = [];
  const given = readFileValues(text, problems);
  for (const [key, setting] of Object.entries(settings)) {
    const name = environmentNameOf(key);
    const value = environment[name] ?? (key === "database.url" ? environment["DATABASE_URL"] : undefined);
    if (value === undefined || value === "") continue;
    given.set(key, { source: name, value: isListSetting(setting) ? value.split(",") : parseWord(value) });
  }
  const values = new Map<string, unknown>();
  for (const [key, setting] of Object.entries(settings) as [SettingKey, Setting][]) {
    const found = given.get(key);
    values.set(key, found?.value ?? setting.fallback);
    if (found !== undefined) problems.push(...problemsOf(key, setting, found));
  }
  return problems.length > 0 ? { problems } : { config: toConfig(values) };
}

interface Given {
  readonly source: string;
  readonly value: unknown;
}

function readFileValues(text: string, problems: ConfigProblem[]): Map<string, Given> {
  const given = new Map<string, Given>();
  const refuse = (key: string, problem: string, hint = "") =>
    problems.push({ key, source: configFileName, problem, hint });
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch (error) {
    refuse("(whole file)", `is not JSON: ${(error as Error).message}`);
    return given;
  }
  if (!isRecord(whole)) {
    refuse("(whole file)", "must be a JSON object");
    return given;
  }
  for (const [key, value] of flatten(whole)) {
    if (Object.hasOwn(settings, key)) given.set(key, { source: configFileName, value });
    else refuse(key, "is not a setting", suggestionFor(key));
  }
  return given;
}

function* flatten(record: Readonly<Record<string, unknown>>, prefix = ""): Iterable<readonly [string, unknown]> {
  for (const [name, value] of Object.entries(record)) {
    if (isRecord(value)) yield* flatten(value, `${prefix}${name}.`);
    else yield [prefix + name, value];
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whole numbers and truth values are written as such in the environment; everything else is text. */
function parseWord(text: string): unknown {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  return text === "true" ? true : text === "false" ? false : text;
}

function problemsOf(key: string, setting: Setting, { source, value }: Given): readonly ConfigProblem[] {
  const [first] = Errors(setting.schema, value);
  if (first === undefined) return [];
  const wrong = Array.isArray(value) ? value[Number(/^\/(\d+)$/.exec(first.instancePath)?.[1])] : undefined;
  const shown = setting.isSecret === true ? "the given value" : JSON.stringify(wrong ?? value);
  return [{ key, source, problem: `${shown} ${first.message}`, hint: setting.hint }];
}

function suggestionFor(key: string): string {
  const last = key.slice(key.lastIndexOf(".") + 1).toLowerCase();
  const near = Object.keys(settings).find((known) => known.toLowerCase().endsWith(last));
  return near === undefined ? "" : `perhaps ${near}, ${settings[near as SettingKey].hint}`;
}

type SettingValue<Key extends SettingKey> =
  | Static<(typeof settings)[Key]["schema"]>
  | Extract<(typeof settings)[Key]["fallback"], undefined>;
type ValueOf = <Key extends SettingKey>(key: Key) => SettingValue<Key>;

function toConfig(values: ReadonlyMap<string, unknown>): NodeConfig {
  const value: ValueOf = <Key extends SettingKey>(key: Key) => values.get(key) as SettingValue<Key>;
  const host = value("http.host");
  const port = value("http.port");
  return {
    ...toPeerConfig(value),
    ssh: toSshConfig(value),
    name: value("name"),
    http: {
      host,
      port,
      publicUrl: value("http.publicUrl") ?? `http://${hostAndPort(host, port)}`,
      isBehindProxy: value("http.isBehindProxy"),
    },
    areMetricsOpen: value("metrics.areOpen"),
    databaseUrl: value("database.url")?.replaceAll("{name}", value("name")),
    logLevel: value("log.level"),
    limits: {
      accountRequestsPerHour: value("limits.accountRequestsPerHour"),
      addressRequestsPerHour: value("limits.addressRequestsPerHour"),
      accountSearchesPerMinute: value("limits.accountSearchesPerMinute"),
      addressSearchesPerMinute: value("limits.addressSearchesPerMinute"),
      webRequestsPerMinute: value("limits.webRequestsPerMinute"),
      gitRequestsPerMinute: value("limits.gitRequestsPerMinute"),
      writesPerMinute: value("limits.writesPerMinute"),
    },
    git: {
      binary: value("git.binary"),
      spawnerCount: value("git.spawnerCount"),
      packsBeforeRepack: value("git.packsBeforeRepack"),
      packBytesMax: value("git.packBytesMax"),
      inflatedBytesMax: value("git.inflatedBytesMax"),
      objectCountMax: value("git.objectCountMax"),
      pushSecondsMax: value("git.pushSecondsMax"),
      fetchSecondsMax: value("git.fetchSecondsMax"),
      concurrentPushesMax: value("git.concurrentPushesMax"),
      concurrentFetchesMax: value("git.concurrentFetchesMax"),
    },
  };
}

/** The doors for other nodes. Their ports follow http.port, so that the nodes of one machine need one number each. */
function toPeerConfig(value: ValueOf): Pick<NodeConfig, "p2p" | "packs"> {
  const listen = {
    host: value("p2p.host") ?? value("http.host"),
    port: value("p2p.port") ?? near(value("http.port"), 3),
  };
  const packs = { host: value("packs.host") ?? listen.host, port: value("packs.port") ?? near(value("http.port"), 4) };
  const publicHost = value("http.publicUrl") === undefined ? undefined : new URL(value("http.publicUrl")!).hostname;
  const announced = value("p2p.announce");
  const reachable = reachableHost(listen.host, publicHost);
  return {
    p2p: {
      ...listen,
      announce: announced.length > 0 || reachable === undefined ? announced : [multiaddrOf(reachable, listen.port)],
      peers: value("p2p.peers"),
    },
    packs: {
      ...packs,
      announce: value("packs.announce") ?? hostAndPort(reachableHost(packs.host, publicHost) ?? packs.host, packs.port),
    },
  };
}

function toSshConfig(value: ValueOf): NodeConfig["ssh"] {
  const host = value("ssh.host") ?? value("http.host");
  const port = value("ssh.port") ?? near(value("http.port"), 2);
  const announced = value("ssh.announce");
  const publicHost = value("http.publicUrl") === undefined ? undefined : new URL(value("http.publicUrl")!).hostname;
  const colon = announced?.lastIndexOf(":") ?? -1;
  const address =
    announced === undefined
      ? { host: publicHost?.replace(/^\[|\]$/g, "") ?? host, port }
      : { host: announced.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(announced.slice(colon + 1)) };
  return { isOpen: value("ssh.isOpen"), host, port, address };
}

/** What others can dial of a host that is listened on: all of a machine's addresses are known by its public name only. */
function reachableHost(host: string, publicHost: string | undefined): string | undefined {
  return host === "0.0.0.0" || host === "::" ? publicHost?.replace(/^\[|\]$/g, "") : host;
}

function multiaddrOf(host: string, port: number): string {
  const protocol = isIPv4(host) ? "ip4" : isIPv6(host) ? "ip6" : "dns";
  return `/${protocol}/${host}/tcp/${port}`;
}

/** The port `distance` above, or below where there are no higher ones. */
function near(port: number, distance: number): number {
  return port + distance <= 65_535 ? port + distance : port - distance;
}

function hostAndPort(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
