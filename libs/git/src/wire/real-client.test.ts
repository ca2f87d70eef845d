/** The stock git client clones, fetches and pushes through these codecs, in every protocol version it has. */
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { createGunzip } from "node:zlib";
import { parseRefName, type ObjectFormat, type ObjectId, type RefName } from "@guts/primitives";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refUpdateKind, type RefUpdate } from "../ref-update.ts";
import { byteStringOf } from "./byte-string.ts";
import { joinBytes } from "./join-bytes.ts";
import { PktLineReader } from "./pkt-line-reader.ts";
import {
  decodeProtocolV2Request,
  defaultFetchFeatures,
  encodeCapabilityAdvertisement,
  encodeFetchRequest,
} from "./protocol-v2.ts";
import { parseProtocolVersion, type ProtocolVersion } from "./protocol-version.ts";
import { readReceivePackRequest, type ReceivePackRequest } from "./receive-pack-request.ts";
import { RefAdvertisement } from "./ref-advertisement.ts";
import { encodePushResponse, type RefReport } from "./report-status.ts";
import { advertiseReceivePack, advertiseUploadPack, encodeServicePrelude } from "./service-advertisement.ts";
import { encodeProgress } from "./side-band.ts";
import { decodeUploadPackRequest, encodeUploadPackRequest } from "./upload-pack-request.ts";

const root = mkdtempSync(join(tmpdir(), "guts-client-"));
afterAll(() => rmSync(root, { recursive: true }));

const main = parseRefName("refs/heads/main")!;
const environment = {
  PATH: process.env["PATH"],
  HOME: root,
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.org",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.org",
};

function backend(args: readonly string[], input: Uint8Array, protocol: ProtocolVersion = 0): Buffer {
  const env = { ...environment, GIT_PROTOCOL: `version=${protocol}` };
  return execFileSync("git", args, { env, input, stdio: ["pipe", "pipe", "pipe"], maxBuffer: 1 << 26 });
}

/** A smart HTTP server of one repository in the fewest lines: objects in a bare repository, refs in memory. */
class TestServer {
  readonly directory: string;
  readonly format: ObjectFormat;
  readonly refs: RefAdvertisement;
  readonly pushes: ReceivePackRequest[] = [];
  /** Pushes of nothing: a client that asks whether it has to authenticate. */
  probeCount = 0;
  agent = "guts/1.0";
  readonly #server: Server;

  constructor(name: string, format: ObjectFormat) {
    this.directory = join(root, name);
    this.format = format;
    this.refs = new RefAdvertisement({ objectFormat: format, head: { target: main }, refs: [] });
    backend(
      ["init", "--quiet", "--bare", `--object-format=${format}`, "--initial-branch=main", this.directory],
      new Uint8Array(0),
    );
    backend(["-C", this.directory, "config", "uploadpack.allowFilter", "true"], new Uint8Array(0));
    this.#server = createServer((request, response) => {
      this.#answer(request).then(
        (body) => this.#send(response, body),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/repository.git`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #send(response: ServerResponse, { type, body }: { type: string; body: readonly Uint8Array[] }): void {
    response.writeHead(200, { "content-type": `application/x-${type}`, "cache-control": "no-cache" });
    response.end(joinBytes(body));
  }

  async #answer(request: IncomingMessage): Promise<{ type: string; body: readonly Uint8Array[] }> {
    const url = new URL(request.url ?? "", "http://x");
    const version = parseProtocolVersion(request.headers["git-protocol"] as string | undefined);
    const content = request.headers["content-encoding"] === "gzip" ? request.pipe(createGunzip()) : request;
    if (url.pathname.endsWith("/info/refs")) {
      const service = url.searchParams.get("service") as "git-upload-pack" | "git-receive-pack";
      return { type: `${service}-advertisement`, body: this.#advertise(service, version) };
    }
    if (url.pathname.endsWith("/git-upload-pack"))
      return { type: "git-upload-pack-result", body: this.#uploadPack(await buffer(content), version) };
    return { type: "git-receive-pack-result", body: await this.#receivePack(content) };
  }

  #advertise(service: "git-upload-pack" | "git-receive-pack", version: ProtocolVersion): readonly Uint8Array[] {
    const options = { agent: this.agent, features: defaultFetchFeatures, isStateless: true };
    if (service === "git-upload-pack" && version === 2)
      return [encodeCapabilityAdvertisement({ ...options, objectFormat: this.format })];
    const old = { ...options, version: version === 1 ? 1 : 0 } as const;
    const body =
      service === "git-upload-pack" ? advertiseUploadPack(this.refs, old) : advertiseReceivePack(this.refs, old);
    return [...encodeServicePrelude(service), ...body];
  }

  #uploadPack(body: Uint8Array, version: ProtocolVersion): readonly Uint8Array[] {
    const serve = (input: Uint8Array) => [backend(["upload-pack", "--stateless-rpc", this.directory], input, version)];
    if (version < 2) return serve(encodeUploadPackRequest(decodeUploadPackRequest(body, this.format)));
    const request = decodeProtocolV2Request(body, { objectFormat: this.format, features: defaultFetchFeatures });
    if (request.command === "none") return [];
    return request.command === "ls-refs"
      ? this.refs.lsRefs(request.lsRefs)
      : serve(encodeFetchRequest(request.fetch, this.format));
  }

  async #receivePack(content: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
    const reader = new PktLineReader(content);
    const push = await readReceivePackRequest(reader, this.format, new AbortController().signal);
    if (push.updates.length + push.refused.length === 0) {
      this.probeCount++;
      return [];
    }
    this.pushes.push(push);
    const pack = await buffer(reader.rest());
    if (push.hasPack) backend(["-C", this.directory, "index-pack", "--stdin", "--fix-thin", "--strict"], pack);
    const refs = [
      ...push.refused.map(({ name, reason }): RefReport => ({ status: "ng", name, reason })),
      ...push.updates.map((update) => this.#apply(update)),
    ];
    const progress =
      push.features.sideBand === undefined ? [] : [encodeProgress("hello\u001b[31m\n", push.features.sideBand)];
    return [...progress, encodePushResponse({ unpackError: undefined, refs }, push.features)];
  }

  #apply(update: RefUpdate): RefReport {
    const name = byteStringOf(update.name);
    const nothing = new Uint8Array(0);
    if (update.name.startsWith("refs/heads/protected")) return { status: "ng", name, reason: "protected branch" };
    backend(["-C", this.directory, "update-ref", update.name, update.newId, update.oldId], nothing);
    if (refUpdateKind(update) === "delete") this.refs.delete(update.name);
    else {
      const peeled = backend(["-C", this.directory, "rev-parse", `${update.newId}^{}`], nothing)
        .toString()
        .trim() as ObjectId;
      this.refs.set({ name: update.name, id: update.newId, peeled: peeled === update.newId ? undefined : peeled });
    }
    return { status: "ok", name };
  }
}

const run = promisify(execFile);

async function git(directory: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await run("git", ["-C", directory, ...args], { env: environment });
  return stdout + stderr;
}

async function failure(running: Promise<string>): Promise<string> {
  return running.then(
    () => "succeeded",
    (error: { stderr: string }) => error.stderr,
  );
}

async function commitFile(directory: string, name: string, content: string): Promise<void> {
  writeFileSync(join(directory, name), content);
  await git(directory, "add", name);
  await git(directory, "commit", "-qm", `add ${name}`);
}

describe.each(["sha1", "sha256"] as const)("git's client and a %s repository", (format) => {
  const server = new TestServer(`${format}.git`, format);
  const work = join(root, `${format}-work`);
  let url = "";

  beforeAll(async () => {
    url = await server.listen();
    await git(root, "init", "-q", `--object-format=${format}`, "--initial-branch=main", work);
    await git(work, "remote", "add", "origin", url);
    for (const name of ["one", "two", "three"]) await commitFile(work, name, name.repeat(100));
    await git(work, "tag", "-a", "-m", "annotated", "v1");
  });
  afterAll(() => server.close());

  it("clones the empty repository, and learns the unborn branch in version 2", async () => {
    const target = join(root, `${format}-empty`);
    await git(root, "-c", "init.defaultBranch=other", "clone", "-q", url, target);
    expect((await git(target, "symbolic-ref", "HEAD")).trim()).toBe(main);
  });

  it("pushes branches and tags, and shows progress without escapes", async () => {
    const output = await git(work, "push", "origin", "main", "v1");
    expect(output).toContain("remote: hello[31m");
    expect(server.pushes.at(-1)).toMatchObject({
      updates: [{ name: main }, { name: "refs/tags/v1" }],
      features: { reportVersion: 2, sideBand: "side-band-64k", isAtomic: false },
    });
  });

  it("pushes atomically and with options", async () => {
    await git(
      work,
      "push",
      "--atomic",
      "-o",
      "ci.skip",
      "-o",
      "topic=größe",
      "origin",
      "main:refs/heads/a",
      "main:refs/heads/b",
    );
    expect(server.pushes.at(-1)).toMatchObject({
      features: { isAtomic: true, hasPushOptions: true },
      pushOptions: ["ci.skip", byteStringOf("topic=größe")],
    });
  });

  it("shows the reason for a refused ref beside one that moved", async () => {
    await commitFile(work, "four", "4");
    const output = await failure(git(work, "push", "origin", "main", "main:refs/heads/protected"));
    expect(output).toContain("! [remote rejected] main -> protected (protected branch)");
    expect(server.refs.get(main)).toBe((await git(work, "rev-parse", "main")).trim());
  });

  it("deletes without a pack", async () => {
    await git(work, "push", "origin", ":refs/heads/a", ":refs/heads/b");
    expect(server.pushes.at(-1)?.hasPack).toBe(false);
    expect(server.refs.get("refs/heads/a" as RefName)).toBeUndefined();
  });

  it("asks with a bare flush before it streams a large push", async () => {
    await commitFile(work, "large", Array.from({ length: 40_000 }, (_, index) => (index * 7919) % 65_537).join(" "));
    await git(work, "-c", "http.postBuffer=65536", "push", "origin", "main");
    expect(server.probeCount).toBe(1);
    expect(server.refs.get(main)).toBe((await git(work, "rev-parse", "main")).trim());
  });

  it.each([0, 1, 2])("clones, shallowly too, deepens, filters and fetches in version %d", async (version) => {
    const client = ["-c", `protocol.version=${version}`];
    const head = (await git(work, "rev-parse", "main")).trim();
    const targets = ["full", "shallow", "partial"].map((kind) => join(root, `${format}-${kind}-${version}`));
    const [full, shallow, partial] = targets as [string, string, string];
    await git(root, ...client, "clone", "-q", url, full);
    expect((await git(full, "rev-parse", "HEAD", "v1^{}")).split("\n")[0]).toBe(head);
    await git(root, ...client, "clone", "-q", "--depth=1", url, shallow);
    expect((await git(shallow, "rev-list", "--count", "HEAD")).trim()).toBe("1");
    await git(shallow, ...client, "fetch", "-q", "--deepen=1");
    expect((await git(shallow, "rev-list", "--count", "HEAD")).trim()).toBe("2");
    await git(shallow, ...client, "fetch", "-q", "--unshallow");
    expect(await git(shallow, "rev-list", "--count", "HEAD")).toBe(await git(work, "rev-list", "--count", "main"));
    await git(root, ...client, "clone", "-q", "--filter=blob:none", "--no-checkout", url, partial);
    expect(await git(partial, "rev-list", "--objects", "--missing=print", "HEAD")).toContain("\n?");
    await commitFile(work, `more-${version}`, "more");
    await git(work, "push", "-q", "origin", "main");
    await git(full, ...client, "fetch", "-q");
    expect(await git(full, "rev-parse", "origin/main")).toBe(await git(work, "rev-parse", "main"));
    await git(full, "fsck", "--strict");
  });

  it("pushes from a shallow clone and names its boundary", async () => {
    const shallow = join(root, `${format}-shallow-push`);
    await git(root, "clone", "-q", "--depth=1", url, shallow);
    await commitFile(shallow, "from-shallow", "x");
    await git(shallow, "push", "-q", "origin", "main:refs/heads/from-shallow");
    expect(server.pushes.at(-1)?.shallows).toHaveLength(1);
  });

  it("signs a push when the capability is offered, and its certificate is read", async () => {
    const key = join(root, `${format}-key`);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    server.agent = "guts/1.0 push-cert=nonce-1";
    const signing = ["-c", "gpg.format=ssh", "-c", `user.signingKey=${key}`];
    await git(work, ...signing, "push", "--signed", "-o", "a", "origin", "main:refs/heads/signed");
    const push = server.pushes.at(-1)!;
    expect(push.updates.map((update) => update.name)).toEqual(["refs/heads/signed"]);
    expect(push.certificate).toMatchObject({ nonce: "nonce-1", pushee: `${url}/`, pushOptions: ["a"] });
    const files = ["signature", "allowed"].map((name) => join(root, `${format}-${name}`)) as [string, string];
    writeFileSync(files[0], push.certificate!.signature);
    const verify = ["-Y", "check-novalidate", "-n", "git", "-s", files[0]];
    expect(execFileSync("ssh-keygen", verify, { input: push.certificate!.signedText }).toString()).toContain("Good");
  });
});
