import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseHost } from "../config/host-name.ts";
import { withHost, writeHosts } from "../config/hosts-file.ts";
import { createTestMachine, type TestMachine } from "../testing/test-platform.ts";
import { parseRequest } from "./credential.ts";

const main = join(import.meta.dirname, "../main.ts");
let machine: TestMachine;

beforeEach(async () => {
  machine = await createTestMachine([process.execPath, main]);
  const none = { defaultHost: undefined, entries: new Map() };
  const hosts = withHost(none, parseHost("http://127.0.0.1:3000"), { login: "alice", token: "guts_secret" });
  await writeHosts(machine.configDirectory, hosts);
});
afterEach(async () => await machine[Symbol.asyncDispose]());

const get = async (stdin: string, environment?: Record<string, string>) =>
  await machine.run(["credential", "get"], { stdin, ...(environment === undefined ? {} : { environment }) });

test("answers with login and token for a node where the person is signed in", async () => {
  const { exitCode, stdout } = await get("protocol=http\nhost=127.0.0.1:3000\npath=a/b.git\n\n");
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "username=alice\npassword=guts_secret\n" });
});

test.each([
  ["another host", "protocol=http\nhost=evil.example\n\n"],
  ["another port", "protocol=http\nhost=127.0.0.1:3001\n\n"],
  ["another scheme", "protocol=https\nhost=127.0.0.1:3000\n\n"],
  ["a host that only begins alike", "protocol=http\nhost=127.0.0.1:3000.evil.example\n\n"],
  ["a host with a user before it", "protocol=http\nhost=127.0.0.1:3000@evil.example\n\n"],
  ["another account", "protocol=http\nhost=127.0.0.1:3000\nusername=bob\n\n"],
  ["ssh", "protocol=ssh\nhost=127.0.0.1:3000\n\n"],
  ["no host", "protocol=http\n\n"],
  ["nothing", ""],
])("stays silent for %s", async (_, stdin) => {
  expect(await get(stdin)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
});

test("gives GUTS_TOKEN to the node of GUTS_HOST and to no other", async () => {
  const environment = { GUTS_HOST: "https://forge.example", GUTS_TOKEN: "guts_env" };
  expect((await get("protocol=https\nhost=forge.example\n\n", environment)).stdout).toContain("password=guts_env");
  expect((await get("protocol=http\nhost=127.0.0.1:3000\n\n", environment)).stdout).toContain("password=guts_secret");
  expect((await get("protocol=https\nhost=other.example\n\n", environment)).stdout).toBe("");
});

test("gives GUTS_TOKEN without GUTS_HOST to the default node alone", async () => {
  const environment = { GUTS_TOKEN: "guts_env" };
  expect((await get("protocol=http\nhost=127.0.0.1:3000\n\n", environment)).stdout).toContain("password=guts_env");
  expect((await get("protocol=https\nhost=other.example\n\n", environment)).stdout).toBe("");
});

test("refuses a GUTS_TOKEN that would begin another field of the protocol", async () => {
  const environment = { GUTS_TOKEN: "guts_env\nhost=evil.example" };
  const { exitCode, stdout } = await get("protocol=http\nhost=127.0.0.1:3000\n\n", environment);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
});

test("stores and drops nothing, but says what to do when the stored token was refused", async () => {
  const credential = "protocol=http\nhost=127.0.0.1:3000\nusername=alice\npassword=";
  expect(await machine.run(["credential", "store"], { stdin: `${credential}other\n\n` })).toMatchObject({
    exitCode: 0,
  });
  expect((await machine.run(["credential", "erase"], { stdin: `${credential}other\n\n` })).stderr).toBe("");
  const erased = await machine.run(["credential", "erase"], { stdin: `${credential}guts_secret\n\n` });
  expect(erased.stderr).toContain("guts auth login --host http://127.0.0.1:3000");
  expect((await get("protocol=http\nhost=127.0.0.1:3000\n\n")).stdout).toContain("guts_secret");
});

test("reads a request up to its empty line and takes the last of a repeated key", () => {
  expect([...parseRequest("host=a\nhost=b\nnonsense\npath=x=y\r\n\nhost=c")]).toEqual([
    ["host", "b"],
    ["path", "x=y"],
  ]);
});

test("serves real git after setup-git, for that node only, and once however often it is set up", async () => {
  for (let times = 0; times < 2; times++) expect((await machine.run(["auth", "setup-git"])).exitCode).toBe(0);
  const git = (input: string, ...argv: string[]) =>
    execFileSync("git", argv, { input, cwd: machine.home, env: machine.environment, encoding: "utf8", stdio: "pipe" });
  expect(git("protocol=http\nhost=127.0.0.1:3000\n\n", "credential", "fill")).toContain("password=guts_secret");
  expect(() => git("protocol=http\nhost=127.0.0.1:3001\n\n", "credential", "fill")).toThrow();
  const helpers = git("", "config", "--global", "--get-all", "credential.http://127.0.0.1:3000.helper").split("\n");
  expect(helpers).toHaveLength(3);
});

test("logout takes the helper out of git's configuration again and leaves others alone", async () => {
  const git = (...argv: string[]) =>
    execFileSync("git", argv, { cwd: machine.home, env: machine.environment, encoding: "utf8" });
  git("config", "--global", "credential.https://other.example.helper", "!other credential");
  await machine.run(["auth", "setup-git"]);
  expect((await machine.run(["auth", "logout", "--keep-token"])).exitCode).toBe(0);
  expect(git("config", "--global", "--list")).toBe("credential.https://other.example.helper=!other credential\n");
  expect((await machine.run(["auth", "status"])).exitCode).toBe(4);
});
