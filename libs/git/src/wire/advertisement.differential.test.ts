/** Our advertisements and ls-refs responses, byte for byte against those of the git on this machine. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseRefName, zeroObjectId, type ObjectFormat, type ObjectId, type RefName } from "@guts/primitives";
import { afterAll, describe, expect, it } from "vitest";
import { byteStringOf } from "./byte-string.ts";
import { joinBytes } from "./join-bytes.ts";
import type { LsRefsRequest } from "./ls-refs-request.ts";
import { encodeDelimiter, encodeFlush, encodePktLine } from "./pkt-line.ts";
import { defaultFetchFeatures, encodeCapabilityAdvertisement } from "./protocol-v2.ts";
import { RefAdvertisement, type AdvertisedHead, type AdvertisedRef } from "./ref-advertisement.ts";
import { advertiseReceivePack, advertiseUploadPack } from "./service-advertisement.ts";

const AGENT = "guts/1.0";
const root = mkdtempSync(join(tmpdir(), "guts-wire-"));
afterAll(() => rmSync(root, { recursive: true }));

interface RunOptions {
  readonly input?: Uint8Array;
  readonly protocol?: 0 | 1 | 2;
}

function git(args: readonly string[], { input, protocol = 0 }: RunOptions = {}): Buffer {
  const env = {
    PATH: process.env["PATH"],
    HOME: root,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_USER_AGENT: AGENT,
    GIT_AUTHOR_NAME: "A",
    GIT_AUTHOR_EMAIL: "a@example.org",
    GIT_COMMITTER_NAME: "A",
    GIT_COMMITTER_EMAIL: "a@example.org",
    ...(protocol === 0 ? {} : { GIT_PROTOCOL: `version=${protocol}` }),
  };
  return execFileSync("git", args, { env, input, stdio: ["pipe", "pipe", "pipe"] });
}

/** A bare repository that offers what Guts offers. */
function createRepository(name: string, format: ObjectFormat): string {
  const directory = join(root, name);
  git(["init", "--quiet", "--bare", `--object-format=${format}`, "--initial-branch=main", directory]);
  for (const key of ["uploadpack.allowFilter", "receive.advertisePushOptions", "receive.advertiseAtomic"])
    git(["-C", directory, "config", key, "true"]);
  return directory;
}

function commit(directory: string, message: string): string {
  const tree = git(["-C", directory, "mktree"], { input: new Uint8Array(0) })
    .toString()
    .trim();
  return git(["-C", directory, "commit-tree", "-m", message, tree]).toString().trim();
}

/** Branches, a lightweight tag, an annotated one, a tag of a tag, names beyond ASCII and beyond the BMP. */
function populate(directory: string): void {
  const [first, second] = [commit(directory, "one"), commit(directory, "two")];
  for (const name of [
    "heads/main",
    "heads/a",
    "heads/a-b",
    "heads/a/b2",
    "heads/\u{1f600}",
    "heads/\uffee",
    "pull/1/head",
  ])
    if (name !== "heads/a")
      git(["-C", directory, "update-ref", `refs/${name}`, name.length % 2 === 0 ? first : second]);
  git(["-C", directory, "tag", "light", first]);
  git(["-C", directory, "tag", "-a", "-m", "annotated", "v1.0", first]);
  git(["-C", directory, "tag", "-a", "-m", "nested", "v1.0-again", "v1.0"]);
  git(["-C", directory, "tag", "-a", "-m", "ünï", "größe", second]);
}

/** Reads a repository's refs with plumbing that shares no code with the advertisement. */
function readRefs(directory: string): AdvertisedRef[] {
  const format = "%(refname)%09%(objectname)%09%(objecttype)";
  const rows = git(["-C", directory, "for-each-ref", `--format=${format}`])
    .toString()
    .split("\n")
    .slice(0, -1);
  return rows.map((row) => {
    const [name, id, type] = row.split("\t");
    const peeled = git(["-C", directory, "rev-parse", `${id}^{}`])
      .toString()
      .trim();
    return {
      name: parseRefName(name!)!,
      id: id as ObjectId,
      peeled: type === "tag" ? (peeled as ObjectId) : undefined,
    };
  });
}

interface Scenario {
  readonly name: string;
  readonly format: ObjectFormat;
  readonly isPopulated: boolean;
  readonly head: "born" | "unborn" | "detached";
}

const scenarios: readonly Scenario[] = (["sha1", "sha256"] as const).flatMap((format) => [
  { name: `${format}-empty`, format, isPopulated: false, head: "unborn" },
  { name: `${format}-full`, format, isPopulated: true, head: "born" },
  { name: `${format}-unborn-head`, format, isPopulated: true, head: "unborn" },
  { name: `${format}-detached-head`, format, isPopulated: true, head: "detached" },
]);

const questions: readonly (readonly [string, LsRefsRequest])[] = [
  ["everything", { peel: true, symrefs: true, unborn: true, refPrefixes: [] }],
  ["names only", { peel: false, symrefs: false, unborn: false, refPrefixes: [] }],
  ["unborn without symrefs", { peel: true, symrefs: false, unborn: true, refPrefixes: [] }],
  ["what clone asks", ask("refs/heads/", "refs/tags/", "HEAD")],
  ["overlapping prefixes", ask("refs/tags/v", "refs/tags/v1.0", "refs/", "refs/heads/a")],
  ["what fetching a branch asks", ask("main", "refs/main", "refs/tags/main", "refs/heads/main", "refs/remotes/main")],
  ["prefixes that match nothing", ask("refs/nothing/", "zzz")],
  ["a prefix of HEAD", ask("H")],
  ["half a character", { ...ask(), refPrefixes: [byteStringOf("refs/heads/\u{1f600}").slice(0, -1) as never] }],
];

function ask(...prefixes: string[]): LsRefsRequest {
  return { peel: true, symrefs: true, unborn: true, refPrefixes: prefixes.map(byteStringOf) };
}

describe.each(scenarios)("$name", ({ name, format, isPopulated, head }) => {
  const directory = createRepository(name, format);
  if (isPopulated) populate(directory);
  if (isPopulated && head === "unborn") git(["-C", directory, "symbolic-ref", "HEAD", "refs/heads/nowhere"]);
  if (head === "detached") git(["-C", directory, "update-ref", "--no-deref", "HEAD", "refs/heads/a-b"]);
  const refs = readRefs(directory);
  const advertisement = new RefAdvertisement({
    objectFormat: format,
    head: readHead(directory, head),
    refs: refs.toReversed(),
  });

  it.each([0, 1] as const)("advertises upload-pack in version %d as git does", (version) => {
    const theirs = git(["upload-pack", "--http-backend-info-refs", directory], { protocol: version });
    const expected = theirs.includes("object-format=") ? theirs.toString("latin1") : noRefs(version, format);
    expect(advertise(version, true)).toBe(expected);
  });

  it.each([0, 1] as const)("is understood by git's client in version %d", (version) => {
    const file = join(root, `${name}-${version}`);
    writeFileSync(file, advertise(version, false), "latin1");
    const client = ["-c", `protocol.version=${version}`, "ls-remote", "--symref"];
    const theirs = git([...client, directory]).toString();
    expect(git([...client, `--upload-pack=cat '${file}'; cat >/dev/null; true`, directory]).toString()).toBe(theirs);
  });

  function advertise(version: 0 | 1, isStateless: boolean): string {
    return text(
      advertiseUploadPack(advertisement, { version, agent: AGENT, features: defaultFetchFeatures, isStateless }),
    );
  }

  it.each([0, 1] as const)("advertises receive-pack in version %d as git does", (version) => {
    const theirs = git(["receive-pack", "--http-backend-info-refs", directory], { protocol: version });
    expect(text(advertiseReceivePack(advertisement, { version, agent: AGENT }))).toBe(theirs.toString("latin1"));
  });

  it("advertises the capabilities of version 2 as git does, without object-info", () => {
    const theirs = git(["upload-pack", "--http-backend-info-refs", directory], { protocol: 2 }).toString("latin1");
    const ours = encodeCapabilityAdvertisement({ objectFormat: format, features: defaultFetchFeatures, agent: AGENT });
    expect(text([ours])).toBe(theirs.replace("0010object-info\n", ""));
  });

  it.each(questions)("answers ls-refs as git does: %s", (_, question) => {
    const theirs = git(["upload-pack", "--stateless-rpc", directory], { protocol: 2, input: encode(question, format) });
    expect(text(advertisement.lsRefs(question))).toBe(theirs.toString("latin1"));
  });
});

/** The production `no-refs` of gitprotocol-pack, which git's own upload-pack sends since 2.41. */
function noRefs(version: 0 | 1, format: ObjectFormat): string {
  const list =
    "multi_ack thin-pack side-band side-band-64k ofs-delta shallow deepen-since deepen-not deepen-relative " +
    `no-progress include-tag multi_ack_detailed no-done filter object-format=${format} agent=${AGENT}`;
  const line = encodePktLine(`${zeroObjectId(format)} capabilities^{}\0${list}\n`);
  return text([...(version === 1 ? [encodePktLine("version 1\n")] : []), line, encodeFlush()]);
}

function readHead(directory: string, head: Scenario["head"]): AdvertisedHead {
  if (head === "detached") return { id: git(["-C", directory, "rev-parse", "HEAD"]).toString().trim() as ObjectId };
  return { target: git(["-C", directory, "symbolic-ref", "HEAD"]).toString().trim() as RefName };
}

function encode(question: LsRefsRequest, format: ObjectFormat): Uint8Array {
  const flags = (["peel", "symrefs", "unborn"] as const).filter((flag) => question[flag]);
  const prefixes = question.refPrefixes.map((prefix) => Buffer.from(`ref-prefix ${prefix}\n`, "latin1"));
  return joinBytes([
    ...["command=ls-refs\n", `object-format=${format}`].map(encodePktLine),
    encodeDelimiter(),
    ...[...flags, ...prefixes].map(encodePktLine),
    encodeFlush(),
  ]);
}

function text(chunks: readonly Uint8Array[]): string {
  return Buffer.concat(chunks).toString("latin1");
}
