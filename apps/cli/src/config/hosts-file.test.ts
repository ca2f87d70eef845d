import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseHost } from "./host-name.ts";
import { decodeHosts, hostsPath, readHosts, withHost, withoutHost, writeHosts } from "./hosts-file.ts";

const alice = { login: "alice", token: "guts_a" };
const a = parseHost("https://a.example");
const b = parseHost("http://localhost:3000");
let directory: string;

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), "guts-hosts-")), "config");
});
afterEach(async () => await rm(join(directory, ".."), { recursive: true, force: true }));

test("reads an absent file as nobody signed in", async () => {
  expect((await readHosts(directory)).entries.size).toBe(0);
});

test("reads back what it wrote", async () => {
  const hosts = withHost(withHost(await readHosts(directory), a, alice), b, { login: "bob", token: "guts_b" });
  await writeHosts(directory, hosts);
  expect(await readHosts(directory)).toEqual(hosts);
});

test("lets nobody but the owner read the file or enter its directory, and leaves no temporary file", async () => {
  await writeHosts(directory, withHost(await readHosts(directory), a, alice));
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect((await stat(hostsPath(directory))).mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toEqual(["hosts.json"]);
});

test("makes the newest node the default, and another one when that is removed", async () => {
  const both = withHost(withHost(await readHosts(directory), a, alice), b, alice);
  expect(both.defaultHost).toBe(b);
  expect(withoutHost(both, b).defaultHost).toBe(a);
  expect(withoutHost(both, a).defaultHost).toBe(b);
  expect(withoutHost(withoutHost(both, a), b).defaultHost).toBeUndefined();
});

test.each([
  "",
  "[]",
  "{}",
  '{"version":2,"defaultHost":null,"hosts":{}}',
  '{"version":1,"defaultHost":null,"hosts":[]}',
  '{"version":1,"defaultHost":null,"hosts":{"a.example":{"login":"x","token":"y"}}}',
  '{"version":1,"defaultHost":null,"hosts":{"https://a.example":{"login":"x"}}}',
  '{"version":1,"defaultHost":null,"hosts":{"https://a.example":{"login":"x\\nhost=b","token":"y"}}}',
])("does not take %s for a hosts file", (text) => {
  expect(decodeHosts(text)).toBeUndefined();
});

test("fails with a file error, and keeps the file, when it does not understand it", async () => {
  await writeHosts(directory, await readHosts(directory));
  await writeFile(hostsPath(directory), "not json");
  await expect(readHosts(directory)).rejects.toMatchObject({ code: "file" });
});
