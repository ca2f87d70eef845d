/** Where the time of a process went, from the files that `node --cpu-prof` writes. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The profile of one thread, or of several together. */
export interface ThreadProfile {
  /** Milliseconds that the thread worked: all samples but the idle ones. */
  readonly busyMs: number;
  /** Functions with their own time in milliseconds, the most expensive first. */
  readonly functions: readonly FunctionTime[];
  /** Whether the thread ran this source file. */
  ran(file: string): boolean;
}

/** The time spent in one function itself. */
export interface FunctionTime {
  readonly name: string;
  /** File and line; empty for what the runtime does by itself. */
  readonly place: string;
  readonly selfMs: number;
}

/** A span of the machine's monotonic clock, in milliseconds. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

interface ProfileFile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  /** Microseconds of the machine's monotonic clock; the deltas count from there. */
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** What the threads did in a span, from all profiles in a folder. */
export function readProfiles(folder: string, span: Span): readonly ThreadProfile[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".cpuprofile"));
  return files.map((file) => readProfile(join(folder, file), span));
}

/** Several threads as one. */
export function mergeProfiles(profiles: readonly ThreadProfile[]): ThreadProfile {
  const functions = sumBy(
    profiles.flatMap(({ functions }) => functions),
    ({ name, place }) => `${name} ${place}`,
  );
  const busyMs = profiles.reduce((sum, profile) => sum + profile.busyMs, 0);
  return { functions, busyMs, ran: (file) => profiles.some((profile) => profile.ran(file)) };
}

/** The most expensive functions as lines of text, with their share of the busy time. */
export function topFunctions({ functions, busyMs }: ThreadProfile, count: number): readonly string[] {
  return functions.slice(0, count).map(({ name, place, selfMs }) => line(selfMs / busyMs, `${name}  ${place}`));
}

/** The same by library, package or built-in module. */
export function topPackages({ functions, busyMs }: ThreadProfile, count: number): readonly string[] {
  const packages = sumBy(functions, packageOf);
  return packages.slice(0, count).map((entry) => line(entry.selfMs / busyMs, packageOf(entry)));
}

function readProfile(file: string, { fromMs, toMs }: Span): ThreadProfile {
  const { nodes, samples, timeDeltas, startTime } = JSON.parse(readFileSync(file, "utf8")) as ProfileFile;
  const frameById = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times: FunctionTime[] = [];
  let atUs = startTime;
  for (const [index, id] of samples.entries()) {
    const deltaUs = timeDeltas[index]!;
    atUs += deltaUs;
    const { functionName, url, lineNumber } = frameById.get(id)!;
    if (functionName === "(idle)" || atUs < fromMs * 1_000 || atUs > toMs * 1_000) continue;
    const place = url === "" ? "" : `${shortName(url)}:${lineNumber + 1}`;
    times.push({ name: functionName || "(anonymous)", place, selfMs: deltaUs / 1_000 });
  }
  const functions = sumBy(times, ({ name, place }) => `${name} ${place}`);
  const urls = [...new Set(nodes.map(({ callFrame }) => callFrame.url))];
  const busyMs = times.reduce((sum, { selfMs }) => sum + selfMs, 0);
  return { functions, busyMs, ran: (source) => urls.some((url) => url.endsWith(source)) };
}

/** Entries of the same key as one, the largest first. */
function sumBy(times: readonly FunctionTime[], keyOf: (time: FunctionTime) => string): readonly FunctionTime[] {
  const sums = new Map<string, FunctionTime>();
  for (const time of times) {
    const key = keyOf(time);
    sums.set(key, { ...time, selfMs: time.selfMs + (sums.get(key)?.selfMs ?? 0) });
  }
  return [...sums.values()].sort((left, right) => right.selfMs - left.selfMs);
}

function line(share: number, text: string): string {
  return `${(100 * share).toFixed(1).padStart(5)} %  ${text}`;
}

function packageOf({ name, place }: FunctionTime): string {
  if (place === "") return name;
  if (place.startsWith("node:") || place.startsWith("wasm:")) return place.replace(/:\d+$/, "");
  return place.split("/", /^(@|libs|apps|bench|e2e)/.test(place) ? 2 : 1).join("/");
}

/** A module's path from the library on. */
function shortName(url: string): string {
  const path = url.replace(/^file:\/\//, "");
  const inModules = path.lastIndexOf("/node_modules/");
  if (inModules >= 0) return path.slice(inModules + "/node_modules/".length);
  return path.replace(/^.*\/(?=(libs|apps|bench|e2e)\/)/, "");
}
